"""Who on the waiting list would like a place that has become free, the best match first."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone

from intake.models import Patient
from planning.availability import to_local_day
from planning.clashes import Wanted, find_clashes
from planning.models import Appointment, AppointmentState, PartOfDay, WaitingWish
from planning.protocol import LEAST_GAP_DAYS
from smpclinic.models import Room, User

NOON_MIN = 12 * 60
MOST_OFFERED = 5
MOST_LOOKED_AT = 60


@dataclass(frozen=True)
class FreePlace:
    """A place that a cancelled visit left: UTC minutes since 1970, and the local start in minutes of its day."""

    starts_min: int
    ends_min: int
    day: date
    utc_offset_min: int
    practitioner: User
    room: Room

    @classmethod
    def left_by(cls, visit: Appointment) -> "FreePlace":
        """The place of a visit that was given up."""
        return cls(visit.starts_min, visit.ends_min, visit.day, visit.utc_offset_min, visit.practitioner, visit.room)

    @property
    def minutes(self) -> int:
        return self.ends_min - self.starts_min

    @property
    def minute_of_day(self) -> int:
        return (self.starts_min + self.utc_offset_min) % 1440

    @property
    def is_ahead(self) -> bool:
        return self.starts_min * 60 > timezone.now().timestamp()


def matches_for(place: FreePlace, user) -> list[WaitingWish]:
    """Wishes that the place fits and that could be booked there now, the best first; five at most.

    Best: a visit of the same length first, then whoever has waited longest. One query for the list and two a wish.
    """
    if not place.is_ahead:
        return []
    wishes = WaitingWish.objects.waiting().filter(
        Q(practitioner__isnull=True) | Q(practitioner=place.practitioner),
        first_day__lte=place.day,
        last_day__gte=place.day,
        minutes__lte=place.minutes,
        patient__in=Patient.objects.current().visible_to(user),
    )
    rows = wishes.select_related("patient", "appointment__planned_session__plan__current_version", "practitioner")
    fitting = [wish for wish in rows[:MOST_LOOKED_AT] if suits(wish, place)]
    fitting.sort(key=lambda wish: (place.minutes - wish.minutes, wish.created_at, wish.pk))
    return [wish for wish in fitting if _can_be_booked(wish, place)][:MOST_OFFERED]


def suits(wish: WaitingWish, place: FreePlace) -> bool:
    """Whether the day of the week and the time of day are among those wished."""
    if str(place.day.weekday()) not in wish.weekdays:
        return False
    is_morning = place.minute_of_day < NOON_MIN
    wanted = {PartOfDay.ANY: True, PartOfDay.MORNING: is_morning, PartOfDay.AFTERNOON: not is_morning}
    return wanted[PartOfDay(wish.part_of_day)]


def _can_be_booked(wish: WaitingWish, place: FreePlace) -> bool:
    """Whether nothing would refuse it: the patient's other visits, the days between sessions, their order."""
    visit = wish.appointment
    if visit is not None and not _is_earlier(visit, place):
        return False
    wanted = Wanted(
        patient=wish.patient,
        practitioner=place.practitioner,
        room=place.room,
        starts_min=place.starts_min,
        ends_min=place.starts_min + wish.minutes,
        room_until_min=place.starts_min + wish.minutes + place.room.cleaning_min,
        local_day=to_local_day(place.day),
        gap_days=visit.gap_days if visit else LEAST_GAP_DAYS,
        counts_for_gap=bool(visit and visit.counts_for_gap),
    )
    return not find_clashes(wanted, besides=[visit] if visit else [])


def _is_earlier(visit: Appointment, place: FreePlace) -> bool:
    """Whether the booked visit would gain by the place, and stay behind the sessions before it."""
    if visit.state != AppointmentState.BOOKED or visit.starts_min <= place.starts_min:
        return False
    planned = visit.planned_session
    if planned is None or planned.number is None:
        return True
    before = Appointment.objects.active().filter(
        planned_session__plan=planned.plan_id, planned_session__number__lt=planned.number
    )
    return not before.filter(local_day__gte=to_local_day(place.day)).exists()
