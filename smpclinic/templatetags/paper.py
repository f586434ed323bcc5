"""Template tags for documents on paper: ``{% load paper %}``."""

from django import template

from smpclinic import pdf

register = template.Library()


@register.filter
def printed(text, longest=pdf.LONGEST_TEXT):
    """``{{ session.note|printed }}`` or ``{{ name|printed:80 }}``: a typed text, bounded for print."""
    return pdf.printed(text, int(longest))
