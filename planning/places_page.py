"""Everything about places and times on one page, with what changed last and by whom."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from planning.actions.times import week_of
from planning.kinds import kinds_of_visit
from planning.models import TimeOff, WeeklyHours
from planning.models.hours import WEEKDAYS
from planning.outside import visits_outside_hours
from planning.week_hours import grouped
from smpclinic.models import AuditEntry, Location, Room, User

SHOWN_CHANGES = 8
VERBS = (
    *("added location", "changed location", "added room", "changed room", "changed hours"),
    *("added time off", "removed time off", "changed kind of visit", "changed reminders and cancellations"),
)


@dataclass(frozen=True)
class Person:
    user: User
    hours: tuple[str, ...]


@dataclass(frozen=True)
class Place:
    location: Location
    rooms: tuple[Room, ...]
    opening: tuple[str, ...]
    people: tuple[Person, ...]


def places_page() -> dict[str, object]:
    """The context of the page; the number of queries does not depend on how much there is."""
    today = timezone.localdate()
    people = list(User.objects.practitioners())
    rooms = list(Room.objects.all())
    hours = list(WeeklyHours.objects.all())
    return {
        "places": [
            _place(location, rooms, hours, people) for location in Location.objects.order_by("-is_active", "name")
        ],
        "time_off": TimeOff.objects.filter(last_day__gte=today).select_related("user", "location"),
        "kinds": kinds_of_visit().values(),
        "outside": visits_outside_hours(),
        "changes": [_change(entry) for entry in _entries()],
    }


def _place(location: Location, rooms, hours, people) -> Place:
    here = [row for row in hours if row.location_id == location.pk]
    return Place(
        location,
        tuple(room for room in rooms if room.location_id == location.pk),
        _in_words(row for row in here if row.user_id is None),
        tuple(Person(user, _in_words(row for row in here if row.user_id == user.pk)) for user in people),
    )


def _in_words(rows) -> tuple[str, ...]:
    """ "Monday to Friday 09:00-18:00", a line for each run of days."""
    names = {number: str(name) for number, name in WEEKDAYS}
    return tuple(
        f"{names[first]} {hours}"
        if first == last
        else _("%(first)s to %(last)s %(hours)s") % {"first": names[first], "last": names[last], "hours": hours}
        for first, last, hours in grouped(week_of(rows))
    )


def _entries():
    return AuditEntry.objects.filter(verb__in=VERBS).prefetch_related("values").order_by("-id")[:SHOWN_CHANGES]


def _change(entry: AuditEntry) -> dict[str, object]:
    return {
        "at": entry.at,
        "who": entry.actor_label,
        "verb": entry.verb,
        "values": [(value.field.replace("_", " "), value.before, value.after) for value in entry.values.all()],
    }
