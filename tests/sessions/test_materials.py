"""Mixes, lots, reactions and photos of a session."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from sessions import actions, ready
from sessions.actions import Portion
from smpclinic.actors import staff
from tests.make import (
    make_consent,
    make_lot,
    make_practitioner,
    make_product,
)
from tests.sessions.room import (
    NOW,
    begun,
    jpeg,
    mixed,
    opened,
    worked,
)

pytestmark = pytest.mark.usefixtures("today")


def by_of(session):
    return staff(session.practitioner)


def standing(session) -> set[str]:
    return {item.code for item in ready.standing_in_the_way(session, ready.to_sign(session))}


class TestMixing:
    def test_the_lots_behind_a_leftover_are_written_out(self):
        session, lot = opened(), make_lot()
        half = mixed(session, lot=lot, ml="1", water="1")
        portions = [Portion(leftover=half, ml=Decimal("0.5"))]
        again = actions.mix_pigment(
            session=session, name="Thin", portions=portions, diluent_ml=Decimal(1), by=by_of(session)
        )
        assert [(row.lot, row.ml) for row in again.lots.all()] == [(lot, Decimal("0.25"))]

    def test_a_drop_has_the_size_of_its_product(self):
        session, lot = opened(), make_lot(product=make_product(drop_ml=Decimal("0.040")))
        portions = [Portion(lot=lot, drops=5)]
        mix = actions.mix_pigment(
            session=session, name="A", portions=portions, diluent_ml=Decimal(0), by=by_of(session)
        )
        assert mix.components.get().ml == Decimal("0.200")

    def test_a_lot_on_recall_is_refused(self):
        lot = make_lot(recalled_at=timezone.now(), recall_reason="bacteria")
        with pytest.raises(ValidationError, match="on recall"):
            mixed(opened(), lot=lot)

    def test_an_expired_lot_only_warns(self):
        session, lot = opened(), make_lot(expires_on=NOW.date() - timedelta(days=1))
        assert mixed(session, lot=lot).lots.get().lot == lot
        assert "expired" in actions.mixing.warnings_for([Portion(lot=lot, ml=Decimal(1))], on=NOW.date())[0]

    def test_a_needle_is_no_pigment(self):
        with pytest.raises(ValidationError, match="no pigment"):
            mixed(opened(), lot=make_lot(product=make_product(kind="needle")))

    def test_the_rest_of_another_session_is_refused(self):
        portions = [Portion(leftover=mixed(opened()), ml=Decimal("0.1"))]
        session = opened()
        with pytest.raises(ValidationError, match="another session"):
            actions.mix_pigment(session=session, name="A", portions=portions, diluent_ml=Decimal(0), by=by_of(session))

    def test_a_form_sent_twice_mixes_once(self):
        session, new_id, portions = opened(), uuid4(), [Portion(lot=make_lot(), ml=Decimal(1))]
        for _again in range(2):
            actions.mix_pigment(
                session=session, name="A", portions=portions, diluent_ml=Decimal(0), new_id=new_id, by=by_of(session)
            )
        assert session.mixes.count() == 1

    def test_a_mix_in_use_is_not_discarded(self):
        session = begun()
        mix = worked(session).mix
        with pytest.raises(ValidationError, match="used in this record"):
            actions.discard_mix(mix=mix, by=by_of(session))

    def test_a_mix_made_by_mistake_is_discarded_whole(self):
        session = opened()
        actions.discard_mix(mix=mixed(session), by=by_of(session))
        assert session.mixes.count() == 0


class TestLots:
    def test_a_needle_noted_twice_keeps_the_last_count(self):
        session, lot = opened(), make_lot(product=make_product(kind="needle"))
        for count in (1, 2):
            actions.use_lot(session=session, lot=lot, count=Decimal(count), by=by_of(session))
        assert session.lots.get().count == Decimal(2)

    def test_one_on_recall_is_refused(self):
        lot = make_lot(product=make_product(kind="needle"), recalled_at=timezone.now(), recall_reason="blunt")
        with pytest.raises(ValidationError, match="on recall"):
            actions.use_lot(session=opened(), lot=lot, by=staff(make_practitioner()))

    def test_pigment_belongs_into_a_mix(self):
        with pytest.raises(ValidationError, match="belongs into a mix"):
            actions.use_lot(session=opened(), lot=make_lot(), by=staff(make_practitioner()))

    def test_a_lot_is_put_back(self):
        session, lot = opened(), make_lot(product=make_product(kind="needle"))
        actions.use_lot(session=session, lot=lot, by=by_of(session))
        actions.put_back_lot(session=session, lot=lot, by=by_of(session))
        actions.put_back_lot(session=session, lot=lot, by=by_of(session))
        assert session.lots.count() == 0


class TestReaction:
    def test_pain_stands_with_pain_alone(self):
        session = opened()
        rows = actions.note_reaction(session=session, kinds=["redness", "pain"], pain=4, by=by_of(session))
        assert {row.kind: row.pain for row in rows} == {"pain": 4, "redness": None}

    def test_noting_again_replaces(self):
        session = opened()
        actions.note_reaction(session=session, kinds=["redness"], by=by_of(session))
        actions.note_reaction(session=session, kinds=["none"], zone="vertex", by=by_of(session))
        assert [(row.kind, row.zone) for row in session.reactions.all()] == [("none", "")]

    @pytest.mark.parametrize(
        ("kinds", "pain"),
        [([], None), (["none", "redness"], None), (["pain"], None), (["pain"], 11), (["other"], None)],
    )
    def test_what_cannot_be_is_refused(self, kinds, pain):
        with pytest.raises(ValidationError) as refusal:
            actions.note_reaction(session=opened(), kinds=kinds, pain=pain, by=staff(make_practitioner()))
        assert set(refusal.value.error_dict) == {"kinds"}


class TestPhotos:
    def test_a_photo_lies_in_the_patients_record_and_counts_for_readiness(self):
        session = opened()
        make_consent(patient=session.patient, kind="photos_record")
        row = actions.add_session_photo(session=session, moment="before", view="top", upload=jpeg(), by=by_of(session))
        assert row.photo.patient == session.patient
        assert "before_photos" not in standing(session)

    def test_the_same_picture_twice_is_kept_once(self):
        session = opened()
        make_consent(patient=session.patient, kind="photos_record")
        for _again in range(2):
            actions.add_session_photo(session=session, moment="before", view="top", upload=jpeg(), by=by_of(session))
        assert session.photos.count() == 1

    def test_without_consent_there_is_none(self):
        with pytest.raises(ValidationError, match="not agreed to photos"):
            actions.add_session_photo(
                session=opened(), moment="before", view="top", upload=jpeg(), by=staff(make_practitioner())
            )

    def test_a_refusal_of_photos_settles_the_item(self):
        session = opened()
        make_consent(patient=session.patient, kind="photos_record", granted=False, signed_name="")
        assert "before_photos" not in standing(session)
