"""Everything about one patient: its timeline, its grades drawn, who saw and changed it, and the export of all of it."""

import doctest
import io
import json
import re
import zipfile
from datetime import date, timedelta

import pytest
from django.db import DatabaseError
from django.urls import reverse
from django.utils import timezone

from intake import actions
from intake.actors import by_link
from intake.models import Patient, PatternGrade
from planning.actions.merging import merge_patients
from sessions.models import Mix, MixComponent
from smpclinic import audit, storage
from smpclinic.actors import staff
from smpclinic.models import AccessEntry, AuditEntry
from smpclinic.pages import export_page, trail_words
from smpclinic.pages.grade_chart import BOTTOM, HEIGHT, TOP, charts
from smpclinic.pages.whole_record import whole_record
from tests import make
from tests.addresses import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return World()


@pytest.fixture
def chair(client, world):
    client.force_login(world.practitioner)
    return client


def exported(client, patient) -> zipfile.ZipFile:
    answer = client.post(reverse("export", args=[patient.public_id]))
    assert answer.status_code == 200
    return zipfile.ZipFile(io.BytesIO(answer.getvalue()))


class TestExport:
    def test_holds_every_row_and_every_file_and_a_page_to_read(self, chair, world):
        archive = exported(chair, world.patient)
        rows = json.loads(archive.read("record.json"))
        assert rows["intake.Patient"][0]["full_name"] == "Wilhelmina Vandersloot"
        assert {
            "intake.Photo", "intake.Consent", "intake.PatchTest", "intake.PatientAlert", "intake.IntakeAnswers",
            "planning.TreatmentPlan", "planning.PlanVersion", "planning.Agreement", "planning.Appointment",
            "treatment_sessions.TreatmentSession", "treatment_sessions.ZonePass", "treatment_sessions.Mix",
        } <= rows.keys()  # fmt: skip
        for photo in rows["intake.Photo"]:
            assert archive.read(photo["file"]).startswith(b"\xff\xd8")
        page = archive.read("index.html").decode()
        assert "Wilhelmina Vandersloot" in page
        assert "<script" not in page

    def test_the_page_names_things_as_people_do(self, chair, world):
        draft = make.make_plan(patient=world.patient, practitioner=world.practitioner, approved=False)
        draft.versions.update(price_minor=145050, currency="EUR")
        archive = exported(chair, world.patient)
        page = archive.read("index.html").decode()
        assert "<dt>Date of birth</dt><dd>17 May 1990</dd>" in page
        assert f"<dd>{world.practitioner.display_name}</dd>" in page
        assert "<dt>Price</dt><dd>€1,450.50</dd>" in page
        assert 'href="style.css"' in page
        assert archive.read("style.css")
        anchors = re.findall(r' id="([^"]+)"', page)
        assert len(anchors) == len(set(anchors))
        assert set(re.findall(r'href="#([^"]+)"', page)) <= set(anchors)
        for file in re.findall(r'href="(files/[^"]+)"', page):
            assert archive.read(file)

    def test_holds_what_was_signed_word_for_word(self, chair, world):
        make.sign(world.session)
        [sealed] = json.loads(exported(chair, world.patient).read("record.json"))["smpclinic.SealedRecord"]
        assert sealed["content"] == world.session.sealed.content

    def test_holds_nothing_of_anybody_else(self, world):
        """Pigment left over from this patient was used up on another: that session is not this patient's."""
        theirs = make.make_session(appointment=make.make_appointment())
        mix = Mix.objects.create(session=theirs, name="dark", mixed_at=timezone.now(), mixed_by=world.practitioner)
        MixComponent.objects.create(mix=mix, leftover=world.mix, ml="1.0")
        make.make_pass(theirs, number=9, mix=world.mix)
        rows = whole_record(world.patient).rows
        assert {row["id"] for row in rows["treatment_sessions.TreatmentSession"]} == {str(world.session.public_id)}
        assert {row["id"] for row in rows["treatment_sessions.Mix"]} == {str(world.mix.public_id)}
        assert {row["id"] for row in rows["intake.Patient"]} == {str(world.patient.public_id)}
        assert all(row["patient"] == str(world.patient.public_id) for row in rows["planning.Appointment"])

    def test_includes_records_merged_into_it(self, world):
        goes = make.make_patient(full_name="Mina Vandersloot")
        make.make_consent(patient=goes)
        merge_patients(winner=world.patient, loser=goes, choices={}, by=staff(world.practitioner))
        rows = whole_record(world.patient).rows
        assert [row["full_name"] for row in rows["intake.Patient"]] == ["Wilhelmina Vandersloot", "Mina Vandersloot"]
        assert any(entry["verb"] == "merged away" for entry in rows["smpclinic.AuditEntry"])

    def test_leaves_a_trace_in_log_and_trail(self, chair, world):
        files = [name for name in exported(chair, world.patient).namelist() if name.startswith("files/")]
        assert AccessEntry.objects.get().what == "export of everything"
        assert AuditEntry.objects.get(verb="exported everything").details == {"files": len(files)}

    def test_is_refused_where_the_log_cannot_be_written(self, chair, world, monkeypatch):
        def unwritable(self, *args, **kwargs):
            raise DatabaseError("full")

        monkeypatch.setattr(AccessEntry, "save", unwritable)
        chair.raise_request_exception = False
        assert chair.post(reverse("export", args=[world.patient.public_id])).status_code == 500
        assert not AuditEntry.objects.filter(verb="exported everything").exists()

    def test_says_which_file_is_missing_and_gives_the_rest(self, chair, world):
        storage.PrivateStorage().delete(world.photo.file)
        archive = exported(chair, world.patient)
        assert str(world.photo.public_id) in archive.read("MISSING.txt").decode()
        assert any(name.startswith("files/photo-") for name in archive.namelist())

    def test_tells_no_secret(self, world):
        told = json.dumps(whole_record(world.patient).rows)
        assert "token_sha256" not in told
        assert "password" not in told

    def test_reading_changes_nothing(self, world):
        before = Patient.objects.values().get(pk=world.patient.pk)
        whole_record(world.patient)
        assert Patient.objects.values().get(pk=world.patient.pk) == before


