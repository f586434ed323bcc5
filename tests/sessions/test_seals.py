"""``verify_records``: a record that is not what was signed is named in words, and the exit code says so."""

import hashlib
import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from sessions import actions
from sessions.verifying import NIGHTLY
from smpclinic import chain, outbox
from smpclinic.actors import staff
from smpclinic.database import guards
from smpclinic.models import SealedRecord
from smpclinic.outbox import queue
from smpclinic.outbox.worker import do
from smpclinic.pages.todo import tasks_for
from smpclinic.seal_check import first_difference
from tests import make, sql
from tests.sessions import room

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def record():
    """A signed record with a photo, a consent to it, and an amendment; the guards are down."""
    session = room.ready_to_sign()
    by = staff(session.practitioner)
    make.make_consent(patient=session.patient, kind="photos_record", granted=True)
    actions.add_session_photo(session=session, moment="after", view="top", upload=room.jpeg(), by=by)
    session = actions.sign_session(session=session, by=by)
    actions.amend_session(session=session, text="Left side too", reason="Left out", by=by)
    connection.check_constraints()
    return session


def verified(**options) -> str:
    """What the command says where something is wrong."""
    with pytest.raises(CommandError) as refusal:
        call_command("verify_records", **options)
    return str(refusal.value)


def behind_the_guards(change) -> None:
    guards.drop()
    change()
    connection.check_constraints()
    guards.create()


def test_records_as_they_were_signed_are_counted_with_the_head_of_the_chain(record, capsys):
    call_command("verify_records", head=record.sealed.mac)
    told = capsys.readouterr().out
    assert f"All {SealedRecord.objects.count()} sealed records are as they were signed" in told
    assert chain.head() in told


def test_another_depth_is_named_with_day_and_record_number(record):
    behind_the_guards(lambda: sql.update(record.passes.get(), depth_mm="1.4"))
    told = verified()
    assert f"session of {record.appointment.day} of record {record.patient.record_number}" in told
    assert "passes 1 depth_mm is not what was signed" in told
    assert record.patient.full_name not in told


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda record: sql.delete(record.passes.get()), "passes is not what was signed"),
        (lambda record: sql.insert_like(record.lots.first(), lot_id=make.make_lot().pk), "lots is not"),
        (lambda record: sql.update(record, signed_at=record.opened_at - timedelta(days=1)), "who signed and when"),
        (lambda record: sql.update(record.amendments.get(), text="Nothing"), "text is not what was written"),
        (lambda record: sql.update(record.photos.get(), moment="before"), "photo 1 is not"),
        (lambda record: sql.update(record.sealed, mac="0" * 64), "does not carry this clinic's seal"),
    ],
)
def test_what_was_changed_behind_the_guards_is_named(record, change, told):
    behind_the_guards(lambda: change(record))
    assert told in verified()


def test_another_text_under_the_signature_is_named(record):
    consent = record.patient.consents.get(kind="photos_record")
    text = "And to advertising."
    changed = {"exact_text": text, "text_sha256": hashlib.sha256(text.encode()).hexdigest()}
    behind_the_guards(lambda: sql.update(consent, **changed))
    assert "the text of the consent (photos_record)" in verified()


def test_another_picture_in_the_file_is_named(record):
    (Path(settings.PRIVATE_ROOT) / record.photos.get().photo.file).write_bytes(room.jpeg("red").read())
    assert "the file of photo 1 is not what was signed" in verified()


def test_a_guard_that_is_down_is_said_first(record):
    guards.drop()
    assert verified().startswith("Guard ")


def test_a_head_on_paper_that_the_chain_no_longer_holds_is_told(record):
    assert "is not in the chain" in verified(head="f" * 64)


def test_what_may_rightly_change_is_no_tampering(record):
    """People and rooms get other names, and a healed photo joins the record later."""
    type(record.practitioner).objects.filter(pk=record.practitioner_id).update(display_name="Dr Lis-Berg")
    type(record.patient).objects.filter(pk=record.patient.pk).update(full_name="Another Name")
    by = staff(record.practitioner)
    actions.add_session_photo(session=record, moment="healed", view="top", upload=room.jpeg("blue"), by=by)
    call_command("verify_records")


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(plain, plain)
def test_nothing_differs_from_itself_and_a_new_field_is_no_difference(content, more):
    assert first_difference(content, content) == ""
    assert first_difference({"told": content}, {"told": content, "since": more}) == ""


@given(st.integers(), st.integers())
def test_another_figure_is_found_where_it_stands(old, new):
    found = first_difference({"passes": [{"n": "a"}, {"n": str(old)}]}, {"passes": [{"n": "a"}, {"n": str(new)}]})
    assert found == ("" if old == new else "passes 2 n")


def test_numbers_count_by_value_and_true_is_not_one():
    assert first_difference({"ml": "1.0"}, {"ml": "1.00"}) == ""
    assert first_difference({"ml": "1.0"}, {"ml": "1.01"}) == "ml"
    assert first_difference({"ok": True}, {"ok": 1}) == "ok"
    assert first_difference({"at": "2026-01-01T10:00:00+01:00"}, {"at": "2026-01-01T09:00:00+00:00"}) == ""


def test_the_record_on_paper_shows_seal_head_and_amendment(record, chair):
    answer = chair(record).get(reverse("sessions:record_pdf", args=[record.public_id]))
    assert answer["Content-Type"] == "application/pdf"
    told = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages).split())
    for words in (record.sealed.content_hash, chain.head(), "Left side too", "Left out", "Signed by Dr Lis"):
        assert words in told


def test_an_unsigned_record_is_not_printed_as_one(chair):
    session = room.ready_to_sign()
    answer = chair(session).get(reverse("sessions:record_pdf", args=[session.public_id]))
    assert answer.status_code == 409
    assert "Sign the record first" in room.text(answer)


def test_what_the_night_finds_stands_on_the_managers_today(record):
    manager = make.make_manager()

    def look() -> list[str]:
        outbox.enqueue(NIGHTLY)
        do(queue.take("here:1"))
        return [task.words for task in tasks_for(manager) if "not what was signed" in task.words]

    assert look() == []
    behind_the_guards(lambda: sql.update(record.passes.get(), depth_mm="1.4"))
    (words,) = look()
    assert "passes 1 depth_mm" in words
    behind_the_guards(lambda: sql.update(record.passes.get(), depth_mm="1.0"))
    assert look() == []
