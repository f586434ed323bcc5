"""The ladder as it is shown: each step with its recipe, its colour in the cup and healed, and who uses it."""

from django.db.models import Count
from django.utils.translation import gettext as _

from planning.mixing import HealedLook, predicted_colour
from planning.models import HealedPhoto, PlanZone, ShadeStep
from planning.models.plan import PlanVersion
from planning.shade import cautions_about_ladder
from planning.shade_settings import clinic_healed_look
from planning.zones import plain
from smpclinic.colour import Srgb, hex_of, srgb_from_hex

CARBON = Srgb(0x1B, 0x1A, 0x1A)  # a carbon black, where a step names no product or its product has no colour


def cup_colour(step: ShadeStep) -> Srgb:
    """The predicted colour of a step in the cup; a carbon black's where its pigment has no colour."""
    named = step.product.colour if step.product else ""
    pigment = srgb_from_hex(named) if named else CARBON
    return predicted_colour([(pigment, float(step.pigment_ml))], water_ml=float(step.water_ml))


def recipe_in_words(step: ShadeStep) -> str:
    """What goes into the cup: "5 drops Black, water 4.5 mL"."""
    amount = (
        _("%(drops)s drops") % {"drops": step.pigment_drops} if step.pigment_drops else f"{plain(step.pigment_ml)} mL"
    )
    pigment = str(step.product) if step.product else _("pigment")
    return _("%(amount)s %(pigment)s, water %(water)s mL") % {
        "amount": amount,
        "pigment": pigment,
        "water": plain(step.water_ml),
    }


def ladder_shown() -> dict:
    """Every step, the retired ones after (five queries)."""
    steps = list(ShadeStep.objects.select_related("product"))
    used = _uses()
    photos = dict(HealedPhoto.objects.for_staff().values_list("shade_step").annotate(count=Count("pk")).order_by())
    look = clinic_healed_look()
    rows = [_shown(step, used.get(step.pk, 0), photos.get(step.pk, 0), look) for step in steps]
    active = [(step.number, step.pigment_percent) for step in steps if step.is_active]
    return {
        "steps": [row for row in rows if row["step"].is_active],
        "retired": [row for row in rows if not row["step"].is_active],
        "cautions": cautions_about_ladder(active),
    }


def _shown(step: ShadeStep, plans: int, photos: int, look: HealedLook) -> dict:
    cup = cup_colour(step)
    return {
        "step": step,
        "recipe": recipe_in_words(step),
        "cup": hex_of(cup),
        "healed": hex_of(look.of(cup)),
        "has_colour": bool(step.product and step.product.colour),
        "plans": plans,
        "photos": photos,
    }


def _uses() -> dict[int, int]:
    """By step, how many plans name it, for the whole or for a zone."""
    whole = PlanVersion.objects.filter(shade_step__isnull=False).values_list("shade_step", "plan")
    zones = PlanZone.objects.filter(shade_step__isnull=False).values_list("shade_step", "version__plan")
    found: dict[int, int] = {}
    for step, _plan in {*whole.order_by(), *zones.order_by()}:
        found[step] = found.get(step, 0) + 1
    return found
