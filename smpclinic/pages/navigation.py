"""What every page's frame needs: the ways through the program for this user, the clinic, and the demo's banner."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from smpclinic.languages import staff_languages
from smpclinic.pages.set_up import ROWS
from smpclinic.roles import Permission


@dataclass(frozen=True)
class Entry:
    """One way in the header. ``key`` goes there when pressed outside a field; pages of ``covers`` belong to it too."""

    route: str
    label: str
    icon: str
    permission: Permission
    key: str = ""
    covers: tuple[str, ...] = ()


ENTRIES = (
    Entry("home", _("Today"), "sun", Permission.SEE_CALENDAR, "t"),
    Entry("intake:patients", _("Patients"), "users", Permission.SEE_PATIENTS),
    Entry("stock", _("Stock"), "package", Permission.SEE_STOCK),
    Entry("planning:ladder", _("Shades"), "palette", Permission.PLAN_TREATMENT),
    Entry("set_up", _("Set-up"), "sliders-horizontal", Permission.SET_UP, covers=tuple(row.route for row in ROWS)),
)
SEARCH = "intake:patients"
CALL = "planning:call"
FEED = "planning:my_feed"


def navigation(request):
    """The context processor: the ways that every page's frame offers, ``clinic``, ``languages``, ``demo_mode``."""
    user = getattr(request, "user", None)
    is_staff = user is not None and user.is_authenticated
    may_search = is_staff and user.has(Permission.SEE_PATIENTS)
    may_book = is_staff and user.has(Permission.REGISTER_PATIENTS) and user.has(Permission.BOOK)
    return {
        "navigation": [shown for entry in ENTRIES if is_staff and (shown := _shown(entry, request))],
        "search_url": _address(SEARCH) if may_search else "",
        "call_url": _address(CALL) if may_book else "",
        "feed_url": _address(FEED) if is_staff and user.has(Permission.RECORD_SESSIONS) else "",
        "languages": staff_languages(),
        "clinic": getattr(request, "clinic", None),
        "demo_mode": settings.MODE == "demo",
    }


def _shown(entry: Entry, request) -> dict[str, object] | None:
    url = _address(entry.route)
    if not url or not request.user.has(entry.permission):
        return None
    below = [url, *(_address(route) for route in entry.covers)]
    return {
        "url": url,
        "label": entry.label,
        "icon": entry.icon,
        "key": entry.key,
        "current": any(_is_current(each, request.path) for each in below),
    }


def _is_current(url: str, path: str) -> bool:
    """A page below an entry belongs to it; the home page is above everything and so belongs to itself alone."""
    return path == url or (url not in ("", "/") and path.startswith(url))


def _address(route: str) -> str:
    """Where a route leads, or an empty text while this installation has no such page."""
    try:
        return reverse(route)
    except NoReverseMatch:
        return ""
