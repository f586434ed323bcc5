"""The language of the staff's pages: what was chosen in this browser, else what it asks for, else the clinic's.

Patients' pages are apart: they open in the patient's language, whoever is signed in (``smpclinic.languages``).
"""

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpResponse, HttpResponseRedirect
from django.utils import translation

from smpclinic.languages import asked_for, spoken
from smpclinic.models import ClinicProfile

KEPT_S = 365 * 24 * 60 * 60


class StaffLanguage:
    """Middleware: only a language in which the whole interface is translated is ever chosen here."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        language = language_for(request)
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


def language_for(request) -> str:
    """The language of the staff's pages in this browser."""
    chosen = spoken(request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""), settings.STAFF_LANGUAGES)
    wished = chosen or asked_for(request.headers.get("Accept-Language", ""), settings.STAFF_LANGUAGES)
    return wished or spoken(_clinics(), settings.STAFF_LANGUAGES) or settings.LANGUAGE_CODE


def keep(response: HttpResponse | HttpResponseRedirect, language: str) -> None:
    """Remember the choice in this browser."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=KEPT_S,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _clinics() -> str:
    try:
        return ClinicProfile.current().language
    except DatabaseError:
        return ""  # /healthz and the error pages must still be able to say so
