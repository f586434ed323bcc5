"""Mix pigment from lots and leftovers, with the lots behind every leftover written out so that a recall finds all.

What a mix takes leaves the ledger of its lots in the same transaction, and comes back where the mix is discarded.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from planning.models import ShadeStep
from sessions import mixes
from sessions.actions.locking import open_record
from sessions.models import Mix, MixComponent, MixLot, TreatmentSession
from smpclinic import audit
from smpclinic.actions import stock_ledger
from smpclinic.actors import Actor
from smpclinic.models import Lot, ProductKind
from smpclinic.saving import save_checked

ML = Decimal("0.001")


@dataclass(frozen=True)
class Portion:
    """One lot or leftover in a mix: mL or drops, one of the two."""

    lot: Lot | None = None
    leftover: Mix | None = None
    ml: Decimal | None = None
    drops: int | None = None

    @property
    def component(self) -> mixes.Component:
        drops = Decimal(self.drops) if self.drops is not None else None
        drop_ml = Decimal(self.lot.product.drop_ml) if self.lot else mixes.DROP_ML
        share = Decimal(1) if self.leftover is None else share_of(self.leftover)
        return mixes.Component(str(self.lot or self.leftover), self.ml, drops, drop_ml, share)


@transaction.atomic
def mix_pigment(
    *,
    session: TreatmentSession,
    name: str,
    portions: Sequence[Portion],
    diluent_ml: Decimal,
    by: Actor,
    shade_step: ShadeStep | None = None,
    diluent_lot: Lot | None = None,
    new_id: UUID | None = None,
) -> Mix:
    """Save a mix and draw it from the stock. A lot on recall or without enough left is refused; an expired one only
    warns (see ``warnings_for``).

    ``new_id`` makes a form sent twice one mix.
    """
    session = open_record(session)
    if new_id is not None and (made := session.mixes.filter(public_id=new_id).first()):
        return made
    recipe = Recipe(portions, diluent_ml, diluent_lot, shade_step)
    _refuse(session, recipe)
    mix = Mix(
        public_id=new_id or uuid4(),
        session=session,
        name=name,
        shade_step=shade_step,
        diluent_ml=diluent_ml,
        diluent_lot=diluent_lot,
        mixed_at=timezone.now(),
        mixed_by=by.user,
    )
    save_checked(mix)
    _save_parts(mix, recipe)
    _draw(mix, recipe, by, may_overdraw=session.appointment.entered_late)
    lots = [str(lot) for lot in recipe.lots()]
    audit.record(by=by, verb="mixed pigment", subject=mix, patient=session.patient, lots=lots)
    return mix


def _save_parts(mix: Mix, recipe: "Recipe") -> None:
    for portion in recipe.portions:
        ml = portion.component.volume_ml.quantize(ML)
        save_checked(MixComponent(mix=mix, lot=portion.lot, leftover=portion.leftover, ml=ml, drops=portion.drops))
    for lot, ml in recipe.lots().items():
        MixLot.objects.create(mix=mix, lot=lot, ml=ml.quantize(ML))


def _draw(mix: Mix, recipe: "Recipe", by: Actor, *, may_overdraw: bool) -> None:
    # Always in the same order, so that two sessions that mix from the same lots never wait for one another in a ring.
    for lot, ml in sorted(recipe.drawn().items(), key=lambda line: line[0].pk):
        stock_ledger.draw(lot=lot, amount=ml.quantize(ML), cause=mix.public_id, by=by, may_overdraw=may_overdraw)


@transaction.atomic
def discard_mix(*, mix: Mix, by: Actor) -> None:
    """Throw away a mix of an open record that no pass and no other mix holds."""
    if mix.session is None:
        raise ValidationError(_("%(mix)s belongs to no open record.") % {"mix": mix})
    session = open_record(mix.session)
    if mix.passes.exists() or mix.used_in.exists():
        raise ValidationError(_("%(mix)s is used in this record. Choose another mix there first.") % {"mix": mix})
    audit.record(by=by, verb="discarded mix", subject=mix, patient=session.patient)
    stock_ledger.give_back(cause=mix.public_id, by=by)
    mix.components.all().delete()
    mix.lots.all().delete()
    mix.delete()


def warnings_for(portions: Sequence[Portion], *, on: date) -> list[str]:
    """What speaks against these lots on that day: expired, opened too long ago."""
    return [words for lot in flattened(portions) for words in mixes.warnings_for_lot(facts_of(lot), on=on)]


def dilution_of(mix: Mix) -> mixes.Dilution:
    """How strong a stored mix is; what a leftover brought of water counts as water."""
    components = [
        mixes.Component(
            lot=str(row.lot or row.leftover),
            ml=row.ml,
            pigment_share=Decimal(1) if row.leftover is None else share_of(row.leftover),
        )
        for row in mix.components.all()
    ]
    return mixes.dilution_of(components, mix.diluent_ml)


def share_of(mix: Mix) -> Decimal:
    """How much of a stored mix is pigment, 0-1."""
    strength = dilution_of(mix)
    return strength.pigment_ml / strength.total_ml


def facts_of(lot: Lot) -> mixes.LotFacts:
    """What decides whether a lot may be used."""
    return mixes.LotFacts(
        label=str(lot),
        expires_on=lot.expires_on,
        opened_on=lot.opened_on,
        months_after_opening=lot.product.months_after_opening,
        recalled=lot.recall_reason if lot.is_recalled else "",
    )


@dataclass(frozen=True)
class Recipe:
    """What goes into one mix."""

    portions: Sequence[Portion]
    diluent_ml: Decimal
    diluent_lot: Lot | None = None
    shade_step: ShadeStep | None = None

    def lots(self) -> dict[Lot, Decimal]:
        """mL of each lot in the cup, the water's and those behind leftovers included."""
        return _added(flattened(self.portions), self._water())

    def drawn(self) -> dict[Lot, Decimal]:
        """mL taken from each lot now; what is in a leftover was drawn when that was mixed."""
        direct: dict[Lot, Decimal] = {}
        for portion in self.portions:
            if portion.lot is not None:
                direct = _added(direct, {portion.lot: portion.component.volume_ml})
        return _added(direct, self._water())

    def _water(self) -> dict[Lot, Decimal]:
        return {self.diluent_lot: self.diluent_ml} if self.diluent_lot is not None and self.diluent_ml else {}


