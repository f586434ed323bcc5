"""Edit the clinic's shade ladder and its numbers of colour and density. A sealed plan keeps the recipe it had."""

from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from planning.mixing import HealedLook
from planning.models import ShadeStep
from planning.shade import drops_to_ml
from planning.shade_settings import MOST_DIFFERENCE, SECTION, clinic_healed_look
from smpclinic import audit
from smpclinic.actions.settings import change_section
from smpclinic.actors import Actor
from smpclinic.models import ProductKind
from smpclinic.saving import save_checked

STEP_FIELDS = ("number", "name", "product", "pigment_drops", "pigment_ml", "water_ml", "is_active")


@transaction.atomic
def add_step(*, by: Actor, **fields: object) -> ShadeStep:
    """A new step of the ladder. ValidationError names the field that cannot stand."""
    return _save(ShadeStep(), fields, verb="added shade step", by=by)


@transaction.atomic
def change_step(*, step: ShadeStep, by: Actor, **fields: object) -> ShadeStep:
    """Change a step, or retire it (``is_active=False``): plans that use it keep it, new ones are not offered it."""
    return _save(ShadeStep.objects.select_for_update().get(pk=step.pk), fields, verb="changed shade step", by=by)


def _save(step: ShadeStep, fields: Mapping[str, object], *, verb: str, by: Actor) -> ShadeStep:
    before = {name: getattr(step, name) for name in STEP_FIELDS} if step.pk else {}
    for name, value in fields.items():
        setattr(step, name, value)
    if step.product is not None and step.product.kind != ProductKind.PIGMENT:
        raise ValidationError({"product": _("%(product)s is no pigment.") % {"product": step.product}})
    if step.pigment_drops:
        drop_ml = {"drop_ml": Decimal(step.product.drop_ml)} if step.product else {}
        step.pigment_ml = drops_to_ml(Decimal(step.pigment_drops), **drop_ml).quantize(Decimal("0.01"))
    save_checked(step)
    changed = audit.changes(before, {name: getattr(step, name) for name in STEP_FIELDS})
    audit.record(by=by, verb=verb, subject=step, changed=changed)
    return step


@transaction.atomic
def change_healed_look(*, look: HealedLook, by: Actor) -> None:
    """Keep how colours heal here. ValidationError by field where a difference is another colour."""
    too_far = _("Between -%(most)s and %(most)s: more than that is another colour.") % {"most": int(MOST_DIFFERENCE)}
    problems = {name: too_far for name, value in asdict(look).items() if not abs(value) <= MOST_DIFFERENCE}
    if problems:
        raise ValidationError(problems)
    change_section(name=SECTION, before=asdict(clinic_healed_look()), values=asdict(look), by=by)
