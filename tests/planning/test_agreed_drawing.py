"""What the agreement names exactly: the hairline as drawn and every shade; and the photo on the plan's paper."""

import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import override
from pypdf import PdfReader

from intake import actions as intake
from intake.models import Consent, Photo
from planning.actions.plan import revise_plan
from planning.models import Agreement, PlanVersion, ShadeStep
from planning.plan_content import hairline_mark, hairline_sha256
from planning.plan_sheet import plan_on_paper, sheet_of
from planning.treatment_consent import facts_for_patient
from smpclinic import storage
from smpclinic.actors import staff
from smpclinic.models import SealedRecord
from tests.make import make_patient, make_practitioner, make_user
from tests.planning.plan_makers import agreed, approved, drafted, whole_fields
from tests.planning.test_drawn_plans import with_photo
from tests.planning.test_hairline import drawn

pytestmark = pytest.mark.django_db

POINTS = [[60, 80], [100, 70], [140, 80]]


def images_of(pdf: bytes) -> int:
    """Pictures on the paper; the map is drawn, so only the shade and the photo are pictures."""
    return sum(len(page.images) for page in PdfReader(io.BytesIO(pdf)).pages)


class TestTheExactHairline:
    def test_the_signed_text_and_the_seal_name_version_and_drawing(self):
        plan = agreed(hairline_shape="custom", hairline_points=POINTS)
        version = plan.current_version

        said = Consent.objects.get(kind="treatment").exact_text
        sealed = json.loads(SealedRecord.objects.get(kind="agreement").content)

        assert f"Hairline: Custom, as drawn in version 1 (mark {hairline_mark(version)})" in said
        assert sealed["hairline_sha256"] == hairline_sha256(version)
        assert sealed["shade"]["name"] == version.shade_step.name
        assert Agreement.objects.get().plan_version == version

    def test_one_point_moved_by_one_is_another_hairline(self):
        moved = [[60, 80], [100, 71], [140, 80]]
        one, other = (
            drafted(hairline_shape="custom", hairline_points=points).newest_version() for points in (POINTS, moved)
        )
        assert hairline_mark(one) != hairline_mark(other)

    def test_a_change_beside_the_hairline_leaves_its_mark(self):
        one, other = (drafted(price_minor=price).newest_version() for price in (100_000, 200_000))
        assert hairline_mark(one) == hairline_mark(other)

    def test_a_head_measured_anew_is_another_hairline_its_millimetres_change(self):
        one, other = (drafted(head_circumference_cm=size).newest_version() for size in ("57.0", "58.0"))
        assert hairline_mark(one) != hairline_mark(other)

    def test_where_the_front_edge_stays_nothing_is_named(self):
        version = drafted(hairline_shape="", zones=[{"zone": "vertex"}]).newest_version()
        assert hairline_mark(version) == ""
        assert "Hairline" not in dict(facts_for_patient(version))

    def test_zones_with_a_shade_of_their_own_are_named_with_it(self):
        dark = ShadeStep(number=9, name="Very dark", pigment_ml=1, water_ml=1)
        dark.save()
        version = drafted(zones=[{"zone": "vertex", "shade_step": dark}, {"zone": "mid_scalp"}]).newest_version()
        assert dict(facts_for_patient(version))["Shade"] == "3 Medium light; Vertex (crown): 9 Very dark"

    def test_the_same_mark_stands_on_the_page_and_on_paper(self, client):
        plan = approved()
        client.force_login(plan.practitioner)
        mark = hairline_mark(plan.current_version)

        page = client.get(plan.get_absolute_url()).content.decode()
        paper = plan_on_paper(plan.current_version, paper="A4", with_photo=True)

        assert f"Mark {mark}" in page
        assert f"mark {mark}" in " ".join(PdfReader(io.BytesIO(paper)).pages[0].extract_text().split())


