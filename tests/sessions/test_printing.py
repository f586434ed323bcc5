"""Papers printed together: what a batch holds, drawn in the background, stopped, gone on with, put together."""

import io
import zipfile
from datetime import timedelta

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from sessions.actions.printing import cancel_batch, forget_batches, print_again, start_batch
from sessions.models import PrintBatch, PrintPaper
from sessions.models.printing import BatchKind, PaperState
from sessions.printing import drawing
from smpclinic import storage
from smpclinic.actors import SYSTEM, staff
from smpclinic.models import AccessEntry, Outbox
from smpclinic.outbox import queue
from smpclinic.outbox.worker import do
from smpclinic.pdf import PdfFailed
from smpclinic.texts import install_shipped
from tests.make import make_appointment, make_clinic, make_plan, make_practitioner, make_user

pytestmark = pytest.mark.django_db
SHEET = b"one page"


@pytest.fixture
def clinic(tmp_path, settings):
    settings.PRIVATE_ROOT = tmp_path / "files"
    return make_clinic()


@pytest.fixture
def practitioner(clinic):
    return make_practitioner()


@pytest.fixture
def tomorrow(practitioner):
    """A day with one session whose plan is agreed and one whose is not."""
    at = timezone.localtime().replace(hour=10, minute=0) + timedelta(days=1)
    for agreed, hours in ((True, 0), (False, 3)):
        plan = make_plan(practitioner=practitioner, agreed=agreed)
        make_appointment(planned_session=plan.planned_sessions.get(number=1), starts_at=at + timedelta(hours=hours))
    return at.date()


@pytest.fixture
def drawn(monkeypatch):
    """Every paper is one empty page; what it is drawn from is tested with each paper."""
    made = []

    def draw(paper):
        made.append(paper.kind)
        page = io.BytesIO()
        pdf = pikepdf.Pdf.new()
        pdf.add_blank_page()
        pdf.save(page)
        return page.getvalue()

    monkeypatch.setattr("sessions.background.draw", draw)
    return made


def work(most=100):
    """Let the worker do what is due, at most so many papers."""
    while most and (item := queue.take("here:1")):
        do(item)
        most -= 1


def started(practitioner, day, kind=BatchKind.DAY):
    return start_batch(kind=kind, day=day, by=staff(practitioner))


class TestWhatItHolds:
    def test_the_day_and_for_each_session_what_it_needs(self, practitioner, tomorrow):
        batch = started(practitioner, tomorrow)
        kinds = list(batch.papers.values_list("kind", flat=True))
        first = ["before_session", "blank_record"]
        assert kinds == ["day_sheet", *first, "before_session", "agreement", "blank_record"]

    def test_a_day_without_visits_is_said_in_words(self, practitioner, tomorrow):
        with pytest.raises(ValidationError, match="Nothing is booked"):
            started(practitioner, tomorrow + timedelta(days=30))
        assert not PrintBatch.objects.exists()

    def test_care_sheets_are_those_that_nobody_opened(self, practitioner):
        with pytest.raises(ValidationError, match="opened or printed already"):
            started(practitioner, timezone.localdate(), BatchKind.CARE)


