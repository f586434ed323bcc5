"""The plan on paper: what stands on it, on both papers, and who printed it."""

import io

import pytest
from django.urls import reverse
from pypdf import PdfReader

from planning.plan_sheet import sheet_of
from smpclinic import chain
from smpclinic.models import AccessEntry
from smpclinic.pdf import PdfFailed, render_pdf
from tests.make import make_clinic, make_patient, make_practitioner, make_user
from tests.planning.plan_makers import NORWOOD_VI, agreed, approved, drafted

pytestmark = pytest.mark.django_db

SCAR = {"zone": "occipital", "treatment": "scar", "length_cm": 12, "width_cm": 1, "note": "Strip of 2019"}
MARK = {"zone": "nape", "treatment": "do_not_treat", "note": "Mole", "area_cm2": "1.5", "measured_by": "ruler"}


def printed(version, **options):
    return PdfReader(io.BytesIO(render_pdf("pdf/plan.html", sheet_of(version), **options)))


def text_of(reader):
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_it_says_what_is_planned():
    make_clinic(name="Clinica Norte", phone="+34 900 100 200")
    plan = agreed(patient=make_patient(full_name="Karim Haddad"), zones=[*NORWOOD_VI, SCAR, MARK], session_count=3,
                  long_session_reason="Asked for few visits.")  # fmt: skip

    text = text_of(printed(plan.current_version))

    for said in (
        "Clinica Norte", "Karim Haddad", plan.patient.record_number, "3 Medium light", "Natural", "€1,450.00",
        "Left upper side", "Among kept hair", "Strip of 2019", "12 × 1 cm", "Do not treat in Nape", "to be booked",
        str(plan.practitioner),
    ):  # fmt: skip
        assert said in text
    assert "Draft" not in text


def test_the_seal_and_the_head_of_the_chain_stand_on_it():
    plan = approved()

    text = text_of(printed(plan.current_version))

    assert plan.current_version.sealed.content_hash in text
    assert chain.head() in text


def test_a_draft_says_that_it_is_one():
    assert "Draft. Nobody has approved this yet" in text_of(printed(drafted().newest_version()))


def test_notes_for_staff_are_not_on_it():
    assert "Nervous." not in text_of(printed(drafted(note="Nervous.").newest_version()))


@pytest.mark.parametrize(("paper", "size"), [("A4", (595, 842)), ("Letter", (612, 792))])
def test_an_ordinary_plan_is_one_page_on_both_papers(paper, size):
    reader = printed(approved().current_version, paper=paper)

    box = reader.pages[0].mediabox
    assert (round(box.width), round(box.height)) == size
    assert len(reader.pages) == 1


def test_long_and_hostile_texts_stay_on_the_paper():
    nasty = "<img src=http://x.invalid/a.png> " + "W" * 150
    plan = approved(patient=make_patient(full_name=nasty[:160]), zones=[SCAR | {"note": nasty[:200]}])

    assert "<img" in text_of(printed(plan.current_version))


def test_the_same_plan_gives_the_same_bytes():
    version = approved().current_version

    assert render_pdf("pdf/plan.html", sheet_of(version)) == render_pdf("pdf/plan.html", sheet_of(version))


class TestView:
    def test_reception_prints_it_and_the_read_is_noted(self, client):
        make_clinic(paper="letter")
        client.force_login(make_user())
        plan = approved()

        answer = client.get(reverse("planning:plan_pdf", args=[plan.public_id]))

        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
        assert PdfReader(io.BytesIO(answer.content)).pages[0].mediabox.width == 612
        assert AccessEntry.objects.get().what == "plan on paper"

    def test_where_nothing_can_be_drawn_it_says_so(self, client, monkeypatch):
        def fail(*args, **options):
            raise PdfFailed("Print from the browser.")

        monkeypatch.setattr("planning.plan_sheet.render_pdf", fail)
        client.force_login(make_practitioner())

        answer = client.get(reverse("planning:plan_pdf", args=[approved().public_id]))

        assert answer.status_code == 503
        assert "Print from the browser." in answer.content.decode()


def test_large_print_is_larger():
    patient = make_patient()
    version = drafted(patient=patient, zones=NORWOOD_VI, long_session_reason="Asked for few visits.").newest_version()
    usual = len(printed(version).pages)

    patient.large_print = True
    patient.save()
    version.refresh_from_db()

    assert (usual, len(printed(version).pages)) == (1, 3)
