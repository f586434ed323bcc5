"""Free time of people and rooms as the scheduling modules want it, read in a fixed number of queries."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.db.models import prefetch_related_objects
from django.utils import timezone

from intake.models import Patient
from planning import scheduling
from planning.availability import (
    Interval,
    day_start,
    difference,
    intersection,
    local_day_at,
    to_date,
    to_local_day,
)
from planning.clinic_protocol import clinic_protocol
from planning.hours import qualified_time, timetable, visits_between
from planning.models import Appointment, PlannedSession, PlanVersion
from planning.places import ChosenPlace
from smpclinic.models import ClinicProfile, Location, Room, User

SERIES_HORIZON_DAYS = 180
PLACES_HORIZON_DAYS = 60
LEAST_NOTICE_MIN = 15
STEP_MIN = 15
STEP_NOW_MIN = 5
NEAR_DAYS = 7
MOST_OFFERED = 3


@dataclass(frozen=True)
class Openings:
    """Who and what is free between two days, and what the patient has booked already."""

    practitioners: tuple[scheduling.Practitioner, ...]
    rooms: tuple[scheduling.Room, ...]
    patient_busy: tuple[Interval, ...]


def openings(
    first_day: date,
    last_day: date,
    *,
    patient: Patient | None = None,
    users: Iterable[User] | None = None,
    besides: Collection[Appointment] = (),
    only_qualified: bool = False,
) -> Openings:
    """Free time between two local dates, both included; ``users`` narrows the practitioners.

    ``only_qualified``: only the time in which a practitioner's qualification is valid. ``besides``: visits as if they
    were not there. Eight queries, one more with ``only_qualified``, whatever the number of people, rooms and visits.
    """
    people = _people(users, with_qualifications=only_qualified)
    rooms = list(Room.objects.filter(is_active=True, location__is_active=True))
    locations = list(Location.objects.filter(is_active=True))
    hours = timetable(first_day, last_day, users=people, locations=locations)
    visits = list(visits_between(first_day, last_day, besides=besides))

    def free(user: User, location: Location) -> list[Interval]:
        taken = [(row[3], row[4]) for row in visits if row[0] == user.pk]
        left = difference(hours.working(user, location), taken)
        return intersection(left, qualified_time(user, first_day, last_day, hours.zone)) if only_qualified else left

    return Openings(
        practitioners=tuple(
            scheduling.Practitioner(key=user.pk, name=str(user), free=free(user, location), location=location.pk)
            for user in people
            for location in locations
        ),
        rooms=tuple(_room(room, visits, first_day, last_day) for room in rooms),
        patient_busy=tuple(Interval(row[3], row[4]) for row in visits if patient is not None and row[2] == patient.pk),
    )


def _people(users: Iterable[User] | None, *, with_qualifications: bool) -> list[User]:
    people = list(User.objects.practitioners() if users is None else users)
    if with_qualifications:
        prefetch_related_objects(people, "qualifications")
    return people


def next_places(
    *,
    minutes: int,
    patient: Patient | None = None,
    users: Iterable[User] | None = None,
    near_min: int | None = None,
    besides: Appointment | None = None,
    planned_session: PlannedSession | None = None,
    only_qualified: bool = False,
    limit: int = MOST_OFFERED,
) -> tuple[scheduling.Place, ...]:
    """The next free places for one visit of ``minutes``, or those nearest to ``near_min`` (UTC minutes).

    ``planned_session``: a treatment session or touch-up, which keeps its distance from the patient's others, lies
    between its neighbours of the plan, and wants a qualification. ``besides``: the visit that is to be moved there.
    The days near by are looked at first: most often they hold enough, and nothing farther can be nearer.
    """
    clinic = ClinicProfile.current()
    planned = planned_session or (besides.planned_session if besides else None)
    rules = {
        "duration_min": minutes,
        "zone": clinic.zone,
        "near_min": near_min,
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


def series_for(
    version: PlanVersion,
    *,
    wishes: scheduling.Wishes,
    earliest: date,
    users: Iterable[User] | None = None,
    kept: Mapping[int, scheduling.Place] | None = None,
) -> scheduling.Proposals:
    """The best whole series for a plan, or in words why there is none.

    Sessions that are booked or done already stay where they are, and so do those ``kept`` by number; the others are
    placed around them.
    """
    clinic = ClinicProfile.current()
    patient = version.plan.patient
    earliest = max(earliest, timezone.localdate(timezone=clinic.zone))
    last = earliest + timedelta(days=SERIES_HORIZON_DAYS)
    free = openings(earliest, last, patient=patient, users=users, only_qualified=True)
    fixed = _standing_places(version) | dict(kept or {})
    fixed_days = {place.local_day for place in fixed.values()}
    return scheduling.propose_series(
        durations=list(version.estimate_minutes),
        practitioners=free.practitioners,
        rooms=free.rooms,
        zone=clinic.zone,
        earliest_day=to_local_day(earliest),
        horizon_days=SERIES_HORIZON_DAYS,
        gap_days=clinic.gap_days,
        recommended_gap_days=clinic_protocol(clinic).recommended_gap(version.look),
        patient_busy=free.patient_busy,
        existing_days=[day for day in treatment_days(patient) if day not in fixed_days],
        wishes=wishes,
        fixed=fixed,
        not_before_min=earliest_start(),
        step_min=STEP_MIN,
    )


def _standing_places(version: PlanVersion) -> dict[int, scheduling.Place]:
    """Where the sessions of the plan stand that have a visit, by number (one query); a later record of one counts."""
    visits = (
        Appointment.objects.active().filter(planned_session__plan=version.plan_id).with_people().order_by("starts_min")
    )
    return {
        visit.planned_session.number or 1: scheduling.Place(
            visit.starts_min,
            visit.ends_min,
            visit.local_day,
            visit.practitioner_id,
            visit.room_id,
            visit.room.location_id,
        )
        for visit in visits
    }


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


def treatment_days(patient: Patient) -> list[int]:
    """Local days of the patient's treatment sessions and touch-ups, booked or done (one query)."""
    return list(Appointment.objects.counting_for_gap().filter(patient=patient).values_list("local_day", flat=True))


def earliest_start() -> int:
    """The first start that can still be booked: a little notice from now, on the next quarter of an hour."""
    now = int(timezone.now().timestamp()) // 60 + LEAST_NOTICE_MIN
    return -(-now // STEP_MIN) * STEP_MIN


def _room(room: Room, visits: list[tuple[int, ...]], first_day: date, last_day: date) -> scheduling.Room:
    zone = ClinicProfile.current().zone
    whole = (day_start(to_local_day(first_day), zone), day_start(to_local_day(last_day) + 1, zone))
    return scheduling.Room(
        key=room.pk,
        name=str(room),
        free=difference([whole], [(row[3], row[5]) for row in visits if row[1] == room.pk]),
        location=room.location_id,
        buffer_min=room.cleaning_min,
    )
