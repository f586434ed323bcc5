"""Which languages the program speaks, to whom, and which one a page or paper is in.

A language is offered to staff only where the whole interface is translated, and to patients where everything is that
patients see (``smpclinic.translations.PATIENT_SOURCES``): tests hold both to it.
"""

from django.conf import settings
from django.utils.translation import get_language_info
from django.utils.translation.trans_real import parse_accept_lang_header

from smpclinic.models import ClinicProfile


def staff_languages() -> list[tuple[str, str]]:
    """Codes and names, each in its own words, of the languages of the whole interface."""
    return [(code, own_name(code)) for code in settings.STAFF_LANGUAGES]


def patient_languages() -> list[tuple[str, str]]:
    """Codes and names, each in its own words, of the languages of the patient's pages and papers."""
    return [(code, own_name(code)) for code, _name in settings.LANGUAGES]


def own_name(code: str) -> str:
    """A language's name in that language.

    >>> own_name("es"), own_name("xx")
    ('español', 'xx')
    """
    try:
        return str(get_language_info(code)["name_local"])
    except KeyError:
        return code


def patients_language(code: str, clinic: ClinicProfile | None = None) -> str:
    """The language of what this patient sees: their own where the program speaks it, else the clinic's."""
    for wanted in (code, (clinic or ClinicProfile.current()).language):
        found = spoken(wanted, [known for known, _name in settings.LANGUAGES])
        if found:
            return found
    return settings.LANGUAGE_CODE


def spoken(wanted: str, known: list[str]) -> str:
    """``wanted`` or its language without the country, where it is known; else an empty text.

    >>> spoken("es-MX", ["en", "es"]), spoken("fr", ["en"])
    ('es', '')
    """
    code = wanted.lower().replace("_", "-")
    return next((each for each in (code, code.partition("-")[0]) if each in known), "")


def asked_for(header: str, known: list[str]) -> str:
    """The first language of an Accept-Language header that is known; else an empty text."""
    wanted = (spoken(code, known) for code, _weight in parse_accept_lang_header(header))
    return next((code for code in wanted if code), "")
