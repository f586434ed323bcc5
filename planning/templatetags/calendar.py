"""``{% load calendar %}``: what stands on every page of the calendar and of booking."""

from django import template

from planning import closing
from smpclinic.roles import Permission

register = template.Library()


@register.inclusion_tag("partials/booking_closed.html", takes_context=True)
def booking_closed(context) -> dict[str, object]:
    """A notice while booking is closed, with the way to the repair for those who may; else nothing."""
    return {"reasons": closing.reasons(), "may_repair": context["request"].user.has(Permission.SET_UP)}
