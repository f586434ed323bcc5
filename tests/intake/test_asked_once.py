"""Each fact is told once, on the page where it belongs, and everything that depends on it follows."""

import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from intake import actions
from intake.defaults import install
from intake.findings import answers_of, findings_for
from intake.screening import Kind
from smpclinic.actors import staff
from tests.make import make_clinic, make_patient, make_user

pytestmark = pytest.mark.django_db
TYPED = "Δοκιμή 🙂 \u202bمرحبا\u202c 山田"


@pytest.fixture
def desk(client):
    install()
    make_clinic()
    client.user = make_user()
    client.force_login(client.user)
    return client


@pytest.fixture
def intake(desk):
    return actions.start_intake(patient=make_patient(), by=staff(desk.user))


def send(desk, intake, slug, **told):
    seen = intake.latest().number if intake.latest() else 0
    return desk.post(reverse("intake:step", args=[intake.public_id, slug]), {"seen": seen} | told)


def page(desk, intake, slug) -> str:
    return desk.get(reverse("intake:step", args=[intake.public_id, slug])).content.decode()


def medicines(*rows):
    told = {"medicines-TOTAL_FORMS": len(rows), "medicines-INITIAL_FORMS": 0}
    for number, row in enumerate(rows):
        told |= {f"medicines-{number}-{name}": value for name, value in row.items()}
    return told


def found(intake, *, on):
    return {(f.code, f.kind, f.earliest) for f in findings_for(intake.patient, on=on) if f.kind is not Kind.MISSING}


def test_chemotherapy_as_a_cause_waits_six_months_from_its_end_and_wants_a_letter(desk, intake):
    told = {"medication-chemotherapy-is": "on", "medication-chemotherapy-until": "31 August 2026"}
    assert send(desk, intake, "causes", **told).status_code == 302
    chemotherapy = {row for row in found(intake, on=date(2026, 9, 3)) if row[0] == "chemotherapy_or_radiation"}
    assert chemotherapy == {
        ("chemotherapy_or_radiation", Kind.WAIT_UNTIL, date(2027, 2, 28)),
        ("chemotherapy_or_radiation", Kind.DOCTORS_LETTER, None),
    }
    assert {kind for _code, kind, _day in found(intake, on=date(2027, 2, 28))} == {Kind.DOCTORS_LETTER}
    assert "This counts as a yes." in page(desk, intake, "health-medicines")


@pytest.mark.parametrize(
    ("medicine", "code", "kind"),
    [
        ("Xarelto 20 mg", "blood_thinning", Kind.DOCTORS_LETTER),
        ("Aspirin", "blood_thinning", Kind.DOCTORS_LETTER),
        ("ramipril", "high_blood_pressure", Kind.DOCTORS_LETTER),
        ("Prednisolone", "weakened_immunity", Kind.DOCTORS_LETTER),
        ("Metformin", "diabetes", Kind.CAUTION),
    ],
)
def test_a_medicine_in_the_list_answers_its_health_question(desk, intake, medicine, code, kind):
    send(desk, intake, "medicines", **medicines({"name": medicine, "is_ongoing": "on"}))
    assert (code, kind, None) in found(intake, on=timezone.localdate())


def test_a_medicine_of_no_concern_asks_for_nothing(desk, intake):
    told = {"medication-oral_contraceptives-is": "on", "medication-oral_contraceptives-since": "2015"}
    send(desk, intake, "causes", **told)
    send(desk, intake, "medicines", **medicines({"name": "Microgynon", "is_ongoing": "on"}))
    assert found(intake, on=timezone.localdate()) == set()


def test_the_last_page_names_the_pages_of_health_with_a_question_left_open(desk, intake):
    send(desk, intake, "reasons", reasons=["thinning"])
    told = page(desk, intake, "check")
    assert "Some questions have no answer yet" in told
    link = f'<li><a href="{reverse("intake:step", args=[intake.public_id, "health-information"])}">'
    assert link in told
    send(desk, intake, "health-information", **{"mri_planned-answer": "no", "blood_donor-answer": "no"})
    assert link not in page(desk, intake, "check")


