"""What the mix builder starts from: an earlier mix, a step of the ladder, or what was typed and a lot scanned to it."""

from collections.abc import Mapping

from planning.models import ShadeStep
from planning.zones import plain
from sessions.actions.mixing import Portion, facts_of
from sessions.forms.mixing import MOST_PORTIONS, Shelf
from sessions.mixes import warnings_for_lot
from sessions.models import Mix
from smpclinic.models import Lot


def like(mix: Mix, shelf: Shelf) -> dict:
    """The builder filled as an earlier mix: the same lots, or another usable lot of the same product."""
    portions = [_portion_like(row, shelf) for row in mix.components.select_related("lot__product")]
    water = next((lot for lot in shelf.waters if lot.pk == mix.diluent_lot_id and not lot.is_recalled), None)
    form = {
        "diluent_ml": plain(mix.diluent_ml),
        "shade_step": mix.shade_step_id,
        "diluent_lot": str(water.public_id) if water else "",
    }
    return {"form": form, "portions": [portion for portion in portions if portion]}


def from_step(step: ShadeStep, shelf: Shelf) -> dict:
    """The builder filled with the recipe of a step of the clinic's ladder."""
    lot = next((lot for lot in shelf.lots if lot.product_id == step.product_id and not lot.is_recalled), None)
    amount = {"drops": step.pigment_drops} if step.pigment_drops else {"ml": plain(step.pigment_ml)}
    portion = {"source": str(lot.public_id) if lot else ""} | amount
    form = {"diluent_ml": plain(step.water_ml), "name": step.name, "shade_step": step.pk}
    return {"form": form, "portions": [portion]}


def _portion_like(row, shelf: Shelf) -> dict | None:
    """The same lot while it is good, else the best other lot of the product; a leftover of then is gone."""
    if row.lot is None:
        return None
    amount = {"drops": row.drops} if row.drops else {"ml": plain(row.ml)}
    chosen = _lot_like(row, shelf)
    return {"source": str(chosen.public_id) if chosen else ""} | amount


def _lot_like(row, shelf: Shelf) -> Lot | None:
    same = [lot for lot in shelf.lots if lot.product_id == row.lot.product_id and not lot.is_recalled]
    good = [lot for lot in same if not warnings_for_lot(facts_of(lot), on=shelf.on)] or same
    return next((lot for lot in good if lot.pk == row.lot_id), good[0] if good else None)


def again(mix: Mix, shelf: Shelf) -> dict | None:
    """An earlier mix as ``mix_pigment`` takes it, to be saved in one press; None where it has to be looked at first:
    a leftover is gone, a lot is not there any more or speaks against itself."""
    rows = list(mix.components.select_related("lot__product"))
    lots = [_lot_like(row, shelf) if row.lot else None for row in rows]
    if None in lots or any(warnings_for_lot(facts_of(lot), on=shelf.on) for lot in lots):
        return None
    water = next((lot for lot in shelf.waters if lot.pk == mix.diluent_lot_id), None)
    if mix.diluent_lot_id and water is None:
        return None
    amounts = [{"drops": row.drops} if row.drops else {"ml": row.ml} for row in rows]
    return {
        "name": mix.name,
        "portions": [Portion(lot=lot, **amount) for lot, amount in zip(lots, amounts, strict=True)],
        "diluent_ml": mix.diluent_ml,
        "diluent_lot": water,
        "shade_step": mix.shade_step,
    }


def as_typed(sent: Mapping[str, str]) -> dict:
    """The builder as it was sent, nothing judged yet."""
    names = ("name", "diluent_ml", "diluent_lot", "shade_step", "new_id")
    rows = [
        {name: sent.get(f"portions-{row}-{name}", "") for name in ("source", "drops", "ml")}
        for row in range(MOST_PORTIONS)
    ]
    return {
        "form": {name: sent[name] for name in names if name in sent},
        "portions": [row for row in rows if any(row.values())],
    }


def with_lot(first: dict, lot: Lot) -> dict:
    """The same with a row more for a lot, unless it stands there."""
    key = str(lot.public_id)
    if key in {row["source"] for row in first["portions"]} or len(first["portions"]) >= MOST_PORTIONS:
        return first
    return first | {"portions": [*first["portions"], {"source": key, "drops": "", "ml": ""}]}
