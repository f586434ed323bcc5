"""The ledger of a lot: draw from it, give back, count it, throw it away. Lines are added, none is ever changed."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from smpclinic import audit
from smpclinic.actors import Actor
from smpclinic.database.holding import hold
from smpclinic.models import Lot, MovementKind, StockMovement
from smpclinic.saving import save_checked

NOTHING = Decimal(0)
PLACES = Decimal("0.001")  # SQLite adds up floating numbers; to this place the sum is exact
MOST = Decimal(100_000)


def locked(lot: Lot) -> Lot:
    """The lot as it is now, with ``on_hand``, held until the transaction ends."""
    hold(Lot.objects.filter(pk=lot.pk))
    found = Lot.objects.with_on_hand().select_related("product").get(pk=lot.pk)
    if found.on_hand is not None:
        found.on_hand = found.on_hand.quantize(PLACES)
    return found


def write(*, lot: Lot, kind: str, amount: Decimal, by: Actor, **fields: Any) -> StockMovement:
    """Add one line; ``amount`` carries its sign."""
    row = StockMovement(
        lot=lot,
        kind=kind,
        amount=amount,
        at=timezone.now(),
        actor_kind=by.kind,
        actor_user=by.user,
        actor_label=by.label,
        **fields,
    )
    return save_checked(row, exclude=[] if by.user else ["actor_user"])


@transaction.atomic
def draw(*, lot: Lot, amount: Decimal, cause: UUID, by: Actor, may_overdraw: bool = False) -> None:
    """Take ``amount`` (mL or pieces) for the mix or session ``cause``.

    ValidationError where the lot is known to hold less; ``may_overdraw`` for a past visit, whose amount was counted
    long ago.
    """
    found = locked(lot)
    if found.on_hand is not None and amount > found.on_hand and not may_overdraw:
        raise ValidationError(problem_with_amount(found, amount))
    write(lot=lot, kind=MovementKind.USED, amount=-amount, cause=cause, by=by)


@transaction.atomic
def give_back(*, cause: UUID, by: Actor, lot: Lot | None = None) -> None:
    """Undo what ``cause`` drew, from one lot or from all: it was taken by mistake."""
    lines = StockMovement.objects.filter(cause=cause)
    if lot is not None:
        lines = lines.filter(lot=lot)
    for row in lines.order_by("lot_id").values("lot").annotate(drawn=Sum("amount")):
        drawn = row["drawn"].quantize(PLACES)
        if drawn < 0:
            found = Lot.objects.get(pk=row["lot"])
            write(lot=found, kind=MovementKind.GIVEN_BACK, amount=-drawn, cause=cause, by=by)


@transaction.atomic
def count_lot(*, lot: Lot, counted: Decimal, reason: str, by: Actor) -> StockMovement:
    """Write down how much is really there; where it differs from the ledger, why."""
    if not NOTHING <= counted <= MOST:
        raise ValidationError({"counted": _("Count from 0 to 100,000.")})
    found = locked(lot)
    before = found.on_hand
    if before is not None and before != counted and not reason.strip():
        words = _("The ledger says %(ledger)s, you count %(counted)s: say why, in a few words.")
        told = words % {"ledger": amount_of(found, before), "counted": amount_of(found, counted)}
        raise ValidationError({"reason": told})
    row = write(
        lot=lot,
        kind=MovementKind.COUNTED,
        amount=counted - _sum(found),
        counted=counted,
        reason=reason.strip(),
        by=by,
    )
    audit.record(by=by, verb="counted lot", subject=lot, changed={"on_hand": (before, counted)})
    return row


@transaction.atomic
def throw_away(*, lot: Lot, reason: str, by: Actor) -> StockMovement:
    """The rest of a lot is thrown away: it leaves the lists of what expires and what can be used."""
    if not reason.strip():
        raise ValidationError({"reason": _("Say why, in a few words.")})
    found = locked(lot)
    if found.on_hand is None:
        write(lot=lot, kind=MovementKind.COUNTED, amount=-_sum(found), counted=NOTHING, by=by, reason=reason.strip())
        found = locked(lot)
    row = write(
        lot=lot,
        kind=MovementKind.THROWN_AWAY,
        amount=-max(found.on_hand or NOTHING, NOTHING),
        reason=reason.strip(),
        by=by,
    )
    audit.record(by=by, verb="threw away lot", subject=lot, changed={"on_hand": (found.on_hand, NOTHING)})
    return row


def problem_with_amount(lot: Lot, amount: Decimal) -> str:
    """Why ``amount`` cannot be taken from a lot with ``on_hand``, and what to do."""
    words = _("%(lot)s holds %(there)s, this takes %(wanted)s. Count the lot where there is more, or take another.")
    there = amount_of(lot, max(lot.on_hand or NOTHING, NOTHING))
    return words % {"lot": lot, "there": there, "wanted": amount_of(lot, amount)}


def amount_of(lot: Lot, amount: Decimal) -> str:
    """An amount with its unit, without idle zeros: "1.8 mL", "20 pieces"."""
    figure = f"{amount.normalize():f}" if amount else "0"
    return f"{figure} {lot.product.unit}"


def _sum(lot: Lot) -> Decimal:
    return (lot.movements.aggregate(sum=Sum("amount"))["sum"] or NOTHING).quantize(PLACES)
