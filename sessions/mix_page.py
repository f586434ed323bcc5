"""The mixes of a session, and the recipes that are offered for the next one."""

from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from planning.models import ShadeStep
from sessions.actions.mixing import dilution_of, facts_of
from sessions.mix_colour import colour_of_mix
from sessions.mixes import warnings_for_lot
from sessions.models import TreatmentSession
from sessions.treated import zones_of
from sessions.words import millilitres, recipe_of
from smpclinic.models import Lot, Product


def mixes_shown(session: TreatmentSession) -> list[dict]:
    """Each mix of the session with its strength, its lots and what speaks against them."""
    rows = session.mixes.prefetch_related("components__lot__product", "lots__lot__product", "passes").order_by("id")
    return [_shown(mix, session) for mix in rows]


def _shown(mix, session: TreatmentSession) -> dict:
    day, strength = session.appointment.day, dilution_of(mix)
    return {
        "mix": mix,
        "recipe": recipe_of(mix),
        "dilution": strength.words,
        "colour": colour_of_mix(
            {row.lot: row.ml for row in mix.lots.all()}, total_ml=strength.total_ml, patient=session.patient
        ),
        "lots": [{"lot": str(row.lot), "ml": millilitres(row.ml)} for row in mix.lots.all()],
        "warnings": [words for row in mix.lots.all() for words in warnings_for_lot(facts_of(row.lot), on=day)],
        "is_used": bool(mix.passes.all()),
    }


def steps_offered(session: TreatmentSession) -> list[tuple[ShadeStep, str]]:
    """The steps of the ladder that the plan aims at; a first session is offered the step below as well, first."""
    planned = session.appointment.planned_session
    targets = {zone.shade_step.number: zone.shade_step for zone in zones_of(session.appointment) if zone.shade_step}
    offered = [(step, _("the plan's shade")) for step in targets.values()]
    if planned.number == 1:
        lighter = ShadeStep.objects.filter(is_active=True, number__in=[number - 1 for number in targets])
        offered = [(step, _("one step lighter, for a first session")) for step in lighter] + offered
    return offered


def words_about_low(mix) -> list[str]:
    """Which products of a mix are low now, in words (two queries)."""
    products = Product.objects.filter(low_level__isnull=False, lots__mix_uses__mix=mix).distinct()
    lots = Lot.objects.with_on_hand().filter(product__in=products).select_related("product")
    left: dict[Product, Decimal] = {}
    for lot in lots.usable(on=timezone.localdate()):
        if lot.on_hand is not None:
            left[lot.product] = left.get(lot.product, Decimal(0)) + max(lot.on_hand, Decimal(0))
    return [
        _("%(product)s is low: %(left)s left.") % {"product": product, "left": millilitres(amount)}
        for product, amount in left.items()
        if amount < product.low_level
    ]
