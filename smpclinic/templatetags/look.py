"""Template tags for every page: ``{% load look %}``."""

from datetime import date, datetime
from functools import lru_cache

from django import template
from django.utils import timezone
from django.utils.html import mark_safe
from django.utils.translation import gettext_lazy as _
from lucide import _render_icon as render_lucide

from smpclinic.local_dates import date_format

register = template.Library()

# Arrows point along the line of reading, so they turn round in right-to-left pages.
DIRECTED = frozenset({"arrow-left", "arrow-right", "chevron-left", "chevron-right", "log-out", "log-in"})
# The four meanings of a notice or badge: each has an icon and a word beside its colour.
KINDS = {
    "information": ("info", _("Information")),
    "caution": ("triangle-alert", _("Caution")),
    "stop": ("octagon-alert", _("Stop")),
    "done": ("circle-check", _("Done")),
}
# Django's message levels, as kinds.
LEVELS = {"success": "done", "warning": "caution", "error": "stop"}
STATE_ICONS = {
    "booked": "calendar-check",
    "arrived": "door-open",
    "in_treatment": "circle-dot",
    "done": "check",
    "no_show": "user-x",
    "cancelled": "ban",
}
BUTTON_KINDS = ("quiet", "danger", "plain")


@register.simple_tag
def icon(name: str, css_class: str = "") -> str:
    """``{% icon "calendar" %}``: a Lucide icon as inline SVG, hidden from screen readers (a word stands beside it).

    Raises ``lucide.IconDoesNotExist`` for an unknown name.
    """
    return _drawn(name + "", css_class + "")


@lru_cache(maxsize=512)
def _drawn(name: str, css_class: str) -> str:
    """Drawn once: a full day board shows hundreds of icons, and drawing them was a quarter of its cost."""
    classes = " ".join(filter(None, ["icon", "directed" if name in DIRECTED else "", css_class]))
    attributes = {"class": classes, "aria_hidden": "true", "focusable": "false"}
    return mark_safe(render_lucide(name, 20, **attributes))  # noqa: S308 - escaped by ElementTree


@register.filter
def when_words(when: date | datetime | str) -> str:
    """A day or a moment as all pages write it, "26 November 2026, 14:30"; words stay as they are."""
    if isinstance(when, datetime):
        return date_format(timezone.localtime(when), "j F Y, H:i")
    return date_format(when, "j F Y") if isinstance(when, date) else when


@register.filter
def kind_icon(kind: str) -> str:
    return KINDS.get(kind, KINDS["information"])[0]


@register.filter
def kind_word(kind: str) -> str:
    return KINDS.get(kind, KINDS["information"])[1]


@register.filter
def message_kind(message) -> str:
    """The kind of notice for one of Django's messages."""
    return LEVELS.get(message.level_tag, "information")


@register.filter
def state_icon(state: str) -> str:
    """The icon of an appointment's state; its word stands beside it."""
    return STATE_ICONS.get(state, "calendar")


@register.filter
def initials_of(name: str) -> str:
    """The first letters of the first and the last part of a name.

    >>> initials_of("Ana María de la Cruz"), initials_of("Cher"), initials_of("")
    ('AC', 'C', '')
    """
    parts = str(name).split()
    return "".join(part[0].upper() for part in dict.fromkeys([*parts[:1], *parts[-1:]]))


@register.filter
def years_old(born_on: date, today: date | None = None) -> int:
    """Whole years of age on ``today`` (the clinic's date if not given).

    >>> years_old(date(2000, 2, 29), date(2026, 2, 28)), years_old(date(2000, 2, 29), date(2026, 3, 1))
    (25, 26)
    """
    today = today or timezone.localdate()
    return today.year - born_on.year - ((today.month, today.day) < (born_on.month, born_on.day))


@register.filter
def unended(rows):
    """Those of ``rows`` that have not ended, such as the alerts that still stand."""
    return [row for row in rows if row.ended_at is None]


@register.filter
def widget_attr(field, name: str):
    """``{{ field|widget_attr:"data-unit" }}``: an attribute of a bound field's widget, or an empty text."""
    return field.field.widget.attrs.get(name, "")


@register.filter
def widget_kind(field) -> str:
    """How the form pack draws a field: hidden, checkbox, cards, choices, group, file or one."""
    widget = field.field.widget
    if widget.is_hidden:
        return "hidden"
    if getattr(widget, "pictures", None) is not None:
        return "cards"
    input_type = getattr(widget, "input_type", "")
    if input_type in {"radio", "checkbox"}:
        return "choices" if hasattr(widget, "option_template_name") else "checkbox"
    if widget.use_fieldset:
        return "group"
    return "file" if input_type == "file" else "one"


@register.filter
def first_id(field) -> str:
    """The id that a link in the error summary leads to: the first control of a group."""
    return field.id_for_label or f"{field.auto_id}_0"


@register.filter
def errors_shown(form) -> int:
    """How many things are wrong in a form, as the person sees them."""
    return sum(len(messages) for messages in form.errors.values())


@register.filter
def button_classes(button) -> str:
    """The classes of a crispy Submit, Button or Reset: primary unless its css_class names another kind."""
    asked = (button.field_classes or "").split()
    kinds = [kind for kind in BUTTON_KINDS if kind in asked]
    sizes = [name for name in ("big", "filled") if name in asked]
    default = ["primary"] if button.input_type == "submit" else []
    return " ".join(["button", *(kinds or default), *sizes])


@register.filter
def element_classes(attrs) -> str:
    """The classes of a button on allauth's pages, from its tags."""
    tags = set(attrs.get("tags") or [])
    if tags & {"danger", "delete"}:
        return "button danger"
    if tags & {"link", "cancel"}:
        return "button quiet"
    if tags & {"outline", "secondary", "minor", "tool"} or attrs.get("href"):
        return "button"
    return "button primary"
