"""Places for one visit: the next free ones, those nearest to one that is taken, and those for somebody who is here."""

from collections.abc import Iterable
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from intake.models import Patient
from planning import scheduling
from planning.availability import day_start, local_day_at, to_date, to_local_day
from planning.models import Appointment, PlannedSession
from planning.openings import earliest_start, openings, treatment_days
from planning.places import ChosenPlace
from smpclinic.models import ClinicProfile, User

MOST_OFFERED = 3
NEAR_DAYS, PLACES_HORIZON_DAYS = 7, 60
STEP_NOW_MIN = 5


def next_places(
    *,
    minutes: int,
    patient: Patient | None = None,
    users: Iterable[User] | None = None,
    near_min: int | None = None,
    besides: Appointment | None = None,
    planned_session: PlannedSession | None = None,
    only_qualified: bool = False,
    apart_min: int | None = None,
    limit: int = MOST_OFFERED,
) -> tuple[scheduling.Place, ...]:
    """The next free places for one visit of ``minutes``, or those nearest to ``near_min`` (UTC minutes).

    ``planned_session``: a treatment session or touch-up, which keeps its distance from the patient's others, lies
    between its neighbours of the plan, and wants a qualification. ``besides``: the visit that is to be moved there.
    ``apart_min``: how far two offered starts are apart at least, as for ``free_places``.
    The days near by are looked at first: most often they hold enough, and nothing farther can be nearer.
    """
    clinic = ClinicProfile.current()
    planned = planned_session or (besides.planned_session if besides else None)
    rules = {
        "duration_min": minutes,
        "zone": clinic.zone,
        "near_min": near_min,
        "apart_min": apart_min,
        "existing_days": _days_to_keep_from(patient, besides) if planned else (),
        "gap_days": clinic.gap_days,
        "limit": limit,
        **(_between_neighbours(planned, besides) if planned else {}),
    }
    asked = {
        "patient": patient,
        "users": users,
        "besides": [besides] if besides else [],
        "only_qualified": only_qualified or planned is not None,
    }
    found: tuple[scheduling.Place, ...] = ()
    for reach_days in (NEAR_DAYS, PLACES_HORIZON_DAYS):
        first, last = _window(near_min, clinic.zone, reach_days)
        free = openings(first, last, **asked)
        found = scheduling.free_places(
            practitioners=free.practitioners,
            rooms=free.rooms,
            patient_busy=free.patient_busy,
            earliest_min=max(earliest_start(), day_start(to_local_day(first), clinic.zone)),
            horizon_days=(last - first).days + 1,
            **rules,
        )
        if len(found) >= limit:
            break
    return found


def _window(near_min: int | None, zone: ZoneInfo, reach_days: int) -> tuple[date, date]:
    """The local dates to look at: from today on, or around the day that was asked for."""
    today, reach = timezone.localdate(timezone=zone), timedelta(days=reach_days)
    if near_min is None:
        return today, today + reach
    near = to_date(local_day_at(near_min, zone))
    return max(today, near - reach), max(today, near) + reach


def places_now(
    *, minutes: int, patient: Patient, planned_session: PlannedSession | None = None, only_qualified: bool = False
) -> list[scheduling.Place]:
    """For somebody who is here: with each practitioner the first start that is left today, the soonest first."""
    clinic = ClinicProfile.current()
    today = timezone.localdate(timezone=clinic.zone)
    is_session = planned_session is not None
    free = openings(today, today, patient=patient, only_qualified=only_qualified or is_session)
    found = [
        scheduling.free_places(
            duration_min=minutes,
            practitioners=[who],
            rooms=free.rooms,
            zone=clinic.zone,
            earliest_min=int(timezone.now().timestamp()) // 60,
            horizon_days=1,
            patient_busy=free.patient_busy,
            existing_days=treatment_days(patient) if is_session else (),
            gap_days=clinic.gap_days,
            step_min=STEP_NOW_MIN,
            limit=1,
            **(_between_neighbours(planned_session, None) if planned_session else {}),
        )
        for who in free.practitioners
    ]
    return sorted(place for places in found for place in places)[:MOST_OFFERED]


def places_instead(
    taken: ChosenPlace, *, minutes: int, planned_session: PlannedSession | None = None, **told
) -> list[scheduling.Place]:
    """The free places nearest to one that is taken, three at most.

    A session of a plan stays with the practitioner who was asked for, as long as there is time; other visits may be
    with anybody. What else is told is as for ``next_places``.
    """
    told |= {"minutes": minutes, "planned_session": planned_session, "near_min": max(taken.starts_min, 0)}
    theirs = next_places(users=[taken.practitioner], **told) if planned_session else ()
    found = theirs if len(theirs) >= MOST_OFFERED else [*theirs, *next_places(**told)]
    here = (taken.starts_min, taken.practitioner.pk, taken.room.pk)
    others = [place for place in found if (place.starts_min, place.practitioner, place.room) != here]
    return list(dict.fromkeys(others))[:MOST_OFFERED]


def _days_to_keep_from(patient: Patient | None, besides: Appointment | None) -> list[int]:
    """The days a treatment session must keep its distance from, its own left out."""
    if patient is None:
        return []
    return [day for day in treatment_days(patient) if besides is None or day != besides.local_day]


def _between_neighbours(planned: PlannedSession, besides: Appointment | None) -> dict[str, int]:
    """The days of the sessions before and after this one, as ``free_places`` takes them (one query)."""
    if planned.number is None:
        return {}
    others = (
        Appointment.objects.active()
        .filter(planned_session__plan=planned.plan_id)
        .exclude(planned_session=planned)
        .exclude(pk=besides.pk if besides else None)
        .values_list("planned_session__number", "local_day")
    )
    days = [(number, day) for number, day in others if number]
    before = [day for number, day in days if number < planned.number]
    after = [day for number, day in days if number > planned.number]
    return ({"after_day": max(before)} if before else {}) | ({"before_day": min(after)} if after else {})
