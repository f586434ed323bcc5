"""Lengths of time as people say them."""

from django.utils.translation import gettext as _


def hours_and_minutes(minutes: int) -> str:
    """Minutes in hours and minutes: "45 min", "2 h", "2 h 30 min"."""
    hours, rest = divmod(minutes, 60)
    words = {"hours": hours, "rest": rest}
    if not hours:
        return _("%(rest)s min") % words
    return _("%(hours)s h %(rest)s min") % words if rest else _("%(hours)s h") % words