def test_the_examples_of_words_hold():
    assert [doctest.testmod(module).failed for module in (export_page, trail_words)] == [0, 0]


class TestHistory:
    def page(self, client, patient, **query):
        answer = client.get(reverse("history", args=[patient.public_id]), query)
        assert answer.status_code == 200
        return answer.content.decode()

    @pytest.fixture
    def changed(self, world):
        actions.edit_patient(patient=world.patient, phone="0800 1", by=staff(world.practitioner))

    def test_a_practitioner_reads_what_stood_there_before_and_after(self, chair, world, changed):
        assert "0800 1" in self.page(chair, world.patient)

    def test_fields_and_values_are_told_in_words(self, chair, world):
        by = staff(world.practitioner)
        told = {"sex": "female", "born_on": date(1984, 6, 24), "may_leave_message": True}
        actions.edit_patient(patient=world.patient, by=by, **told)
        found = {"rule": ("", "keloid"), "kind": ("", "block")}
        audit.record(by=by, verb="overrode", subject=world.letter, patient=world.patient, changed=found)
        page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", self.page(chair, world.patient)))
        for words in ("Female", "24 June 1984", "Yes", "Keloid or raised scars", "Block"):
            assert words in page
        for code in ("born_on", "may_leave_message", "True", "keloid", "not_said"):
            assert code not in page

    def test_a_manager_reads_the_fields_and_never_the_values_nor_the_alerts(self, client, world, changed):
        client.force_login(world.staff("manager"))
        page = self.page(client, world.patient)
        assert "Phone" in page
        assert "0800 1" not in page
        assert world.alert.words not in page

    def test_who_saw_the_record_is_told_with_the_page(self, chair, world):
        chair.get(world.patient.get_absolute_url())
        page = self.page(chair, world.patient, show="seen")
        assert "Patient page" in page
        assert str(world.practitioner) in page

    @pytest.mark.parametrize("query", [{"show": "x"}, {"page": "9999999999999"}, {"page": "-1"}, {"page": "\0"}])
    def test_an_address_that_cannot_be_read_shows_the_first_page(self, chair, world, query):
        self.page(chair, world.patient, **query)


