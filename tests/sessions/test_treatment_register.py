"""The treatment register: every signed session of a period, for an inspector; on the screen, on paper, as a table."""

import io
from datetime import UTC, date, datetime, timedelta

import openpyxl
import pytest
from django.urls import reverse

from sessions.treatment_register import heads, lines_of, problems_with_period
from smpclinic.models import AuditEntry
from smpclinic.roles import Role
from tests import make
from tests.paper import words_of
from tests.printed import Printed

pytestmark = pytest.mark.django_db
DAY = date(2035, 1, 8)
STARTS = datetime(2035, 1, 8, 9, 0, tzinfo=UTC)


@pytest.fixture
def world(settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path
    return Printed()


def treated(*, starts_at=STARTS, **fields):
    """A signed session, and nothing else of its patient."""
    visit = make.make_appointment(starts_at=starts_at, state="done", patient=make.make_patient(**fields))
    return make.make_session(appointment=visit, signed=True)


def the_line(record):
    return lines_of(DAY, DAY, user=record.practitioner)[0]


def test_a_line_tells_what_an_inspector_asks(world):
    line = the_line(world.session)
    assert (line.day, line.born, line.identity) == ("8 Jan 2035", "17 May 1990", "Passport")
    assert line.patient.startswith("Ana Quintero (")
    assert line.address == "Calle Luna 2"
    assert line.practitioner == "Dr Ruiz: SMP practitioner"
    assert line.needles == "Fine 0603, lot N77 (expires 1 Jan 2036)"
    assert "lot INK7 (expires 1 Jan 2036)" in line.pigments
    assert line.consent.startswith("plan version 1, ")
    assert (line.complications, line.remark) == ("Redness: mild", "amended")


def test_the_qualification_is_that_of_the_day(db):
    record = treated()
    record.practitioner.qualifications.update(valid_until=date(2035, 1, 7))
    assert the_line(record).practitioner == f"{record.practitioner}: no qualification on that day"
    record.practitioner.qualifications.update(valid_until=DAY)
    assert the_line(record).practitioner == f"{record.practitioner}: SMP practitioner"


def test_both_days_of_the_period_belong_to_it_and_no_other(db):
    for number in (-1, 0, 1, 2):
        treated(starts_at=STARTS + timedelta(days=number))
    found = lines_of(DAY, DAY + timedelta(days=1), user=make.make_practitioner())
    assert [line.day for line in found] == ["8 Jan 2035", "9 Jan 2035"]


def test_unsigned_records_and_patients_of_other_places_are_not_in_it(db):
    record = treated()
    make.make_session(appointment=make.make_appointment(starts_at=STARTS + timedelta(hours=3)))
    assert len(lines_of(DAY, DAY, user=record.practitioner)) == 1
    make.make_clinic(patients_shared=False)
    record.patient.home_location = make.make_location()
    record.patient.save()
    assert lines_of(DAY, DAY, user=make.make_practitioner()) == []


@pytest.mark.parametrize("sessions", [1, 3])
def test_the_register_asks_as_many_queries_for_one_as_for_three(db, sessions, django_assert_num_queries):
    for number in range(sessions):
        treated(starts_at=STARTS + timedelta(hours=number))
    user = make.make_practitioner()
    with django_assert_num_queries(8):
        assert len(lines_of(DAY, DAY, user=user)) == sessions


def test_a_period_is_judged_in_words():
    assert problems_with_period(DAY, DAY) == []
    assert problems_with_period(DAY, DAY - timedelta(days=1)) == ["The last day is before the first."]
    assert problems_with_period(DAY, DAY + timedelta(days=365)) == []
    assert problems_with_period(DAY, DAY + timedelta(days=366)) == ["Choose a period of at most a year."]


def period(first=DAY, last=DAY):
    return {"first": first.isoformat(), "last": last.isoformat()}


def test_the_page_the_paper_and_the_table_say_the_same_and_leave_a_trail(world, client):
    world.patient.full_name = '=HYPERLINK("http://x.invalid")'
    world.patient.save()
    client.force_login(make.make_user(roles=(Role.PRACTITIONER,)))
    page = client.get(reverse("sessions:treatment_register"), period()).content.decode()
    paper = words_of(client.get(reverse("sessions:treatment_register_pdf"), period()).content)
    table = client.get(reverse("sessions:treatment_register_xlsx"), period()).content
    rows = list(openpyxl.load_workbook(io.BytesIO(table)).active.iter_rows())
    assert [cell.value for cell in rows[0]] == heads()
    assert {cell.data_type for row in rows for cell in row} <= {"s", "n"}
    assert "lot INK7" in page
    assert "INK7" in paper
    assert any("lot INK7" in str(cell.value) for cell in rows[1])
    verbs = AuditEntry.objects.filter(verb__contains="treatment register").values_list("verb", flat=True)
    assert sorted(verbs) == [f"{verb} treatment register" for verb in ("exported", "looked at", "printed")]


def test_a_wrong_period_is_said_beside_the_field_and_prints_nothing(db, client):
    client.force_login(make.make_user(roles=(Role.PRACTITIONER,)))
    answer = client.get(reverse("sessions:treatment_register_pdf"), period(last=DAY - timedelta(days=1)))
    assert answer.status_code == 400
    assert "The last day is before the first." in answer.content.decode()


def test_who_does_not_treat_sees_no_register(db, client):
    client.force_login(make.make_user(roles=(Role.RECEPTION, Role.MANAGER)))
    assert client.get(reverse("sessions:treatment_register")).status_code == 403