def test_no_transplant_said_with_the_hair_answers_the_question_of_health(desk, intake):
    def replies():
        return {rule: answer.reply for rule, answer in answers_of(intake.latest(), on=timezone.localdate()).items()}

    assert "checked" not in re.search(r'<input[^>]*name="transplant_kind"[^>]*>', page(desk, intake, "hair"))[0]
    send(desk, intake, "hair")
    assert "hair_transplant" not in replies()
    send(desk, intake, "hair", transplant_kind="none")
    assert replies()["hair_transplant"] == "no"
    send(desk, intake, "health-procedures", **{"hair_transplant-answer": "yes", "hair_transplant-option": "fue"})
    assert replies()["hair_transplant"] == "yes"


def test_a_transplant_told_with_the_hair_is_waited_for(desk, intake):
    send(desk, intake, "hair", transplant_kind="fut", transplant_on="31 January 2026")
    assert found(intake, on=date(2026, 9, 3)) == {("hair_transplant", Kind.WAIT_UNTIL, date(2027, 1, 31))}
    assert found(intake, on=date(2027, 1, 31)) == set()


def test_the_family_is_asked_about_once(desk, intake):
    assert "Who in the family has lost hair?" in page(desk, intake, "pattern")
    send(desk, intake, "causes", **{"hereditary-is": "on", "hereditary-detail": "Father", "hereditary-since": "2015"})
    pattern = page(desk, intake, "pattern")
    assert "Who in the family has lost hair?" not in pattern
    assert "1 January 2015" in pattern  # since when, from the cause
    send(desk, intake, "pattern", picture="temples", onset_on="2015")
    assert "Father" in page(desk, intake, "check")


@pytest.mark.parametrize(
    ("slug", "told", "field"),
    [
        ("causes", {"trauma-is": "on", "trauma-since": "May 2999"}, "trauma-since"),
        ("causes", {"trauma-is": "on", "trauma-name": "x" * 10_000}, "trauma-name"),
        ("causes", {"trauma-is": "on", "trauma-name": "a\0b"}, "trauma-name"),
        ("pattern", {"onset_on": "1 May 1900"}, "onset_on"),
        ("pattern", {"onset_on": "x" * 10_000}, "onset_on"),
        ("hair", {"length_mm": "1501"}, "length_mm"),
        ("hair", {"treatments_chosen": "magic"}, "treatments_chosen"),
        ("hair", {"transplant_kind": "fue", "transplant_on": "May 2999"}, "transplant_on"),
        (
            "health-medicines",
            {"isotretinoin-answer": "yes", "isotretinoin-on_date": "yesterday-ish"},
            "isotretinoin-on_date",
        ),
        ("health-skin", {"keloid-answer": "maybe"}, "keloid-answer"),
    ],
)
def test_what_cannot_be_true_is_refused_beside_its_field_and_nothing_is_saved(desk, intake, slug, told, field):
    answer = send(desk, intake, slug, **told)
    assert field in answer.context["form"].errors
    assert answer.context["form"].errors[field][0]
    assert intake.latest() is None


def test_any_script_and_emoji_are_kept_as_they_were_typed(desk, intake):
    send(desk, intake, "wishes", wishes=TYPED)
    assert intake.latest().wishes == TYPED
    assert TYPED in page(desk, intake, "wishes")


def test_a_page_refused_keeps_what_was_typed(desk, intake):
    told = {"trauma-is": "on", "trauma-name": TYPED, "trauma-since": "May 2999"}
    words = send(desk, intake, "causes", **told).content.decode()
    assert TYPED in words
    assert "May 2999" in words
    assert "is in the future" in words


def test_treatments_now_are_chosen_and_read_back(desk, intake):
    send(desk, intake, "hair", treatments_chosen=["minoxidil", "finasteride"], treatments_now="since 2019")
    assert intake.latest().treatments_chosen == ["minoxidil", "finasteride"]
    assert "Minoxidil, Finasteride; since 2019" in page(desk, intake, "check")
