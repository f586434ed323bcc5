"""The ``date`` filter of every template (a builtin): its English pattern in the words of the language in force."""

from django import template
from django.template.defaultfilters import date as django_date

from smpclinic.local_dates import local_pattern

register = template.Library()


@register.filter(expects_localtime=True, is_safe=False)
def date(value, pattern=None):
    """``{{ visit.starts_at|date:"j F Y" }}``."""
    return django_date(value, local_pattern(pattern) if pattern else pattern)
