"""A screen turned to the patient: until a member of staff turns it back, this browser reaches nothing else.

Held in the session on the server, so neither the address bar, nor the back button, nor another tab of the same browser
leads out. Turning back needs the password of whoever is signed in; signing out ends it as well, with everything else.
"""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation

from smpclinic import limits

TURNED = "turned_to_patient"
TRIES = (5, 5 * 60)  # tries, in seconds


class TurnedToPatient:
    """Middleware: whatever is asked of a turned screen but its own page leads back to that page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        turned = request.session.get(TURNED)
        if turned and request.user.is_authenticated and request.path not in _ways_of(turned):
            return HttpResponseRedirect(turned["page"])
        if turned and request.path in (turned["page"], *turned["also"]):
            with translation.override(turned.get("language") or translation.get_language()):
                return self.get_response(request)
        return self.get_response(request)


def _ways_of(turned: dict) -> set[str]:
    return {turned["page"], *turned["also"], reverse("turn_back"), reverse("account_logout")}


def turn(request: HttpRequest, *, page: str, back: str, language: str, also: Iterable[str] = ()) -> None:
    """Turn the screen: ``page`` and ``also`` (its pictures) are all it reaches, in the patient's ``language``; turned
    back, it goes on at ``back``."""
    request.session[TURNED] = {"page": page, "back": back, "also": list(also), "language": language}


def is_turned(request: HttpRequest) -> bool:
    return TURNED in request.session


def may_try(request: HttpRequest) -> bool:
    """Whether one more password may be tried for this person; asked before anything is hashed."""
    return limits.allow("turn back", str(request.user.pk), *TRIES)


def turn_back(request: HttpRequest) -> str:
    """Open the program again; returns the address to go on at."""
    limits.forgive("turn back", str(request.user.pk))
    return request.session.pop(TURNED)["back"]