class TestInTheBackground:
    def test_each_paper_is_drawn_once(self, practitioner, tomorrow, drawn):
        batch = started(practitioner, tomorrow)
        work()
        assert len(drawn) == 6
        assert set(batch.papers.values_list("state", flat=True)) == {PaperState.DONE}

    def test_what_a_killed_worker_left_is_gone_on_with(self, practitioner, tomorrow, drawn):
        batch = started(practitioner, tomorrow)
        work(most=2)
        dead = queue.take("here:999999999")
        assert dead is not None
        Outbox.objects.filter(pk=dead.pk).update(locked_at=timezone.now() - timedelta(hours=1))
        queue.recover()
        Outbox.objects.update(run_after=timezone.now())
        work()
        assert len(drawn) == 6
        assert batch.papers.filter(state=PaperState.DONE).count() == 6

    def test_stopped_it_draws_no_more_and_goes_on_when_asked(self, practitioner, tomorrow, drawn):
        batch = started(practitioner, tomorrow)
        work(most=2)
        cancel_batch(batch=batch, by=staff(practitioner))
        work()
        assert len(drawn) == 2
        assert print_again(batch=batch, by=staff(practitioner)) == 4
        work()
        assert batch.papers.filter(state=PaperState.DONE).count() == 6

    def test_a_paper_that_cannot_be_drawn_is_named_and_the_others_are_made(self, practitioner, tomorrow, monkeypatch):
        def fails(paper):
            if paper.kind == "agreement":
                raise ValidationError("The clinic has no approved text.")
            raise PdfFailed("Took too long.")

        monkeypatch.setattr("sessions.background.draw", fails)
        batch = started(practitioner, tomorrow)
        work()
        told = dict(batch.papers.values_list("kind", "problem"))
        assert told["agreement"] == "The clinic has no approved text."
        assert told["day_sheet"] == "Took too long."

    def test_after_two_days_nothing_is_left(self, practitioner, tomorrow, drawn):
        batch = started(practitioner, tomorrow)
        work()
        name = batch.papers.first().file
        assert forget_batches(by=SYSTEM) == 0
        PrintBatch.objects.update(started_at=timezone.now() - timedelta(days=3))
        assert forget_batches(by=SYSTEM) == 1
        assert not PrintPaper.objects.exists()
        assert not storage.PrivateStorage().exists(name)


class TestPages:
    @pytest.fixture
    def done(self, client, practitioner, tomorrow, drawn):
        client.force_login(practitioner)
        answer = client.post(reverse("sessions:printing"), {"kind": "day", "day": f"{tomorrow:%Y-%m-%d}"})
        batch = PrintBatch.objects.get()
        assert answer.url == reverse("sessions:batch", args=[batch.public_id])
        return batch

    def test_progress_asks_again_until_it_is_over(self, client, done):
        url = reverse("sessions:batch", args=[done.public_id])
        assert 'hx-trigger="every 2s"' in client.get(url).content.decode()
        work()
        part = client.get(url, headers={"HX-Request": "true"}).content.decode()
        assert "6 of 6 papers are made" in part
        assert "hx-trigger" not in part
        assert "<html" not in part

    def test_one_file_opens_the_print_dialog_and_every_paper_is_in_the_access_log(self, client, done):
        url = reverse("sessions:batch_pdf", args=[done.public_id])
        assert client.get(url).status_code == 302  # nothing is made yet
        work()
        answer = client.get(url)
        with pikepdf.Pdf.open(io.BytesIO(answer.content)) as whole:
            assert len(whole.pages) == 6
            assert whole.Root.OpenAction.N == "/Print"
        assert AccessEntry.objects.filter(what__startswith="printed: ").count() == 5

    def test_single_files_are_named_by_kind_and_never_by_a_patient(self, client, done):
        work()
        answer = client.get(reverse("sessions:batch_zip", args=[done.public_id]))
        names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
        assert names[:2] == ["001-day-sheet.pdf", "002-before-session.pdf"]

    def test_a_batch_is_for_who_started_it(self, client, done):
        work()
        client.force_login(make_user())
        for name in ("batch", "batch_pdf", "batch_zip"):
            assert client.get(reverse(f"sessions:{name}", args=[done.public_id])).url == reverse("sessions:printing")

    def test_a_day_that_is_no_day_is_said_beside_the_field(self, client, practitioner):
        client.force_login(practitioner)
        page = client.post(reverse("sessions:printing"), {"kind": "day", "day": "soon"})
        assert page.context["form"].errors["day"]


def test_papers_are_really_drawn(practitioner, tomorrow):
    install_shipped()
    batch = started(practitioner, tomorrow)
    for paper in batch.papers.all():
        assert drawing.draw(paper).startswith(b"%PDF"), paper.kind
