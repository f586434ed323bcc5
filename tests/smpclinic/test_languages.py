"""Which language a page is in, and that a language which is offered is complete."""

import re
from datetime import date

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation

from smpclinic.languages import asked_for, patients_language
from smpclinic.local_dates import date_format
from smpclinic.translations import LOCALE, PATIENT_SOURCES, catalogue, collected, compile_messages, missing
from tests.make import make_clinic, make_manager

compile_messages([LOCALE])
PLACE = re.compile(r"%\(\w+\)[sd]|%%")
TRANSLATED = [code for code, _name in settings.LANGUAGES if code != "en"]


class TestComplete:
    @pytest.mark.parametrize("language", [code for code in settings.STAFF_LANGUAGES if code != "en"])
    def test_a_language_of_the_staff_has_every_text(self, language):
        assert [message.id for message in missing(language)] == []

    @pytest.mark.parametrize("language", TRANSLATED)
    def test_a_language_of_patients_has_everything_that_they_see(self, language):
        assert [message.id for message in missing(language, PATIENT_SOURCES)] == []

    def test_every_place_that_patients_see_exists_and_says_something(self):
        for pattern in PATIENT_SOURCES:
            assert list(settings.BASE_DIR.glob(pattern)), pattern
        assert len(collected(PATIENT_SOURCES)) > 500

    def test_what_is_not_translated_is_found(self, monkeypatch):
        there = catalogue("es")
        del there["Scar"]
        monkeypatch.setattr("smpclinic.translations.catalogue", lambda language: there)
        assert [message.id for message in missing("es")] == ["Scar"]

    @pytest.mark.parametrize("language", TRANSLATED)
    def test_a_translation_fills_the_places_of_its_text_and_no_others(self, language):
        for message in catalogue(language):
            texts = [message.id] if isinstance(message.id, str) else message.id
            said = [message.string] if isinstance(message.string, str) else message.string
            places = {place for text in texts for place in PLACE.findall(text)}
            assert {place for text in said for place in PLACE.findall(text)} <= places, message.id
            assert places == set(PLACE.findall(said[-1])) or not said[-1], message.id


class TestDates:
    def test_are_written_as_the_language_writes_them(self):
        day = date(2026, 5, 3)
        with translation.override("es"):
            assert date_format(day, "j F Y") == "3 de mayo de 2026"
        with translation.override("en"):
            assert date_format(day, "j F Y") == "3 May 2026"


@pytest.mark.django_db
class TestStaffPages:
    def test_speak_what_was_chosen_before_what_the_browser_asks_for(self, client):
        make_clinic()
        spanish = {"Accept-Language": "es-MX,en;q=0.5"}
        page = client.get(reverse("account_login"), headers=spanish)
        assert '<html lang="es" dir="ltr"' in page.content.decode()
        assert "Iniciar sesión" in page.content.decode()
        client.post(reverse("choose_language"), {"language": "en", "next": "/accounts/login/"})
        assert '<html lang="en"' in client.get(reverse("account_login"), headers=spanish).content.decode()

    def test_fall_back_to_the_clinics_language_and_are_never_half_translated(self):
        make_clinic(language="es")
        page = Client().get(reverse("account_login"), headers={"Accept-Language": "ar,fr"}).content.decode()
        assert '<html lang="es"' in page

    def test_choosing_leads_back_and_nowhere_else(self, client):
        client.force_login(make_manager())
        ours = client.post(reverse("choose_language"), {"language": "es", "next": "/stock/"})
        assert ours.url == "/stock/"
        theirs = client.post(reverse("choose_language"), {"language": "es", "next": "https://elsewhere.example/"})
        assert theirs.url == "/"
        for odd in ("javascript", "a b", "home", ""):
            answer = client.post(reverse("choose_language"), {"language": "es", "next": odd})
            assert answer.headers["Location"] == reverse("home")
        assert client.post(reverse("choose_language"), {"language": "ar"}).status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("patients", "clinics", "spoken"),
    [("es-MX", "en", "es"), ("fr", "es", "es"), ("xx", "xx", "en")],
)
def test_a_patient_is_spoken_to_in_a_language_the_program_has(patients, clinics, spoken):
    assert patients_language(patients, make_clinic(language=clinics)) == spoken


def test_the_browsers_wishes_are_read_in_their_order():
    assert asked_for("fr, es;q=0.8, en;q=0.9", ["en", "es"]) == "en"
    assert asked_for("", ["en"]) == ""
