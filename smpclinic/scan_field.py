"""A text field for a printed code: typed, from a scanner gun, or with the camera (static/js/scan.js)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from smpclinic.printed_codes import LONGEST


def scan_attrs(*, press: str = "") -> dict[str, object]:
    """What the script needs; ``press`` is the id of the button it presses once a code was read."""
    attrs = {
        "data-scan": _("Scan with the camera"),
        "data-scan-close": _("Close the camera"),
        "data-scan-failed": _("No camera here: type the code"),
        "autocomplete": "off",
        "spellcheck": "false",
        "maxlength": LONGEST,
    }
    return attrs | ({"data-scan-press": press} if press else {})


class ScanInput(forms.TextInput):
    """The widget of such a field."""

    def __init__(self, *, press: str = "", attrs: dict[str, object] | None = None) -> None:
        super().__init__(attrs=scan_attrs(press=press) | (attrs or {}))
