"""Free time of people and rooms as the scheduling modules want it, read in a fixed number of queries."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import prefetch_related_objects
from django.utils import timezone

from intake.models import Patient
from planning import scheduling
from planning.availability import (
    Interval,
    day_start,
    difference,
    intersection,
    to_local_day,
)
from planning.clinic_protocol import clinic_protocol
from planning.hours import qualified_time, timetable, visits_between
from planning.models import Appointment, PlanVersion
from smpclinic.models import ClinicProfile, Location, Room, User

SERIES_HORIZON_DAYS = 180
LEAST_NOTICE_MIN = 15
STEP_MIN = 15


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
