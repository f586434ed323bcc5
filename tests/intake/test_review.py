"""The review of a handed-in intake: corrected with a trace, accepted as it was read, or sent back."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from intake import actions, defaults
from intake.actors import by_kiosk, by_link
from intake.corrections import corrections_of
from intake.questionnaire import Questionnaire
from smpclinic.actors import staff
from smpclinic.models import AuditEntry
from tests.make import make_patient, make_practitioner, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _defaults():
    defaults.install()


@pytest.fixture
def reception():
    return make_user(display_name="Rosa Reception")


@pytest.fixture
def desk(client, reception):
    client.force_login(reception)
    return client


@pytest.fixture
def handed_in(reception):
    """What Anna answered at home and handed in."""
    patient = make_patient(full_name="Anna Kowalska")
    intake = actions.start_intake(patient=patient, by=staff(reception))
    answers = {"reasons": ["thinning"], "causes": [{"cause": "hereditary"}], "wishes": "Soft."}
    actions.save_answers(intake=intake, answers=answers, by=by_link(patient))
    return actions.submit_intake(intake=intake, by=by_link(patient))


def step_of(intake, slug):
    return reverse("intake:step", args=[intake.public_id, slug])


def review_of(intake):
    return reverse("intake:review", args=[intake.public_id])


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def changes_of(intake):
    found = corrections_of(intake, Questionnaire(intake).sections)
    return [(row.version.actor_label, change.before, change.after) for row in found for change in row.changes]


def test_staff_corrects_with_a_trace_and_comes_back_to_the_review(desk, handed_in):
    answer = desk.post(step_of(handed_in, "wishes"), {"wishes": "Soft, low.", "seen": "1"})
    assert answer.url == review_of(handed_in)
    assert changes_of(handed_in) == [("Rosa Reception", "Soft.", "Soft, low.")]
    words = text_of(desk.get(review_of(handed_in)))
    assert "<del>Soft.</del> → <ins>Soft, low.</ins>" in words
    assert AuditEntry.objects.filter(verb="corrected", actor_label="Rosa Reception").exists()
    assert handed_in.versions.get(number=1).wishes == "Soft."


def test_several_of_one_kind_are_told_as_one_fact(handed_in, reception):
    rows = [{"name": "Xarelto"}, {"name": "Ramipril"}]
    actions.save_answers(intake=handed_in, answers={"medications": rows}, by=staff(reception))
    assert changes_of(handed_in) == [
        ("Rosa Reception", "", "Xarelto; Ramipril"),
        ("Rosa Reception", "None told", ""),
    ]


def test_what_staff_wrote_before_the_patient_is_no_correction(reception):
    patient = make_patient()
    intake = actions.start_intake(patient=patient, by=staff(reception))
    actions.save_answers(intake=intake, answers={"wishes": "Sharp."}, by=staff(reception))
    actions.save_answers(intake=intake, answers={"wishes": "Soft."}, by=by_kiosk(patient))
    assert changes_of(intake) == []


def test_the_patient_cannot_change_what_was_handed_in(handed_in):
    with pytest.raises(ValidationError, match="handed in"):
        actions.save_answers(intake=handed_in, answers={"wishes": "Other."}, by=by_link(handed_in.patient))


def test_nobody_changes_what_was_accepted(desk, handed_in, reception):
    actions.accept_intake(intake=handed_in, by=staff(reception))
    with pytest.raises(ValidationError, match="handed in"):
        actions.save_answers(intake=handed_in, answers={"wishes": "Other."}, by=staff(reception))
    assert desk.get(step_of(handed_in, "wishes")).url == review_of(handed_in)


def test_only_what_was_read_is_accepted(desk, handed_in):
    by = staff(make_practitioner(display_name="Pia Practitioner"))
    actions.save_answers(intake=handed_in, answers={"wishes": "Sharp."}, by=by)
    answer = desk.post(review_of(handed_in), {"accept": "yes", "seen": "1"})
    assert "Pia Practitioner changed the answers while you were reading" in text_of(answer)
    assert desk.post(review_of(handed_in), {"accept": "yes", "seen": "2"}).url == handed_in.patient.get_absolute_url()


def test_two_people_correcting_at_once_lose_nothing(desk, handed_in):
    by = staff(make_practitioner(display_name="Pia Practitioner"))
    actions.save_answers(intake=handed_in, answers={"wishes": "Sharp."}, by=by)
    answer = desk.post(step_of(handed_in, "wishes"), {"wishes": "Low.", "seen": "1"})
    assert answer.status_code == 409
    words = text_of(answer)
    assert "Pia Practitioner saved this page" in words
    assert "Sharp." in words
    assert "Low." in words


def test_the_page_of_the_intakes_leads_to_the_review_first(desk, handed_in):
    page_of = reverse("intake:intake", args=[handed_in.patient.public_id])
    words = text_of(desk.get(page_of))
    assert words.index("An intake waits for its review") < words.index("Start another intake")
    actions.accept_intake(intake=handed_in, by=staff(desk.get(page_of).wsgi_request.user))
    assert "waits for its review" not in text_of(desk.get(page_of))


def test_the_page_of_the_intakes_says_where_one_is(desk, handed_in):
    words = text_of(desk.get(reverse("intake:intake", args=[handed_in.patient.public_id])))
    assert 'aria-current="page">Intake</a>' in words
