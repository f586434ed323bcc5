"""A recall finds everybody a lot has touched, whatever stands in between, and remembers who was told."""

import csv
import io
import threading
from decimal import Decimal

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.models import PatchTest
from sessions import actions
from sessions.actions import Portion, recalling
from sessions.models import MixComponent, Recall, RecallTelling, SessionLot
from sessions.recall import told_of, touched_by
from sessions.recall_papers import LETTERS_AT_ONCE, letters_context, parts_of, table_of
from smpclinic.actions import stock
from smpclinic.actors import SYSTEM, staff
from smpclinic.models import AccessEntry, Lot
from smpclinic.outbox.worker import Worker
from tests.make import (
    make_clinic,
    make_consent,
    make_location,
    make_lot,
    make_manager,
    make_merge,
    make_pass,
    make_patient,
    make_practitioner,
    make_product,
    make_session,
    make_user,
)
from tests.sessions.room import begun, mixed, signed, worked

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def manager():
    return make_manager()


@pytest.fixture
def desk(client, manager):
    client.force_login(manager)
    return client


def found(*lots):
    return touched_by(Lot.objects.filter(pk__in=[lot.pk for lot in lots]))


def sessions_of(touched):
    return {use.session.pk for each in touched for use in each.uses if use.session}


def touch(lot, **patient):
    """A patient treated with a lot, before it was recalled or on a past visit."""
    session = make_session(passes=0)
    session.appointment.entered_late = True
    session.appointment.save()
    for name, value in patient.items():
        setattr(session.patient, name, value)
    session.patient.save()
    SessionLot.objects.create(session=session, lot=lot, count=1)
    return session.patient


def started(*lots, all_lots=False, by=SYSTEM, reason="Bacteria"):
    return recalling.start_recall(
        product=lots[0].product, lots=[] if all_lots else lots, all_lots=all_lots, reason=reason, by=by
    )


def part_of(mix, ml="0.1"):
    return Portion(leftover=mix, ml=Decimal(ml))


class TestFinding:
    def test_a_lot_is_found_in_a_mix_in_a_mix_of_a_mix_and_as_a_needle(self):
        session, needle, other = begun(), make_lot(product=make_product(kind="needle")), make_lot()
        first = mixed(session)
        pigment = first.components.get().lot
        by = staff(session.practitioner)
        second = actions.mix_pigment(session=session, name="2", portions=[part_of(first)], diluent_ml=Decimal(1), by=by)
        third = actions.mix_pigment(
            session=session,
            name="3",
            portions=[part_of(second), Portion(lot=other, ml=Decimal(1))],
            diluent_ml=Decimal(0),
            by=by,
        )
        actions.use_lot(session=session, lot=needle, by=by, count=Decimal(1))
        assert {row.lot for row in third.lots.all()} == {pigment, other}
        for lot in (pigment, needle, other):
            assert sessions_of(found(lot)) == {session.pk}
        assert found(make_lot()) == []

    def test_a_voided_record_and_an_open_one_are_found_and_say_so(self):
        session = signed()
        lot = session.mixes.get().components.get().lot
        assert [use.state for each in found(lot) for use in each.uses] == [""]
        actions.void_session(session=session, reason="Wrong patient", by=staff(session.practitioner))
        still_open = begun()
        mixed(still_open, lot=lot)
        assert {use.state for each in found(lot) for use in each.uses} == {"voided", "not signed"}

    def test_a_session_that_used_anothers_mix_is_found_with_it(self):
        """No page allows it; an import or an older release may hold it."""
        mix = mixed(begun())
        other = make_session(passes=0)
        make_pass(other, mix=mix)
        assert sessions_of(found(mix.components.get().lot)) == {mix.session_id, other.pk}

    def test_a_patch_test_is_found_too(self):
        lot, patient = make_lot(), make_patient()
        now = timezone.now()
        PatchTest.objects.create(
            patient=patient, lot=lot, site="ear", placed_at=now, read_from=now, performer=make_practitioner()
        )
        (only,) = found(lot)
        assert (only.patient, only.uses[0].what) == (patient, "Patch test")

    def test_a_merged_patient_is_found_once_under_the_record_that_is_current(self):
        lot, now = make_lot(), timezone.now()
        loser, winner = make_patient(), touch(lot)
        PatchTest.objects.create(
            patient=loser, lot=lot, site="ear", placed_at=now, read_from=now, performer=make_practitioner()
        )
        make_merge(winner, loser)
        (only,) = found(lot)
        assert (only.patient, len(only.uses)) == (winner, 2)

    @settings(max_examples=25)
    @given(st.data())
    def test_it_finds_what_a_search_by_hand_finds_mixes_of_mixes_included(self, data):
        lots = [make_lot() for _ in range(4)]
        needles = [make_lot(product=make_product(kind="needle")) for _ in range(2)]
        sessions = [make_session(passes=0) for _ in range(3)]
        for session in sessions:
            _mix_at_random(data, session, lots)
            for needle in data.draw(st.sets(st.sampled_from(needles))):
                SessionLot.objects.create(session=session, lot=needle, count=1)
        for lot in lots + needles:
            assert sessions_of(found(lot)) == {session.pk for session in sessions if _by_hand(session, lot)}


