"""A place asked for on the calendar: an empty hour that was pressed, or where a visit was dragged to."""

from collections.abc import Iterable
from datetime import timedelta

from django.utils import timezone

from intake.models import Patient
from planning.availability import Interval, local_day_at, to_date
from planning.clashes import Wanted, find_clashes
from planning.models import Appointment, AppointmentState
from planning.openings import Openings, openings
from planning.places import ChosenPlace
from planning.scheduling import Place
from smpclinic.actors import Actor
from smpclinic.models import ClinicProfile, Room, User

PRESSED_TWICE_WITHIN = timedelta(minutes=1)


def place_at(
    starts_min: int,
    minutes: int,
    *,
    practitioner: User | None = None,
    room: Room | None = None,
    besides: Appointment | None = None,
) -> ChosenPlace | None:
    """Who and where for a start that was asked for: what was named stays, the rest is filled with what is free then.

    A moved visit (``besides``) keeps its practitioner, and its room where that is free. Where nothing is free,
    it is filled all the same, and booking will say what stands in the way. None where the clinic has no practitioner
    or no room in use. Some ten queries.
    """
    people, rooms = _people(practitioner, besides), _rooms(room, besides)
    if not people or not rooms:
        return None
    day = to_date(local_day_at(starts_min, ClinicProfile.current().zone))
    free = openings(day, day, users=people, besides=[besides] if besides else [])
    who, where = _first_free(people, rooms, free, starts_min, minutes) or (people[0], rooms[0])
    return ChosenPlace(starts_min, who, where)


def asked_place(asked, minutes: int, *, besides: Appointment | None = None) -> list[Place]:
    """The place that the address asks for (a planning.forms.calendar.AskedForm), as one to offer; none where none."""
    starts_min = asked.starts_min
    if starts_min is None:
        return []
    told = asked.cleaned_data
    found = place_at(starts_min, minutes, practitioner=told["practitioner"], room=told["room"], besides=besides)
    if found is None:
        return []
    return [offered(found, minutes)]


def offered(place: ChosenPlace, minutes: int) -> Place:
    """A chosen place as one that can be offered: with its end and its local day."""
    local_day = local_day_at(place.starts_min, ClinicProfile.current().zone)
    who, where = place.practitioner.pk, place.room.pk
    return Place(place.starts_min, place.starts_min + minutes, local_day, who, where, place.room.location_id)


def booked_a_moment_ago(*, place: ChosenPlace, by: User, **patient: object) -> Appointment | None:
    """The same visit, booked by the same person within the last minute: the button was pressed twice (one query).

    ``patient``: whose it is, as conditions on a visit.
    """
    return Appointment.objects.filter(
        practitioner=place.practitioner,
        room=place.room,
        starts_min=place.starts_min,
        state__in=(AppointmentState.BOOKED, AppointmentState.ARRIVED),
        booked_by=by,
        booked_at__gte=timezone.now() - PRESSED_TWICE_WITHIN,
        **patient,
    ).first()


def _people(practitioner: User | None, besides: Appointment | None) -> list[User]:
    if practitioner is None and besides is None:
        return list(User.objects.practitioners())
    # A patient is not handed to somebody else in passing: the clash is named instead.
    return [practitioner or besides.practitioner]


def _rooms(room: Room | None, besides: Appointment | None) -> list[Room]:
    if room is not None:
        return [room]
    rooms = Room.objects.filter(is_active=True, location__is_active=True).select_related("location")
    return sorted(rooms, key=lambda row: besides is None or row.pk != besides.room_id)


def _first_free(
    people: list[User], rooms: list[Room], free: Openings, starts_min: int, minutes: int
) -> tuple[User, Room] | None:
    ends_min = starts_min + minutes
    there = {(each.key, each.location) for each in free.practitioners if _holds(each.free, starts_min, ends_min)}
    open_rooms = {each.key for each in free.rooms if _holds(each.free, starts_min, ends_min + each.buffer_min)}
    for who in people:
        for where in rooms:
            if (who.pk, where.location_id) in there and where.pk in open_rooms:
                return who, where
    return None


def _holds(free: Iterable[Interval], starts_min: int, ends_min: int) -> bool:
    return any(row.starts_min <= starts_min and ends_min <= row.ends_min for row in free)


def stands_at(visit: Appointment, place: Place) -> bool:
    """Whether the visit is there already."""
    return (visit.starts_min, visit.practitioner_id, visit.room_id) == (
        place.starts_min,
        place.practitioner,
        place.room,
    )


def words_in_the_way(
    place: ChosenPlace,
    *,
    patient: Patient,
    minutes: int,
    counts_for_gap: bool,
    besides: Iterable[Appointment],
    by: Actor,
) -> list[str]:
    """What stands where a visit is to go, named (one query); booking and moving judge again."""
    clinic = ClinicProfile.current()
    ends_min = place.starts_min + minutes
    wanted = Wanted(
        patient=patient,
        practitioner=place.practitioner,
        room=place.room,
        starts_min=place.starts_min,
        ends_min=ends_min,
        room_until_min=ends_min + place.room.cleaning_min,
        local_day=local_day_at(place.starts_min, clinic.zone),
        gap_days=clinic.gap_days,
        counts_for_gap=counts_for_gap,
    )
    return find_clashes(wanted, besides=besides, by=by)
