"""What moving a visit means for the other sessions of its plan: which stay, and where the later ones could go."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from itertools import count

from django.utils.translation import gettext as _

from planning import scheduling
from planning.availability import to_date, to_local_day
from planning.booking_facts import problems_with, put
from planning.clashes import Wanted, find_clashes
from planning.clinic_protocol import clinic_protocol
from planning.models import Appointment, AppointmentState
from planning.openings import SERIES_HORIZON_DAYS, STEP_MIN, earliest_start, openings, treatment_days
from planning.places import ChosenPlace
from smpclinic.actors import Actor
from smpclinic.models import ClinicProfile, User


@dataclass(frozen=True)
class Outcome:
    """What a move comes to. ``problems``: why it cannot be, in words. ``reflows``: choices of places, each for all of
    ``displaced``; empty where none is displaced, or none was found."""

    problems: tuple[str, ...]
    clashes: tuple[str, ...]
    stays: tuple[Appointment, ...] = ()
    displaced: tuple[Appointment, ...] = ()
    reflows: tuple[tuple[scheduling.Place, ...], ...] = ()

    @property
    def is_possible(self) -> bool:
        return not self.problems and not self.clashes and bool(self.reflows or not self.displaced)


def outcome_of(visit: Appointment, place: ChosenPlace, *, by: Actor) -> Outcome:
    """What comes of moving ``visit`` to ``place``; nothing is changed. The move itself judges again."""
    moved = copy(visit)
    put(moved, practitioner=place.practitioner, room=place.room, starts_min=place.starts_min, minutes=visit.minutes)
    others = others_of_plan(visit)
    later = [each for each in others if _is_later(each, visit) and each.state == AppointmentState.BOOKED]
    displaced = [each for each in later if each.local_day < moved.local_day + moved.gap_days]
    clashes = tuple(find_clashes(Wanted.of(moved), besides=[visit, *displaced], by=by))
    problems = tuple(problems_with(moved, [moved], _plan_states(visit), besides=displaced))
    if clashes or problems or not displaced:
        return Outcome(problems, clashes, stays=tuple(others))
    return _reflowed(moved, others, later, displaced)


def _reflowed(
    moved: Appointment, others: Sequence[Appointment], later: Sequence[Appointment], displaced: Sequence[Appointment]
) -> Outcome:
    """Move as few of the later sessions as possible: those in the way, then one more, until dates are found."""
    for how_many in range(len(displaced), len(later) + 1):
        going = later[:how_many]
        for users in (_their_practitioners(going), None):
            found = _series_after(moved, going, later[how_many:], users)
            if found.series:
                stays = tuple(each for each in others if each not in going)
                reflows = tuple(series.places[1 : how_many + 1] for series in found.series)
                return Outcome((), (), stays, tuple(going), reflows)
    titles = ", ".join(each.title for each in displaced)
    words = _("%(titles)s would have to move as well, and no dates were found after that.") % {"titles": titles}
    return Outcome((words,), (), displaced=tuple(displaced))


def _series_after(
    moved: Appointment, going: Sequence[Appointment], staying: Sequence[Appointment], users: Sequence[User] | None
) -> scheduling.Proposals:
    """Places for those that go: the moved session comes first and is fixed, those that stay come last and are too."""
    clinic = ClinicProfile.current()
    series = [moved, *going, *staying]
    first = to_date(moved.local_day)
    last = to_date(moved.local_day + SERIES_HORIZON_DAYS)
    free = openings(first, last, patient=moved.patient, users=users, besides=series, only_qualified=True)
    fixed = {number: _place_of(each) for number, each in zip(count(1), series, strict=False) if each not in going}
    own_days = _days_now(series)
    return scheduling.propose_series(
        durations=[each.minutes for each in series],
        practitioners=free.practitioners,
        rooms=free.rooms,
        zone=clinic.zone,
        earliest_day=to_local_day(first) + 1,
        horizon_days=SERIES_HORIZON_DAYS,
        gap_days=clinic.gap_days,
        recommended_gap_days=clinic_protocol(clinic).recommended_gap(_look_of(moved)),
        patient_busy=free.patient_busy,
        existing_days=[day for day in treatment_days(moved.patient) if day not in own_days],
        fixed=fixed,
        not_before_min=earliest_start(),
        step_min=STEP_MIN,
    )


def others_of_plan(visit: Appointment) -> list[Appointment]:
    """The other visits that stand of the plan's sessions, by their number (one query)."""
    if visit.planned_session is None:
        return []
    visits = Appointment.objects.active().filter(planned_session__plan=visit.planned_session.plan_id)
    return list(visits.exclude(pk=visit.pk).with_people().order_by("planned_session__number", "starts_min"))


def _is_later(other: Appointment, visit: Appointment) -> bool:
    return _number_of(other) > _number_of(visit)


def _number_of(visit: Appointment) -> int:
    planned = visit.planned_session
    return (planned.number or 0) if planned else 0


def _look_of(visit: Appointment) -> str:
    version = visit.planned_session.plan.current_version if visit.planned_session else None
    return version.look if version else ""


def _days_now(visits: Sequence[Appointment]) -> set[int]:
    """The days on which the visits stand before anything has moved (one query)."""
    return set(Appointment.objects.filter(pk__in=[each.pk for each in visits]).values_list("local_day", flat=True))


def _their_practitioners(visits: Sequence[Appointment]) -> list[User]:
    return list({visit.practitioner_id: visit.practitioner for visit in visits}.values())


def _plan_states(visit: Appointment) -> dict[int, str]:
    return {visit.planned_session.plan_id: visit.planned_session.plan.state} if visit.planned_session else {}


def _place_of(visit: Appointment) -> scheduling.Place:
    return scheduling.Place(
        visit.starts_min,
        visit.ends_min,
        visit.local_day,
        visit.practitioner_id,
        visit.room_id,
        visit.room.location_id,
    )