def _mix_at_random(data, session, lots):
    mixes = []
    for number in range(data.draw(st.integers(0, 4))):
        sources = [*lots, *mixes]
        chosen = data.draw(st.lists(st.sampled_from(sources), min_size=1, max_size=3, unique=True))
        portions = [Portion(lot=each, ml=Decimal("0.1")) if isinstance(each, Lot) else part_of(each) for each in chosen]
        mixes.append(
            actions.mix_pigment(
                session=session,
                name=str(number),
                portions=portions,
                diluent_ml=Decimal("0.5"),
                by=staff(session.practitioner),
            )
        )


def _by_hand(session, lot):
    """Whether a session holds a lot, by walking from part to part without ``MixLot``."""

    def holds(mix):
        return any(
            part.lot_id == lot.pk if part.lot_id else holds(part.leftover)
            for part in MixComponent.objects.filter(mix=mix)
        )

    return session.lots.filter(lot=lot).exists() or any(holds(mix) for mix in session.mixes.all())


class TestMarking:
    def test_a_recalled_lot_is_refused_in_an_open_session(self):
        session, lot = begun(), make_lot(number="A1")
        mix = mixed(session, lot=lot)
        started(lot)
        by = staff(session.practitioner)
        with pytest.raises(ValidationError, match="is on recall and cannot be used: Bacteria"):
            mixed(session, lot=lot)
        with pytest.raises(ValidationError, match="on recall"):
            actions.mix_pigment(session=session, name="2", portions=[part_of(mix)], diluent_ml=Decimal(0), by=by)
        with pytest.raises(ValidationError, match="Discard what is in the cup"):
            worked(session, mix=mix)

    def test_the_clock_of_a_zone_does_not_start_with_a_mix_recalled_meanwhile(self):
        session = begun()
        done = worked(session)
        started(done.mix.components.get().lot)
        with pytest.raises(ValidationError, match="on recall"):
            actions.start_clock(session=session, number=done.number, by=staff(session.practitioner))

    def test_a_past_visit_is_recorded_as_it_was(self):
        session, lot = begun(), make_lot()
        started(lot)
        session.appointment.entered_late = True
        session.appointment.save()
        mix = mixed(session, lot=lot)
        worked(session, mix=mix)
        assert sessions_of(found(lot)) == {session.pk}

    def test_all_lots_are_those_still_to_come_as_well(self):
        lot = make_lot()
        recall = started(lot, all_lots=True)
        later = stock.add_lot(by=SYSTEM, product=lot.product, number="NEW")
        assert later.is_recalled
        touch(later)
        assert len(told_of(recall)) == 1

    def test_what_cannot_be_recalled_is_named(self):
        lot = make_lot()
        with pytest.raises(ValidationError, match="Say who recalled it and why"):
            started(lot, reason=" ")
        with pytest.raises(ValidationError, match="Choose the lots, or all of them"):
            recalling.start_recall(product=lot.product, lots=[], all_lots=False, reason="x", by=SYSTEM)
        with pytest.raises(ValidationError, match="is of another product"):
            recalling.start_recall(product=make_product(), lots=[lot], all_lots=False, reason="x", by=SYSTEM)
        assert not Recall.objects.exists()

    def test_a_recall_sent_twice_is_one(self):
        lot = make_lot()
        other = make_lot(product=lot.product)
        assert started(lot) == started(lot)
        assert started(lot, other) != started(lot)
        assert started(lot, all_lots=True) == started(lot, all_lots=True)

    def test_a_mistaken_recall_is_lifted_and_what_another_holds_stays(self):
        lot = make_lot()
        shared = make_lot(product=lot.product)
        mistake, real = started(lot, shared), started(shared)
        with pytest.raises(ValidationError, match="Say why it was a mistake"):
            recalling.lift_recall(recall=mistake, reason="", by=SYSTEM)
        recalling.lift_recall(recall=mistake, reason="Wrong lot", by=SYSTEM)
        lot.refresh_from_db()
        shared.refresh_from_db()
        assert (lot.is_recalled, shared.is_recalled) == (False, True)
        with pytest.raises(ValidationError, match="was lifted already"):
            recalling.lift_recall(recall=mistake, reason="Again", by=SYSTEM)
        recalling.lift_recall(recall=real, reason="All clear", by=SYSTEM)
        shared.refresh_from_db()
        assert not shared.is_recalled

    def test_a_lifted_recall_of_all_lots_frees_the_product(self):
        lot = make_lot()
        recalling.lift_recall(recall=started(lot, all_lots=True), reason="Wrong product", by=SYSTEM)
        lot.refresh_from_db()
        assert not lot.is_recalled
        assert not stock.add_lot(by=SYSTEM, product=lot.product, number="NEW").is_recalled


