"""What stands around every page of one session: the way through it, and what is still missing where."""

from collections import Counter
from dataclasses import dataclass
from urllib.parse import quote

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from planning.models import AppointmentState
from sessions import ready
from sessions.keeping import keeping_of
from sessions.models import TreatmentSession
from sessions.readiness import Item, readiness_to_sign
from smpclinic.local_dates import date_format
from smpclinic.roles import Permission

# Where an item of the readiness list is settled: the page of the session and the place on it.
BEFORE, ZONES, MIX, MATERIALS, REACTION = "start", "record", "mixes", "materials", "reaction"
PLACES = {
    "health_today": (BEFORE, "#health"),
    "alerts": (BEFORE, "#health"),
    "healed": (BEFORE, "#health"),
    "before_photos": (BEFORE, "#photos"),
    "pigment_information": (BEFORE, "#room"),
    "room_cleaned": (BEFORE, "#room"),
    "needles_opened": (BEFORE, "#room"),
    "passes": (ZONES, ""),
    "clock": (ZONES, ""),
    "pigment_lots": (ZONES, ""),
    "needle_lots": (MATERIALS, ""),
    "recalled": (MATERIALS, ""),
    "reaction": (REACTION, ""),
}
SETTLE = {
    "agreement": gettext_lazy("Ask for the signature"),
    "screening": gettext_lazy("Open the screening"),
    "health_today": gettext_lazy("Ask now"),
    "alerts": gettext_lazy("Read and confirm"),
    "healed": gettext_lazy("Judge now"),
    "before_photos": gettext_lazy("Add a photo"),
    "passes": gettext_lazy("Record a pass"),
    "clock": gettext_lazy("Stop the clock"),
    "pigment_lots": gettext_lazy("Choose the mix"),
    "needle_lots": gettext_lazy("Note the lot"),
    "reaction": gettext_lazy("Note the reaction"),
}


@dataclass(frozen=True)
class Line:
    """One line of the readiness list, with how to settle it and who went ahead in spite of it."""

    item: Item
    url: str = ""
    label: str = ""
    overridden: str = ""

    @property
    def is_missing(self) -> bool:
        return not self.item.ok and not self.overridden

    @property
    def code_in_address(self) -> str:
        return quote(self.item.code, safe="")

    @property
    def mark(self) -> str:
        """The words beside the icon."""
        if self.item.ok:
            return _("In order")
        return _("Gone ahead") if self.overridden else _("Missing")


def readiness_lines(session: TreatmentSession, items: tuple[Item, ...]) -> list[Line]:
    """The list as it is shown: what is missing first."""
    overrides = {row.item: row for row in session.overrides.select_related("by")}
    lines = [_line(session, item, overrides.get(item.code)) for item in items]
    return sorted(lines, key=lambda line: not line.is_missing)


def _line(session: TreatmentSession, item: Item, override) -> Line:
    if item.ok:
        return Line(item)
    if override is not None and item.overridable:
        words = _("%(who)s goes ahead: %(reason)s") % {"who": override.by, "reason": override.reason}
        return Line(item, overridden=words)
    return Line(item, url=settle_url(session, item), label=str(_label(item)))


def _label(item: Item) -> str:
    if item.code.startswith("finding:"):
        return SETTLE["health_today"] if _is_of_today(item) else SETTLE["screening"]
    return SETTLE.get(item.code, gettext_lazy("Confirm"))


def _is_of_today(item: Item) -> bool:
    return item.code.split(":")[1] in {rule.code for rule in ready.day_rules()}


def settle_url(session: TreatmentSession, item: Item) -> str:
    """Where the item is settled; empty where only another person can (a qualification, say)."""
    code = item.code.split(":")[0]
    if item.code == "agreement":
        return reverse("planning:agree", args=[session.appointment.planned_session.plan.public_id])
    if code in ("finding", "patch_test") and not (code == "finding" and _is_of_today(item)):
        return reverse("intake:screening", args=[session.patient.public_id])
    page, place = (BEFORE, "#health") if code == "finding" else PLACES.get(code, ("", ""))
    return address(session, page) + place if page else ""


def address(session: TreatmentSession, page: str) -> str:
    """The address of one page of a session."""
    if page == BEFORE:
        return reverse("sessions:start", args=[session.appointment.public_id])
    return reverse(f"sessions:{page}", args=[session.public_id])


def frame_of(session: TreatmentSession, *, current: str, user) -> dict:
    """The context that every page of an open record shares. ``missing``: what stands in the way of signing."""
    facts = ready.facts_of(session)
    missing = ready.standing_in_the_way(session, readiness_to_sign(facts))
    counts = Counter(_page_of(item) for item in missing)
    pages = [
        (BEFORE, _("Before")),
        (ZONES, _("Zones")),
        (MIX, _("Mixes")),
        (MATERIALS, _("Materials")),
        (REACTION, _("Reaction")),
        ("sign", _("Sign")),
    ]
    is_started = session.appointment.state != AppointmentState.ARRIVED
    tabs = [
        {"label": label, "url": address(session, page), "current": page == current, "count": counts.get(page)}
        for page, label in pages
        if is_started or page in (BEFORE, MIX, MATERIALS)
    ]
    return {
        "session": session,
        "keeping": keeping_of(session, user),
        "visit_words": day_words(session),
        "visit": session.appointment,
        "patient": session.patient,
        "tabs": tabs,
        "missing": missing,
        "readiness_facts": facts,
        "is_started": is_started,
        "is_mine": session.practitioner_id == user.pk,
        "may_turn": user.has(Permission.PLAN_TREATMENT),
    }


def day_words(session: TreatmentSession) -> str:
    """The visit in one line: "Session 2 of 3 · Thu 26 Nov, 14:30 · Room 1"."""
    visit = session.appointment
    return " · ".join([visit.title, date_format(visit.starts_at, "D j M, H:i"), str(visit.room)])


def _page_of(item: Item) -> str:
    code = item.code.split(":")[0]
    return PLACES.get(code, (BEFORE, ""))[0]
