"""What stands around every page of the calendar: the ways to other days, views and people."""

from datetime import date, timedelta
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from planning.converters import FIRST_DAY, LAST_DAY
from planning.forms.calendar import CalendarForm
from smpclinic.models import Room, User
from smpclinic.roles import Permission

KEYS = {"day": "d", "week": "w", "month": "m"}


def frame_of(form: CalendarForm, *, view: str, day: date, user: User) -> dict[str, object]:
    """The context of one view ("day", "week" or "month") of ``day`` (one query, none for the day)."""
    by_room, who = form.by_room(), form.told("who")
    kept = {"by": "room"} if by_room else {}
    kept_who = kept | ({"who": who} if who else {})
    today = timezone.localdate()
    return {
        "view": view,
        "day": day,
        "today": today,
        "by_room": by_room,
        "who_key": who,
        "views": [_way(name, label, day, kept_who if name != "day" else kept, view) for name, label in form.VIEWS],
        "previous": _address(view, _step(view, day, -1), kept_who),
        "next": _address(view, _step(view, day, 1), kept_who),
        "now": _address(view, today, kept_who),
        "shows_today": _shows(view, day, today),
        "other_way": _address(view, day, {} if by_room else {"by": "room"}),
        "choices": _choices(by_room) if view != "day" else (),
        "kept": kept,
        "may_book": user.has(Permission.BOOK),
        "may_print": user.has(Permission.PRINT_PAPERS),
    }


def _way(name: str, label, day: date, kept: dict[str, object], view: str) -> dict[str, object]:
    return {"label": label, "url": _address(name, day, kept), "current": name == view, "key": KEYS[name]}


def _address(view: str, day: date, kept: dict[str, object]) -> str:
    return reverse(f"planning:{view}", args=[day]) + (f"?{urlencode(kept)}" if kept else "")


def _step(view: str, day: date, steps: int) -> date:
    """The same place one day, week or month on, within what the calendar reaches."""
    if view == "month":
        moved = (day.replace(day=1) + timedelta(days=31 if steps > 0 else -1)).replace(day=1)
    else:
        moved = day + timedelta(days=steps * (7 if view == "week" else 1))
    return min(max(moved, FIRST_DAY), LAST_DAY)


def _shows(view: str, day: date, today: date) -> bool:
    if view == "month":
        return (day.year, day.month) == (today.year, today.month)
    if view == "week":
        return day - timedelta(days=day.weekday()) == today - timedelta(days=today.weekday())
    return day == today


def _choices(by_room: bool) -> list[tuple[str, str]]:
    """Whose week or month: everybody's first."""
    rows = Room.objects.filter(is_active=True) if by_room else User.objects.practitioners()
    return [("", _("All rooms") if by_room else _("Everybody")), *((str(row.pk), str(row)) for row in rows)]