def problems_with_recall(lots: Iterable[Lot], *, entered_late: bool) -> list[str]:
    """Why lots on recall cannot be used, in words. A past visit is recorded as it was, or no recall could find it."""
    return [] if entered_late else [words for lot in lots for words in mixes.problems_with_lot(facts_of(lot))]


def refuse_mix_on_recall(mix: Mix | None, *, session: TreatmentSession) -> None:
    """ValidationError beside ``mix`` where one of its lots was recalled since it was mixed."""
    if mix is None:
        return
    lots = [row.lot for row in mix.lots.filter(lot__recalled_at__isnull=False).select_related("lot__product")]
    if problems := problems_with_recall(lots, entered_late=session.appointment.entered_late):
        raise ValidationError({"mix": [*problems, _("Discard what is in the cup and mix afresh.")]})


def problems_with_step(step: ShadeStep | None, lots: Iterable[Lot]) -> list[str]:
    """Why a mix cannot be called by a step of the ladder: it holds none of the product the step is made of."""
    if step is None or step.product is None or step.product_id in {lot.product_id for lot in lots}:
        return []
    words = _("%(step)s is made with %(product)s, and this mix holds none: choose a lot of it, or no step.")
    return [words % {"step": step.name, "product": step.product}]


def _refuse(session: TreatmentSession, recipe: Recipe) -> None:
    problems = mixes.problems_with_mix([portion.component for portion in recipe.portions], recipe.diluent_ml)
    for portion in recipe.portions:
        if portion.leftover is not None and portion.leftover.session_id != session.pk:
            problems.append(_("%(mix)s is of another session: mix afresh.") % {"mix": portion.leftover})
        if portion.lot is not None and portion.lot.product.kind != ProductKind.PIGMENT:
            problems.append(_("%(lot)s is no pigment.") % {"lot": portion.lot})
    if recipe.diluent_lot is not None and recipe.diluent_lot.product.kind != ProductKind.DILUENT:
        problems.append(_("%(lot)s is nothing to dilute with.") % {"lot": recipe.diluent_lot})
    lots = _as_now(recipe.lots())
    problems += problems_with_recall(lots, entered_late=session.appointment.entered_late)
    problems += problems_with_step(recipe.shade_step, lots)
    if problems:
        raise ValidationError(problems)


def _as_now(lots: Iterable[Lot]) -> list[Lot]:
    """The lots as they are now: one may have been recalled since the page was opened."""
    return list(Lot.objects.filter(pk__in=[lot.pk for lot in lots]).select_related("product").order_by("pk"))


def flattened(portions: Sequence[Portion]) -> dict[Lot, Decimal]:
    """mL of each lot, leftovers resolved in proportion to what they were mixed from."""
    found: dict[Lot, Decimal] = {}
    for portion in portions:
        found = _added(found, _shares(portion))
    return found


def _added(some: Mapping[Lot, Decimal], more: Mapping[Lot, Decimal]) -> dict[Lot, Decimal]:
    return dict(some) | {lot: some.get(lot, Decimal(0)) + ml for lot, ml in more.items()}


def _shares(portion: Portion) -> dict[Lot, Decimal]:
    amounts = [amount for amount in (portion.ml, portion.drops) if amount is not None]
    volume = portion.component.volume_ml if len(amounts) == 1 else Decimal(0)
    if portion.lot is not None:
        return {portion.lot: volume}
    if portion.leftover is None:
        raise ValueError("a portion is of a lot or of a leftover")
    rows = portion.leftover.lots.select_related("lot__product")
    whole = sum((row.ml for row in portion.leftover.components.all()), portion.leftover.diluent_ml)
    return {row.lot: volume * row.ml / whole for row in rows}