class TestEarlierVersions:
    def test_what_was_agreed_to_is_still_shown_while_a_change_is_drafted(self, client):
        plan = agreed(hairline_shape="custom", hairline_points=POINTS)
        was = hairline_mark(plan.current_version)
        fields = whole_fields(hairline_shape="soft")
        revise_plan(plan=plan, fields=fields, zones=[{"zone": "hairline_band"}], by=staff(plan.practitioner))
        client.force_login(plan.practitioner)

        now = client.get(plan.get_absolute_url()).content.decode()
        before = client.get(reverse("planning:plan_version", args=[plan.public_id, 1])).content.decode()

        assert f"Mark {was}" not in now
        assert f"Mark {was}" in before
        assert "In force" in before
        assert plan.patient.full_name in before
        assert reverse("planning:plan_version", args=[plan.public_id, 1]) in now

    def test_a_version_that_never_was_is_not_found(self, client):
        plan = drafted()
        client.force_login(plan.practitioner)
        assert client.get(reverse("planning:plan_version", args=[plan.public_id, 2])).status_code == 404


class TestThePhotoOnPaper:
    @pytest.fixture
    def version(self) -> PlanVersion:
        patient = make_patient()
        return approved(patient=patient, hairline_photo=with_photo(patient), hairline_on_photo=drawn()).current_version

    def test_the_patients_photo_with_the_hairline_is_on_it(self, version):
        without = images_of(plan_on_paper(version, paper="A4", with_photo=False))
        assert images_of(plan_on_paper(version, paper="A4", with_photo=True)) == without + 1

    def test_once_the_consent_is_taken_back_it_is_not(self, version):
        without = images_of(plan_on_paper(version, paper="A4", with_photo=False))
        consent = Consent.objects.get(kind="photos_record")
        intake.withdraw_consent(consent=consent, note="", by=staff(version.plan.practitioner))
        assert images_of(plan_on_paper(version, paper="A4", with_photo=True)) == without

    def test_a_damaged_photo_leaves_the_paper_without_it_and_says_so(self, version):
        without = images_of(plan_on_paper(version, paper="A4", with_photo=False))
        stored = storage.store(b"not what was taken", folder="photos", suffix="jpg")
        Photo.objects.filter(pk=version.hairline_photo_id).update(file=stored.name)
        version.refresh_from_db()
        paper = plan_on_paper(version, paper="A4", with_photo=True)
        assert images_of(paper) == without
        assert "could not be read" in PdfReader(io.BytesIO(paper)).pages[0].extract_text()

    def test_reception_prints_it_without_the_photo_a_practitioner_with_it(self, version, client):
        found = []
        for person in (make_user(), make_practitioner()):
            client.force_login(person)
            found.append(images_of(client.get(reverse("planning:plan_pdf", args=[version.plan.public_id])).content))
        assert found[1] == found[0] + 1


class TestThePatientsLanguage:
    """Django's own names of months tell which language was asked for, whoever has translated how much of ours."""

    def printed_for(self, language: str) -> PdfReader:
        plan = approved(patient=make_patient(language=language))
        return PdfReader(io.BytesIO(plan_on_paper(plan.current_version, paper="A4", with_photo=False)))

    @pytest.fixture(autouse=True)
    def in_november(self, time_machine):
        time_machine.move_to("2026-11-25 10:00:00Z", tick=False)

    def test_a_plan_speaks_the_patients_language_where_the_program_does(self):
        paper = self.printed_for("es-MX")
        assert "noviembre" in paper.pages[0].extract_text().lower()
        assert paper.root_object["/Lang"] == "es"

    def test_else_it_speaks_that_of_the_clinic_and_never_two_at_once(self):
        paper = self.printed_for("pl")
        assert "November" in paper.pages[0].extract_text()
        assert paper.root_object["/Lang"] == "en"

    def test_it_is_read_from_right_to_left_where_the_language_is(self):
        plan = approved(patient=make_patient(language="ar"))
        with override("ar"):
            assert '<html lang="ar" dir="rtl"' in render_to_string("pdf/plan.html", sheet_of(plan.current_version))

    def test_the_page_to_sign_is_in_it_too(self, client):
        plan = agreed(patient=make_patient(language="es"))
        client.force_login(plan.practitioner)
        page = client.get(reverse("planning:agree", args=[plan.public_id])).content.decode()
        assert '<html lang="es"' in page


def test_a_photo_that_is_no_photo_never_reaches_a_plan():
    patient = make_patient()
    with_photo(patient)
    upload = SimpleUploadedFile("a.jpg", b"MZ this is a program, not a photo", "image/jpeg")
    with pytest.raises(Exception, match="not a photo") as refusal:
        intake.add_photo(patient=patient, view="front", upload=upload, by=staff(make_practitioner()))
    assert refusal.value.code == "format"
    assert patient.photos.count() == 1
