"""A place offered to somebody: as words to read and as a short text that a form sends back."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from planning import scheduling
from planning.availability import to_local
from smpclinic.local_dates import date_format
from smpclinic.models import ClinicProfile, Room, User

SEPARATOR = "."
MOST_DAYS_AWAY = 731  # nobody is offered, nor books, a place further ahead than two years


class BadPlace(ValueError):
    """The text is no place that exists; the message says what to do."""


@dataclass(frozen=True)
class ChosenPlace:
    """Where somebody wants to go: UTC minutes since 1970, and who and where."""

    starts_min: int
    practitioner: User
    room: Room


def code_of(place: scheduling.Place) -> str:
    return SEPARATOR.join(str(part) for part in (place.starts_min, place.practitioner, place.room))


def code_of_chosen(place: ChosenPlace) -> str:
    return SEPARATOR.join(str(part) for part in (place.starts_min, place.practitioner.pk, place.room.pk))


def place_from(code: str) -> ChosenPlace:
    """The place a form sent back (two queries). BadPlace where it is none."""
    parts = code.split(SEPARATOR)
    if len(parts) != 3 or not all(part.isascii() and part.isdecimal() and len(part) < 12 for part in parts):
        raise BadPlace(_("Choose one of the places."))
    starts_min, practitioner, room = (int(part) for part in parts)
    user = User.objects.practitioners().filter(pk=practitioner).first()
    where = Room.objects.filter(pk=room, is_active=True).select_related("location").first()
    if user is None or where is None or starts_min > _last_min():
        raise BadPlace(_("That place is no longer there. Choose another."))
    return ChosenPlace(starts_min, user, where)


def _last_min() -> int:
    return int(timezone.now().timestamp()) // 60 + MOST_DAYS_AWAY * 24 * 60


def choices_of(places) -> list[tuple[str, str]]:
    """Codes and words of places, each once, for radio buttons (two queries)."""
    places = list({code_of(place): place for place in places}.values())
    names = dict(User.objects.filter(pk__in=[place.practitioner for place in places]).values_list("pk", "display_name"))
    rooms = dict(Room.objects.filter(pk__in=[place.room for place in places]).values_list("pk", "name"))
    zone = ClinicProfile.current().zone
    return [
        (
            code_of(place),
            words_of(
                to_local(place.starts_min, zone),
                to_local(place.ends_min, zone),
                names[place.practitioner],
                rooms[place.room],
            ),
        )
        for place in places
    ]


def words_of(starts_at: datetime, ends_at: datetime, practitioner: str, room: str) -> str:
    """ "Thu 26 Nov, 10:00-10:45, Dr Ruiz, Room 1"."""
    return _("%(day)s, %(from)s–%(to)s · %(who)s · %(room)s") % {
        "day": date_format(starts_at, "D j M"),
        "from": f"{starts_at:%H:%M}",
        "to": f"{ends_at:%H:%M}",
        "who": practitioner,
        "room": room,
    }
