"""Weekly hours, time off, holidays, and how long each kind of visit takes. A change that hits booked visits says so."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from planning.models import TimeOff, VisitKind, WeeklyHours
from planning.models.hours import WEEKDAYS
from planning.outside import told_of_hits
from planning.week_hours import Stretch, day_in_words
from smpclinic import audit
from smpclinic.actors import Actor
from smpclinic.models import Location, User


@transaction.atomic
def change_hours(
    *,
    location: Location,
    user: User | None,
    week: Mapping[int, Sequence[Stretch]],
    by: Actor,
    hits_accepted: bool = False,
) -> None:
    """Replace the hours of a location (no user) or of somebody there; weekdays that are not named are days off.

    Raises HitsVisits where booked visits would lie outside, unless ``hits_accepted``.
    """
    # Lock the location: two managers at once would leave the rows of both.
    Location.objects.select_for_update().get(pk=location.pk)
    rows = WeeklyHours.objects.filter(location=location, user=user)
    before = week_of(rows)
    with told_of_hits(accepted=hits_accepted):
        rows.delete()
        for weekday, stretches in week.items():
            for starts_min, ends_min in stretches:
                row = WeeklyHours(
                    location=location, user=user, weekday=weekday, starts_min=starts_min, ends_min=ends_min
                )
                row.full_clean()
                row.save()
    names = {number: str(name) for number, name in WEEKDAYS}
    changed = {
        names[day]: (day_in_words(before.get(day, ())), day_in_words(week.get(day, ())))
        for day in names
        if sorted(before.get(day, ())) != sorted(week.get(day, ()))
    }
    audit.record(by=by, verb="changed hours", subject=user or location, changed=changed, location=location.name)


def week_of(rows: Iterable[WeeklyHours]) -> dict[int, list[Stretch]]:
    """Rows of weekly hours by weekday (0 is Monday)."""
    week: dict[int, list[Stretch]] = {}
    for row in rows:
        week.setdefault(row.weekday, []).append((row.starts_min, row.ends_min))
    return week


@transaction.atomic
def add_time_off(*, by: Actor, hits_accepted: bool = False, **fields: object) -> TimeOff:
    """Somebody is away, or (no user) a location or the whole clinic is closed.

    ``fields``: user, location, first_day, last_day, starts_min, ends_min (None for whole days), reason. Raises
    ValidationError, or HitsVisits where booked visits would lie in it, unless ``hits_accepted``.
    """
    row = TimeOff(**fields)
    row.full_clean()
    with told_of_hits(accepted=hits_accepted):
        row.save()
    audit.record(by=by, verb="added time off", subject=row, changed=audit.changes({}, fields))
    return row


@transaction.atomic
def remove_time_off(*, time_off: TimeOff, by: Actor) -> None:
    """Take back a time off or closure: that time can be booked again."""
    row = TimeOff.objects.select_for_update().filter(pk=time_off.pk).first()
    if row is None:
        raise ValidationError(_("Somebody has removed it already."))
    was = {name: getattr(row, name) for name in ("user", "location", "first_day", "last_day", "reason")}
    audit.record(
        by=by, verb="removed time off", subject=row, changed={name: (value, "") for name, value in was.items() if value}
    )
    row.delete()


@transaction.atomic
def close_on_holidays(
    *, days: Mapping[date, str], location: Location | None, by: Actor, hits_accepted: bool = False
) -> list[TimeOff]:
    """Close the clinic or one location on public holidays; a day it is closed on already is left as it is."""
    closed = TimeOff.objects.filter(user__isnull=True, location=location, starts_min__isnull=True)
    known = set(closed.filter(first_day__in=days).values_list("first_day", flat=True))
    rows = [
        TimeOff(location=location, first_day=day, last_day=day, reason=name)
        for day, name in sorted(days.items())
        if day not in known
    ]
    with told_of_hits(accepted=hits_accepted):
        for row in rows:
            row.full_clean()
            row.save()
    for row in rows:
        fields = {"first_day": row.first_day, "last_day": row.last_day, "reason": row.reason}
        audit.record(by=by, verb="added time off", subject=row, changed=audit.changes({}, fields))
    return rows


@transaction.atomic
def change_kind(*, kind: str, minutes: int, needs_qualification: bool, by: Actor) -> VisitKind:
    """How long a kind of visit usually takes, and whether it asks for a valid qualification. Booked visits stay."""
    row = VisitKind.objects.select_for_update().filter(kind=kind).first() or VisitKind(kind=kind)
    before = {"minutes": row.minutes, "needs_qualification": row.needs_qualification} if row.pk else {}
    row.minutes, row.needs_qualification = minutes, needs_qualification
    row.full_clean()
    row.save()
    after = {"minutes": minutes, "needs_qualification": needs_qualification}
    if changed := audit.changes(before, after):
        audit.record(by=by, verb="changed kind of visit", subject=row, changed=changed, kind=kind)
    return row
