"""The life of a doctor's letter: asked for and printed in one press, awaited, received with a scan, accepted."""

import io
import zlib
from datetime import timedelta

import pypdf
import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from intake import actions
from intake.defaults import install
from intake.figures import Figures
from intake.findings import is_screening_clear, judged_findings
from intake.models import DoctorLetter, IssuedDocument
from intake.papers import letter_context
from intake.rules import intake_rules
from smpclinic import pdf, storage
from smpclinic.actors import staff
from smpclinic.models import AuditValue
from smpclinic.scans import clean_scan
from tests.make import make_clinic, make_manager, make_patient, make_practitioner, make_user

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


@pytest.fixture
def desk(client):
    install()
    make_clinic(phone="+44 20 7946 0000", address="1 High Street")
    user = make_user()
    client.force_login(user)
    client.user = user
    return client


@pytest.fixture
def patient(desk):
    """Takes a blood thinner and has a heart valve disease; everything else is answered with no."""
    patient = make_patient(doctor="Dr Lis", large_print=False)
    yes = {"blood_thinning", "heart_valve_disease"}
    health = {rule.code: {"answer": "yes" if rule.code in yes else "no"} for rule in intake_rules()}
    intake = actions.start_intake(patient=patient, by=staff(desk.user))
    answers = {"reasons": ["thinning"], "causes": [{"cause": "hereditary"}], "health": health}
    actions.save_answers(intake=intake, answers=answers, by=staff(desk.user))
    return patient


def page(patient):
    return reverse("intake:screening", args=[patient.public_id])


def picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (200, 300), "white").save(file, "PNG")
    return file.getvalue()


class TestAsking:
    def test_one_press_asks_and_prints_for_everything_that_needs_a_letter(self, desk, patient):
        answer = desk.post(page(patient), {"request": "yes", "rule": ""})

        document = IssuedDocument.objects.get(kind="doctor_letter_request")
        assert answer.url == reverse("intake:document", args=[document.public_id])
        paper = desk.get(answer.url).content
        words = "".join(sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(paper)).pages)
        for said in ("Dr Lis", "Blood thinning or bleeding", "Heart valve disease", "tear off", patient.record_number):
            assert said in words
        assert set(DoctorLetter.objects.values_list("rule", "request_id")) == {
            ("blood_thinning", document.pk),
            ("heart_valve_disease", document.pk),
        }

    def test_large_print_is_honoured(self, desk, patient):
        usual = pdf.render_pdf("pdf/doctor_letter.html", self._context(patient))
        patient.large_print = True
        large = pdf.render_pdf("pdf/doctor_letter.html", self._context(patient))
        assert self._largest_body(large) > self._largest_body(usual)

    def _context(self, patient):
        letter = DoctorLetter(patient=patient, rule="blood_thinning", requested_at=timezone.now(), doctor="Dr Lis")
        return letter_context([letter])

    def _largest_body(self, content):
        sizes = []
        for sheet in pypdf.PdfReader(io.BytesIO(content)).pages:
            sheet.extract_text(visitor_text=lambda text, cm, tm, font, size: sizes.append((text, size * cm[0])))
        return max(size for text, size in sizes if "scalp micropigmentation" in text)

    def test_a_letter_that_cannot_be_drawn_is_asked_for_all_the_same(self, desk, patient, monkeypatch):
        def fails(*args, **kwargs):
            raise pdf.PdfImpossible("PDF files cannot be made on this computer.")

        monkeypatch.setattr("intake.papers.render_pdf", fails)
        words = desk.post(page(patient), {"request": "yes", "rule": "blood_thinning"}, follow=True).content.decode()
        assert "was not printed. PDF files cannot be made" in words
        letter = DoctorLetter.objects.get()
        assert "Print from the browser" in words
        assert "Blood thinning" in desk.get(reverse("intake:letter_page", args=[letter.public_id])).content.decode()

    def test_once_all_are_asked_nothing_asks_for_all_again(self, desk, patient):
        assert "One letter for all 2" in desk.get(page(patient)).content.decode()
        desk.post(page(patient), {"request": "yes", "rule": ""})
        assert "One letter for all" not in desk.get(page(patient)).content.decode()
        DoctorLetter.objects.update(due_on=timezone.localdate() - timedelta(days=1))
        assert "One letter for all 2" in desk.get(page(patient)).content.decode()

    def test_that_no_medicine_is_stopped_is_said_once(self, desk, patient):
        health = {rule.code: {"answer": "yes"} for rule in intake_rules()}
        intake = patient.intakes.get()
        actions.save_answers(intake=intake, answers={"health": health}, by=staff(desk.user))
        assert desk.get(page(patient)).content.decode().count("Never advise anyone to stop") == 1

    def test_pressing_twice_asks_once(self, desk, patient):
        for _time in range(2):
            desk.post(page(patient), {"request": "yes", "rule": "blood_thinning"})
        assert DoctorLetter.objects.count() == 1

    def test_a_letter_is_overdue_the_day_after_it_was_expected(self, desk, patient):
        actions.set_figures(figures=Figures(letter_due_days=10), by=staff(make_manager()))
        letter = actions.request_letter(patient=patient, rule="blood_thinning", by=staff(desk.user))
        expected = timezone.localdate() + timedelta(days=10)
        assert letter.due_on == expected
        assert not DoctorLetter.objects.overdue(on=expected)
        assert list(DoctorLetter.objects.overdue(on=expected + timedelta(days=1))) == [letter]

    def test_an_overdue_letter_stands_in_the_to_do_list_until_it_is_asked_for_again(self, desk, patient):
        letter = actions.request_letter(patient=patient, rule="blood_thinning", by=staff(desk.user))
        DoctorLetter.objects.update(due_on=timezone.localdate() - timedelta(days=1))
        said = "Ask again for the doctor&#x27;s letter"
        assert said in desk.get(reverse("home"), follow=True).content.decode()
        actions.request_letter(patient=patient, rule="blood_thinning", by=staff(desk.user))
        assert said not in desk.get(reverse("home"), follow=True).content.decode()
        letter.refresh_from_db()
        assert letter.due_on > timezone.localdate()


