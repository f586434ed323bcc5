"""The care sheet on paper: true for this patient, kept as issued, printed again byte for byte."""

from datetime import UTC, datetime
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from pypdf import PdfReader

from planning.models import Appointment
from sessions import sheets
from sessions.models import SessionLot
from smpclinic import qr
from smpclinic.actors import staff
from tests.make import (
    make_appointment,
    make_clinic,
    make_lot,
    make_patient,
    make_plan,
    make_practitioner,
    make_product,
    make_session,
    make_user,
    sign,
)

pytestmark = pytest.mark.django_db
STARTS = datetime(2035, 1, 8, 9, 0, tzinfo=UTC)
STOPPED = datetime(2035, 1, 8, 11, 30, tzinfo=UTC)  # 12:30 in Madrid


@pytest.fixture
def files(settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path


@pytest.fixture
def session(files):
    make_clinic(name="Clínica Sol", phone="+34 910 222 333", time_zone="Europe/Madrid", emergency_number="112")
    patient = make_patient(full_name="Ana Quintero")
    plan = make_plan(patient=patient, practitioner=make_practitioner(display_name="Dr Ruiz"), agreed=True)
    visit = make_appointment(planned_session=plan.planned_sessions.get(number=1), starts_at=STARTS, state="done")
    record = make_session(appointment=visit)
    record.passes.update(started_at=STARTS, stopped_at=STOPPED)
    needles = make_lot(product=make_product(kind="needle", brand="Fine", name="0603"), number="N77")
    SessionLot.objects.create(session=record, lot=needles, count=1)
    sign(record)
    return record


@pytest.fixture
def desk(client):
    user = make_user()
    client.force_login(user)
    client.user = user
    return client


def printed(desk, session) -> bytes:
    """The sheet, made where none was issued yet."""
    url = reverse("sessions:care_sheet", args=[session.public_id])
    if desk.get(url).status_code == 409:
        desk.post(reverse("sessions:new_care_sheet", args=[session.public_id]))
    return desk.get(url).content


def text_of(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())


def book_next(session) -> Appointment:
    plan = session.appointment.planned_session.plan
    starts_at = datetime(2035, 1, 15, 10, 0, tzinfo=ZoneInfo("Europe/Madrid"))
    return make_appointment(planned_session=plan.planned_sessions.get(number=2), starts_at=starts_at)


def test_tells_the_real_times_counted_from_the_last_stop(session, desk):
    words = text_of(printed(desk, session))
    assert "14:30-16:30 today" in words
    assert "Tue 9 Jan – Fri 12 Jan Days 1 to 4" in words
    assert "Ana Quintero" in words
    assert "Dr Ruiz" in words
    assert "+34 910 222 333" in words
    assert "Emergency: 112" in words
    assert "Fine 0603, lot N77" in words
    assert "The earliest day for a next session is Wednesday 10 January 2035" in words


def test_the_same_paper_comes_out_again_byte_for_byte(session, desk):
    assert printed(desk, session) == printed(desk, session)
    assert session.documents.count() == 1


def test_names_the_next_session_and_stops_there(session, desk):
    book_next(session)
    words = text_of(printed(desk, session))
    assert "Monday 15 January 2035, 10:00" in words
    assert "sunbed" not in words


def test_a_new_sheet_is_offered_when_a_session_was_booked_since_and_the_old_one_is_kept(session, desk):
    printed(desk, session)
    papers = reverse("sessions:papers", args=[session.public_id])
    assert not desk.get(papers).context["out_of_date"]
    book_next(session)
    assert desk.get(papers).context["out_of_date"]
    desk.post(reverse("sessions:new_care_sheet", args=[session.public_id]))
    assert not desk.get(papers).context["out_of_date"]
    assert session.documents.count() == 2


def test_looking_at_the_sheet_issues_nothing(session, desk):
    answer = desk.get(reverse("sessions:care_sheet", args=[session.public_id]))
    assert (answer.status_code, session.documents.count()) == (409, 0)
    assert "Make the care sheet" in answer.content.decode()


def test_pressing_again_without_a_change_issues_nothing(session, desk):
    for _ in range(2):
        desk.post(reverse("sessions:new_care_sheet", args=[session.public_id]))
    assert session.documents.count() == 1


def test_is_made_of_a_signed_record_alone(files):
    record = make_session()
    with pytest.raises(ValidationError, match="Sign the record first"):
        sheets.issue_care_sheet(record, by=staff(make_user()))


def test_an_unsigned_record_is_said_in_words(files, desk):
    record = make_session()
    for name in ("care_sheet", "care_sheet_page"):
        answer = desk.get(reverse(f"sessions:{name}", args=[record.public_id]))
        assert answer.status_code == 409
        assert "Sign the record first" in answer.content.decode()


def test_large_print_is_larger(session):
    usual = sheets.sheet_of(session)
    session.patient.large_print = True
    assert (usual["large"], sheets.sheet_of(session)["large"]) == (False, True)


def test_the_code_says_nothing_about_health_or_name(session, monkeypatch):
    coded = []
    monkeypatch.setattr(qr.segno, "make", lambda words, **kwargs: coded.append(words) or FakeCode())
    book_next(session)
    sheets.sheet_of(session)
    assert "Appointment" in coded[0]
    assert "+34 910 222 333" in coded[0]
    assert "Quintero" not in coded[0]
    assert "Session" not in coded[0]


class FakeCode:
    matrix = ((1, 0), (1, 1))

    def symbol_size(self, **kwargs):
        return 2, 2


def test_a_code_is_drawn_as_strokes_of_its_dark_parts():
    assert qr._dark_path(FakeCode()) == "M0 0h1v1h-1zM0 1h2v1h-2z"


def test_a_manager_who_does_not_treat_prints_no_sheet(session, client):
    client.force_login(make_user(roles=("manager",)))
    assert client.get(reverse("sessions:care_sheet", args=[session.public_id])).status_code == 403


def test_the_sheet_is_in_the_patients_language_whatever_the_desks(desk, session):
    """The frame, dates and times; the rules follow where the clinic has approved them."""
    type(session.patient).objects.filter(pk=session.patient.pk).update(language="es")
    paper = PdfReader(BytesIO(printed(desk, session)))
    assert paper.root_object["/Lang"] == "es"
    assert "enero" in "".join(page.extract_text() for page in paper.pages)
    page = desk.get(reverse("sessions:care_sheet_page", args=[session.public_id])).content.decode()
    assert '<html lang="es"' in page