class TestTimeline:
    def events(self, client, patient, **query):
        return client.get(reverse("timeline", args=[patient.public_id]), query).context["items"]

    def test_tells_what_happened_in_every_room_the_newest_first(self, chair, world):
        make.sign(world.session)
        events = self.events(chair, world.patient)
        titles = [event.title for event in events]
        assert {"Registered", "Alert raised", "Intake begun", "Session record signed", "Patch test placed"} <= set(
            titles
        )
        assert [event.at for event in events] == sorted((event.at for event in events), reverse=True)

    def test_tells_that_the_patient_has_handed_in(self, chair, world):
        patient = make.make_patient()
        intake = actions.start_intake(patient=patient, by=staff(world.practitioner))
        answers = {"reasons": ["scar"], "causes": [{"cause": "hereditary"}]}
        actions.save_answers(intake=intake, answers=answers, by=by_link(patient))
        actions.submit_intake(intake=intake, by=by_link(patient))
        event = next(each for each in self.events(chair, patient) if each.title == "Intake handed in")
        assert "private link" in event.text

    def test_reception_reads_no_health_there(self, client, world):
        client.force_login(world.staff("reception"))
        assert not any("Patch test" in event.title for event in self.events(client, world.patient))

    def test_a_long_history_comes_in_pages(self, chair, world):
        for number in range(60):
            actions.raise_alert(patient=world.patient, words=f"Alert {number}", by=staff(world.practitioner))
        first, second = (self.events(chair, world.patient, page=number) for number in (1, 2))
        assert len(first) == 50
        assert len(second) > 10

    def test_shows_both_of_two_merged_records(self, chair, world):
        goes = make.make_patient(full_name="Mina Vandersloot")
        make.make_consent(patient=goes, kind="messages")
        merge_patients(winner=world.patient, loser=goes, choices={}, by=staff(world.practitioner))
        titles = [event.title for event in self.events(chair, world.patient)]
        assert f"Record {goes.record_number} became part of this one" in titles
        assert "Consent given: Messages" in titles


class TestGradeChart:
    def test_draws_a_scale_graded_twice_from_left_to_right_and_the_worst_at_the_top(self):
        told = [
            ("norwood", "VII", date(2026, 5, 1)),
            ("norwood", "I", date(2025, 5, 1)),
            ("ludwig", "I", date(2026, 5, 1)),
        ]
        [chart] = charts(told)
        assert [(dot.grade, dot.y) for dot in chart.dots] == [("I", HEIGHT - BOTTOM), ("VII", TOP)]
        assert chart.dots[0].x < chart.dots[1].x
        assert len(chart.marks) <= 6

    def test_salt_is_drawn_by_its_score_and_one_day_twice_does_no_harm(self):
        [chart] = charts([("salt", "50", date(2026, 1, 1)), ("salt", "100", date(2026, 1, 1))])
        assert [dot.y for dot in chart.dots] == [TOP, (HEIGHT - BOTTOM + TOP) // 2]

    def test_scales_without_an_order_have_none(self):
        assert charts([("scar", "burn", date(2026, 1, day)) for day in (1, 2)]) == []

    def test_stands_on_the_patient_page_with_its_table(self, chair, world):
        for days, grade in ((400, "III"), (10, "IV")):
            PatternGrade.objects.create(
                patient=world.patient, scale="norwood", grade=grade, assessor=world.practitioner,
                assessed_on=timezone.localdate() - timedelta(days=days),
            )  # fmt: skip
        page = chair.get(world.patient.get_absolute_url()).content.decode()
        assert "Norwood" in page
        assert "over time; the table below says the same" in page


def test_what_is_still_to_ask_stands_on_the_patient_page(chair):
    patient = make.make_patient(born_on=None)
    assert "Still to ask:" in chair.get(patient.get_absolute_url()).content.decode()