class TestReceiving:
    @pytest.fixture
    def letter(self, desk, patient):
        return actions.request_letter(patient=patient, rule="blood_thinning", by=staff(desk.user))

    def sent(self, letter, **changes):
        today = timezone.localdate()
        return {"receive": "yes", "letter": letter.public_id, "doctor": "Dr Lis", "dated_on": today} | changes

    def test_a_pdf_is_kept_as_it_came_and_handed_out_as_a_download(self, desk, patient, letter):
        scan = SimpleUploadedFile("answer.pdf", PDF, "application/pdf")
        assert desk.post(page(patient), self.sent(letter, scan=scan)).status_code == 302
        letter.refresh_from_db()
        assert storage.read(letter.file, sha256=letter.file_sha256) == PDF
        url = reverse("intake:letter_file", args=[letter.public_id])
        assert desk.get(url).status_code == 403  # the desk receives letters, those who treat read them
        desk.force_login(make_practitioner())
        answer = desk.get(url)
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer.content == PDF

    def test_a_photo_of_the_paper_is_encoded_anew(self, desk, patient, letter):
        desk.post(page(patient), self.sent(letter, scan=SimpleUploadedFile("a.png", picture(), "image/png")))
        letter.refresh_from_db()
        assert letter.media_type == "image/jpeg"
        assert storage.read(letter.file, sha256=letter.file_sha256)[:2] == b"\xff\xd8"

    def test_a_wrong_file_is_refused_beside_the_field_and_nothing_is_half_saved(self, desk, patient, letter):
        scan = SimpleUploadedFile("a.exe", b"MZ\x90", "application/pdf")
        words = desk.post(page(patient), self.sent(letter, scan=scan, doctor="Dr Typed")).content.decode()
        assert "not a photo in JPEG, PNG or WebP" in words
        assert "Dr Typed" in words
        letter.refresh_from_db()
        assert (letter.received_at, letter.doctor) == (None, "Dr Lis")

    def test_a_letter_from_the_future_is_refused(self, desk, patient, letter):
        tomorrow = timezone.localdate() + timedelta(days=1)
        assert (
            "This date is in the future."
            in desk.post(page(patient), self.sent(letter, dated_on=tomorrow)).content.decode()
        )

    def test_one_answer_to_one_paper_is_received_once_for_all_that_was_asked(self, desk, patient):
        desk.post(page(patient), {"request": "yes", "rule": ""})
        thinning = DoctorLetter.objects.get(rule="blood_thinning")
        assert "It answers everything asked on the same paper" in desk.get(page(patient)).content.decode()
        scan = SimpleUploadedFile("answer.pdf", PDF, "application/pdf")
        desk.post(page(patient), self.sent(thinning, scan=scan, whole_paper="on"))
        for letter in DoctorLetter.objects.all():
            assert (letter.doctor, storage.read(letter.file, sha256=letter.file_sha256)) == ("Dr Lis", PDF)
            assert letter.received_at
            assert (
                not letter.accepted_at
            )  # each is accepted on its own: a doctor may say yes to one and no to the other

    def test_without_the_tick_only_the_one_has_come(self, desk, patient):
        desk.post(page(patient), {"request": "yes", "rule": ""})
        desk.post(page(patient), self.sent(DoctorLetter.objects.get(rule="blood_thinning")))
        assert list(DoctorLetter.objects.awaited().values_list("rule", flat=True)) == ["heart_valve_disease"]

    def test_a_better_letter_takes_the_place_of_one_that_was_not_accepted(self, desk, patient, letter):
        first = SimpleUploadedFile("a.pdf", PDF, "application/pdf")
        desk.post(page(patient), self.sent(letter, scan=first))
        letter.refresh_from_db()
        former = letter.file
        assert "A better letter has come" in desk.get(page(patient)).content.decode()
        second = SimpleUploadedFile("b.png", picture(), "image/png")
        desk.post(page(patient), self.sent(letter, scan=second, doctor="Dr Roth"))
        letter.refresh_from_db()
        assert (letter.doctor, letter.media_type) == ("Dr Roth", "image/jpeg")
        assert AuditValue.objects.filter(field="file", before=former, after=letter.file).exists()

    def test_a_no_of_the_doctor_stands_and_is_asked_anew(self, desk, patient, letter):
        desk.post(page(patient), self.sent(letter, answer="not_now"))
        letter.refresh_from_db()
        assert "It should not be done now" in desk.get(page(patient)).content.decode()
        assert not DoctorLetter.objects.to_accept()
        assert AuditValue.objects.filter(field="answer", after="not_now").exists()
        with pytest.raises(ValidationError, match="no treatment now"):
            actions.accept_letter(letter=letter, by=staff(make_practitioner()))
        other = actions.request_letter(patient=patient, rule=letter.rule, by=staff(desk.user))
        assert (other.pk != letter.pk, other.received_at) == (True, None)

    def test_from_the_day_that_the_doctor_names_it_can_be_accepted(self, desk, patient, letter):
        tomorrow = timezone.localdate() + timedelta(days=1)
        desk.post(page(patient), self.sent(letter, answer="not_now", possible_from=tomorrow))
        practitioner = staff(make_practitioner())
        with pytest.raises(ValidationError):
            actions.accept_letter(letter=letter, by=practitioner)
        with time_machine.travel(timezone.now() + timedelta(days=1)):
            assert list(DoctorLetter.objects.to_accept()) == [letter]
            actions.accept_letter(letter=letter, by=practitioner)
            standing = [j.finding.code for j in judged_findings(patient, on=tomorrow) if j.is_standing]
            assert letter.rule not in standing

    def test_what_the_doctor_asks_to_mind_stands_beside_the_settled_finding(self, desk, patient, letter):
        desk.post(page(patient), self.sent(letter, answer="with_care", to_mind="No session longer than an hour"))
        actions.accept_letter(letter=letter, by=staff(make_practitioner()))
        settled = [
            j.settled for j in judged_findings(patient, on=timezone.localdate()) if j.finding.code == letter.rule
        ]
        assert "To mind: No session longer than an hour" in settled[0]

    @pytest.mark.parametrize(
        ("told", "words"),
        [
            ({"answer": "with_care"}, "Write what the doctor asks to mind."),
            ({"answer": "clear", "possible_from": "2030-01-01"}, "Choose that answer, or clear the day."),
        ],
    )
    def test_half_an_answer_is_refused_beside_its_field(self, desk, patient, letter, told, words):
        page_again = desk.post(page(patient), self.sent(letter, doctor="Dr Typed", **told)).content.decode()
        assert words in page_again
        assert "Dr Typed" in page_again
        letter.refresh_from_db()
        assert letter.received_at is None

    def test_only_once_accepted_does_it_settle_the_finding(self, desk, patient, letter):
        practitioner = staff(make_practitioner())
        today = timezone.localdate()
        actions.receive_letter(letter=letter, doctor="Dr Lis", dated_on=today, by=staff(desk.user))

        def stands():
            return [j.finding.code for j in judged_findings(patient, on=today) if j.is_standing]

        assert "blood_thinning" in stands()
        with pytest.raises(ValidationError):
            actions.accept_letter(letter=letter, by=staff(desk.user))
        actions.accept_letter(letter=letter, by=practitioner)
        assert stands() == ["heart_valve_disease"]
        assert not is_screening_clear(patient, on=today)


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (
            PDF.replace(b"/Type /Catalog", b"/OpenAction << /S /JavaScript /JS (app.alert) >>"),
            "start programs or scripts",
        ),
        (PDF.replace(b"/Type /Catalog", b"/S /J#61vaScript"), "start programs or scripts"),
        (PDF.replace(b"/Type /Catalog", b"/S /Launch /F (cmd)"), "start programs or scripts"),
        (PDF.replace(b"/Root", b"/Encrypt 2 0 R /Root"), "locked with a password"),
        (PDF.replace(b"%%EOF", b""), "damaged"),
        (
            PDF.replace(
                b"trailer",
                b"2 0 obj\n<< /Type /ObjStm /Filter /FlateDecode >>\nstream\n"
                + zlib.compress(b"3 0 << /S /JavaScript >>")
                + b"\nendstream\nendobj\ntrailer",
            ),
            "start programs or scripts",
        ),
    ],
)
def test_a_pdf_that_could_act_or_cannot_be_read_is_refused(document, why):
    with pytest.raises(ValidationError, match=why):
        clean_scan(io.BytesIO(document))


def test_words_inside_a_picture_or_a_page_are_no_commands():
    page_text = PDF.replace(
        b"trailer", b"2 0 obj\n<< /Length 20 >>\nstream\n(/JavaScript) Tj\nendstream\nendobj\ntrailer"
    )
    assert clean_scan(io.BytesIO(page_text)).suffix == "pdf"
