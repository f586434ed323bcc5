"""Mix pigment from lots and leftovers, with the lots behind every leftover written out so that a recall finds all."""

from collections.abc import Sequence
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
        return mixes.Component(lot=str(self.lot or self.leftover), ml=self.ml, drops=drops, drop_ml=drop_ml)


@transaction.atomic
def mix_pigment(
    *,
    session: TreatmentSession,
    name: str,
    portions: Sequence[Portion],
    diluent_ml: Decimal,
    by: Actor,
    shade_step: ShadeStep | None = None,
    new_id: UUID | None = None,
) -> Mix:
    """Save a mix. A lot on recall is refused; an expired one only warns (see ``warnings_for``).

    ``new_id`` makes a form sent twice one mix.
    """
    session = open_record(session)
    if new_id is not None and (made := session.mixes.filter(public_id=new_id).first()):
        return made
    _refuse(session, portions, diluent_ml)
    mix = Mix(
        public_id=new_id or uuid4(),
        session=session,
        name=name,
        shade_step=shade_step,
        diluent_ml=diluent_ml,
        mixed_at=timezone.now(),
        mixed_by=by.user,
    )
    save_checked(mix)
    for portion in portions:
        ml = portion.component.volume_ml.quantize(ML)
        row = MixComponent(mix=mix, lot=portion.lot, leftover=portion.leftover, ml=ml, drops=portion.drops)
        save_checked(row)
    for lot, ml in flattened(portions).items():
        MixLot.objects.create(mix=mix, lot=lot, ml=ml.quantize(ML))
    audit.record(
        by=by,
        verb="mixed pigment",
        subject=mix,
        patient=session.patient,
        lots=[str(lot) for lot in flattened(portions)],
    )
    return mix


@transaction.atomic
def discard_mix(*, mix: Mix, by: Actor) -> None:
    """Throw away a mix of an open record that no pass and no other mix holds."""
    if mix.session is None:
        raise ValidationError(_("%(mix)s belongs to no open record.") % {"mix": mix})
    session = open_record(mix.session)
    if mix.passes.exists() or mix.used_in.exists():
        raise ValidationError(_("%(mix)s is used in this record. Choose another mix there first.") % {"mix": mix})
    audit.record(by=by, verb="discarded mix", subject=mix, patient=session.patient)
    mix.components.all().delete()
    mix.lots.all().delete()
    mix.delete()


def warnings_for(portions: Sequence[Portion], *, on: date) -> list[str]:
    """What speaks against these lots on that day: expired, opened too long ago."""
    return [words for lot in flattened(portions) for words in mixes.warnings_for_lot(facts_of(lot), on=on)]


def dilution_of(mix: Mix) -> mixes.Dilution:
    """How strong a stored mix is."""
    components = [mixes.Component(lot=str(row.lot or row.leftover), ml=row.ml) for row in mix.components.all()]
    return mixes.dilution_of(components, mix.diluent_ml)


def facts_of(lot: Lot) -> mixes.LotFacts:
    """What decides whether a lot may be used."""
    return mixes.LotFacts(
        label=str(lot),
        expires_on=lot.expires_on,
        opened_on=lot.opened_on,
        months_after_opening=lot.product.months_after_opening,
        recalled=lot.recall_reason if lot.is_recalled else "",
    )


def _refuse(session: TreatmentSession, portions: Sequence[Portion], diluent_ml: Decimal) -> None:
    problems = mixes.problems_with_mix([portion.component for portion in portions], diluent_ml)
    for portion in portions:
        if portion.leftover is not None and portion.leftover.session_id != session.pk:
            problems.append(_("%(mix)s is of another session: mix afresh.") % {"mix": portion.leftover})
    for lot in flattened(portions):
        problems += mixes.problems_with_lot(facts_of(lot))
        if lot.product.kind != ProductKind.PIGMENT:
            problems.append(_("%(lot)s is no pigment.") % {"lot": lot})
    if problems:
        raise ValidationError(problems)


def flattened(portions: Sequence[Portion]) -> dict[Lot, Decimal]:
    """mL of each lot, leftovers resolved in proportion to what they were mixed from."""
    found: dict[Lot, Decimal] = {}
    for portion in portions:
        for lot, share in _shares(portion).items():
            found[lot] = found.get(lot, Decimal(0)) + share
    return found


def _shares(portion: Portion) -> dict[Lot, Decimal]:
    amounts = [amount for amount in (portion.ml, portion.drops) if amount is not None]
    volume = portion.component.volume_ml if len(amounts) == 1 else Decimal(0)
    if portion.lot is not None:
        return {portion.lot: volume}
    if portion.leftover is None:
        raise ValueError("a portion is of a lot or of a leftover")
    rows = list(portion.leftover.lots.select_related("lot__product"))
    whole = sum((row.ml for row in rows), portion.leftover.diluent_ml)
    return {row.lot: volume * row.ml / whole for row in rows}