class TestTelling:
    def test_who_told_whom_how_and_when_is_kept_and_a_try_is_no_telling(self, manager):
        lot = make_lot()
        recall, patient = started(lot), touch(lot)
        recalling.note_told(recall=recall, patients=[patient], way="not_reached", by=staff(manager))
        (before,) = told_of(recall)
        recalling.note_told(recall=recall, patients=[patient], way="phone", note="Calls back", by=staff(manager))
        (after,) = told_of(recall)
        assert (before.is_told, after.is_told, len(after.tellings)) == (False, True, 2)

    def test_an_email_is_discreet_and_goes_to_those_alone_who_may_be_written_to(self, settings):
        make_clinic(name="Scalp Studio", phone="020 1")
        lot = make_lot()
        open_one = touch(lot, email="a@example.org", may_say_who_we_are=True)
        discreet = touch(lot, email="b@example.org")
        refusing = touch(lot, email="c@example.org")
        make_consent(patient=refusing, kind="messages", granted=False)
        touch(lot, email="")
        recall = started(lot)
        patients = [each.patient for each in told_of(recall)]
        assert recalling.queue_mails(recall=recall, patients=patients, by=SYSTEM) == 2
        recalling.queue_mails(recall=recall, patients=patients, by=SYSTEM)
        _work()
        sent = {message.to[0]: message for message in mail.outbox}
        assert set(sent) == {open_one.email, discreet.email}
        for message in sent.values():
            assert message.subject == "Please call us"
            assert not {"recall", "pigment", "treatment", str(lot.product).lower()} & set(message.body.lower().split())
        assert "Scalp Studio" in sent[open_one.email].body
        assert "Scalp Studio" not in sent[discreet.email].body
        assert {each.patient for each in told_of(recall) if each.is_told} == {open_one, discreet}

    def test_whoever_was_told_by_phone_meanwhile_gets_no_email_and_a_lifted_recall_sends_none(self):
        lot = make_lot()
        patient = touch(lot, email="a@example.org")
        recall = started(lot)
        recalling.queue_mails(recall=recall, patients=[patient], by=SYSTEM)
        recalling.note_told(recall=recall, patients=[patient], way="phone", by=SYSTEM)
        _work()
        assert mail.outbox == []
        recalling.lift_recall(recall=recall, reason="Mistake", by=SYSTEM)
        with pytest.raises(ValidationError, match="nobody has to be told"):
            recalling.queue_mails(recall=recall, patients=[patient], by=SYSTEM)

    def test_letters_name_lots_and_days_and_keep_to_the_patients_wishes(self):
        make_clinic(name="Scalp Studio", phone="020 1")
        call_command("install_defaults", verbosity=0)
        lot = make_lot(number="A1")
        plain = touch(lot, address="1 Road", full_name="Ann Plain")
        touch(lot, address="2 Road", may_print_name_on_post=True)
        touch(lot, address="")
        recall = started(lot)
        (part,) = parts_of(told_of(recall))
        context = letters_context(recall, part)
        assert len(context["letters"]) == 2
        assert context["plain"] == [plain]
        assert all("A1" in letter["uses"][0] for letter in context["letters"])

    def test_a_long_list_of_letters_comes_in_parts(self):
        class Someone:
            patient = type("P", (), {"address": "1 Road"})

        assert [len(part) for part in parts_of([Someone] * (LETTERS_AT_ONCE + 1))] == [LETTERS_AT_ONCE, 1]


def _work():
    Worker(stop=threading.Event()).run_once()


