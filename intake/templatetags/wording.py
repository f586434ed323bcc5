"""``{% load wording %}``: the clinic's texts as paragraphs and lists."""

import re

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def wording(text: str) -> SafeString:
    """A text as it was written: an empty line parts paragraphs, "- " begins an item of a list. Everything is escaped.

    >>> wording("One & two.\\n\\n- a\\n- b")
    '<p>One &amp; two.</p><ul><li>a</li><li>b</li></ul>'
    """
    parts = re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())
    return format_html_join("", "{}", ((_part(part),) for part in parts))


def _part(part: str) -> SafeString:
    lines = part.split("\n")
    if all(line.startswith("- ") for line in lines):
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((line[2:],) for line in lines)))
    return format_html("<p>{}</p>", format_html_join(SafeString("<br>"), "{}", ((line,) for line in lines)))
