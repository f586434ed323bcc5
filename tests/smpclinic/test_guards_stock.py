"""The ledger, lots on recall and who was told of them, past the program in SQL."""

import uuid

import pytest
from django.utils import timezone

from sessions.models import Mix, MixLot, Recall, RecallTelling
from smpclinic.models import StockMovement
from tests import make, sql
from tests.smpclinic.guarded import covers

pytestmark = pytest.mark.django_db


def make_mix(session, lot) -> Mix:
    mix = Mix.objects.create(session=session, name="light", mixed_at=timezone.now(), mixed_by=session.practitioner)
    MixLot.objects.create(mix=mix, lot=lot, ml="1")
    return mix


@covers("stock_movement_kept")
def test_the_ledger_of_a_lot_is_never_changed():
    row = StockMovement.objects.create(
        lot=make.make_lot(), kind="received", amount=1, at=timezone.now(), actor_kind="system", actor_label="smpclinic"
    )
    with sql.refused("the ledger of a lot is never changed"):
        sql.update(row, amount="99")
    with sql.refused("the ledger of a lot is never changed"):
        sql.delete(row)


@covers("recalled_lot_not_mixed", "recalled_lot_not_used", "recalled_mix_not_taken", "recalled_mix_not_taken_later")
def test_nobody_uses_a_recalled_lot_but_a_past_visit():
    session, lot = make.make_session(passes=0), make.make_lot()
    mix, fine = make_mix(session, lot), make_mix(session, make.make_lot())
    zone_pass = make.make_pass(session, mix=fine)
    sql.update(lot, recalled_at=timezone.now(), recall_reason="Bacteria")
    another = sql.values_of(zone_pass) | {"mix_id": mix.pk, "number": 9, "public_id": uuid.uuid4().hex}
    del another["id"]
    statements = (
        lambda: sql.insert("treatment_sessions_mixlot", {"mix_id": fine.pk, "lot_id": lot.pk, "ml": "1"}),
        lambda: sql.insert("treatment_sessions_sessionlot", {"session_id": session.pk, "lot_id": lot.pk, "count": "1"}),
        lambda: sql.insert("treatment_sessions_zonepass", another),
        lambda: sql.update(zone_pass, mix_id=mix.pk),
    )
    for statement in statements:
        with sql.refused("a lot on recall is not used"):
            statement()
    assert sql.update(zone_pass, note="other") == 1
    sql.update(session.appointment, entered_late=True)
    for statement in statements:
        statement()


@covers("recall_kept", "telling_kept", "telling_frozen", "telling_patient_kept")
def test_a_recall_and_who_was_told_stay():
    patient, winner = make.make_patient(), make.make_patient()
    acted = {"at": timezone.now(), "actor_kind": "system", "actor_label": "smpclinic"}
    recall = Recall.objects.create(product=make.make_product(), reason="Bacteria", **acted)
    telling = RecallTelling.objects.create(recall=recall, patient=patient, way="phone", **acted)
    with sql.refused("who was told stays written down"):
        sql.update(telling, way="letter")
    with sql.refused("who was told stays written down"):
        sql.delete(telling)
    with sql.refused("only a merge gives a row another patient"):
        sql.update(telling, patient_id=winner.pk)
    with sql.refused("a recall is lifted, never deleted"):
        sql.delete(recall)
    make.make_merge(winner, patient)
    assert sql.update(telling, patient_id=winner.pk) == 1