class TestPages:
    def test_a_manager_finds_recalls_and_notes_who_was_told(self, desk):
        lot = make_lot(number="CB-7")
        patient = touch(lot, full_name="Ann Example", address="1 Road")
        page = desk.get(reverse("sessions:find_recall"), {"code": "cb-7"})
        assert "1 patient, 1 session or patch test" in page.content.decode()
        assert AccessEntry.objects.filter(patient_id=patient.public_id, what="recall search").count() == 1
        answer = desk.post(
            reverse("sessions:find_recall"),
            {"product": lot.product.public_id, "lot": [lot.public_id], "reason": "Bacteria", "start": "yes"},
        )
        recall = Recall.objects.get()
        assert answer.url == recall.get_absolute_url()
        desk.post(
            reverse("sessions:tell_recall", args=[recall.public_id]),
            {"way": "phone", "note": "Calls back", "patient": [patient.public_id]},
        )
        page = desk.get(answer.url).content.decode()
        assert "1 of 1" in page
        assert "Calls back" in page

    @pytest.mark.parametrize(
        ("sent", "words"),
        [
            ({"way": "phone"}, "Choose at least one patient."),
            ({"way": "", "patient": "x"}, "not one of the available choices"),
            ({"way": "pigeon", "note": "My note"}, "My note"),
        ],
    )
    def test_what_cannot_be_noted_is_said_and_nothing_is_lost(self, desk, sent, words):
        lot = make_lot()
        touch(lot)
        recall = started(lot)
        page = desk.post(reverse("sessions:tell_recall", args=[recall.public_id]), sent).content.decode()
        assert words in page
        assert not RecallTelling.objects.exists()

    def test_a_lot_of_another_product_is_named(self, desk):
        lot, other = make_lot(), make_lot(number="X9")
        asked = {"product": lot.product.public_id, "lot": other.public_id}
        assert "Lot X9 is of another product" in desk.get(reverse("sessions:find_recall"), asked).content.decode()

    @pytest.mark.parametrize(
        "query", ["product=x", "lot=x", "code=%00", "code=nothing", "page=x", "all_lots=on", "lot=" + "9" * 400]
    )
    def test_an_unreadable_search_is_answered(self, desk, query):
        assert desk.get(f"{reverse('sessions:find_recall')}?{query}").status_code == 200

    @pytest.mark.parametrize("patients", [1, 3])
    def test_the_page_asks_as_often_for_one_patient_as_for_three(self, desk, patients, django_assert_max_num_queries):
        lot = make_lot()
        for _ in range(patients):
            touch(lot)
        recall = started(lot)
        desk.get(recall.get_absolute_url())
        with django_assert_max_num_queries(17):
            desk.get(recall.get_absolute_url())

    def test_the_list_to_take_away_has_a_line_for_each_use_and_leaves_an_entry(self, desk):
        lot = make_lot(number="A1")
        patient = touch(lot, full_name="=cmd()", phone="+44 20 7946 0001")
        recall = started(lot)
        answer = desk.get(reverse("sessions:recall_csv", args=[recall.public_id]))
        head, row = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
        told = dict(zip(head, row, strict=True))
        assert (told["Name"], told["Phone"], told["Lots"]) == ("'=cmd()", "+44 20 7946 0001", "A1")
        assert desk.get(reverse("sessions:recall_xlsx", args=[recall.public_id])).content[:2] == b"PK"
        assert AccessEntry.objects.filter(patient_id=patient.public_id, what="recall list").count() == 2
        assert len(table_of(told_of(recall))[1]) == 1

    def test_letters_come_as_one_pdf_and_none_is_said_in_words(self, desk):
        call_command("install_defaults", verbosity=0)
        lot = make_lot()
        recall = started(lot)
        address = reverse("sessions:recall_letters", args=[recall.public_id])
        assert "Nobody is left who has an address" in desk.get(address).content.decode()
        patient = touch(lot, address="1 Road")
        assert desk.get(address).content.startswith(b"%PDF-")
        assert AccessEntry.objects.filter(patient_id=patient.public_id, what="recall letter").count() == 1

    def test_patients_of_another_location_are_counted_and_not_named(self, client):
        make_clinic(patients_shared=False)
        lot = make_lot()
        touch(lot, full_name="Ann Elsewhere", home_location=make_location())
        recall = started(lot)
        client.force_login(make_user(roles=("practitioner",), locations=[make_location()]))
        page = client.get(recall.get_absolute_url()).content.decode()
        assert "1 more patient is of another location" in page
        assert "Ann Elsewhere" not in page
