"""What the stored values of a session are called on screen and on paper."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from planning.zones import plain
from sessions.actions.mixing import dilution_of
from sessions.models import Mix
from sessions.technique import DepthKnownBy, HandSpeed, NeedleGroup, Reaction, ScalpResistance, ScalpState, Viscosity

NEEDLES = {group: group.value for group in NeedleGroup} | {
    NeedleGroup.ROLLER: _("Roller"),
    NeedleGroup.OTHER: _("Other"),
}
DEPTH_KNOWN_BY = {
    DepthKnownBy.DIALLED: _("Read off the dial"),
    DepthKnownBy.HANG: _("By the needle's hang"),
    DepthKnownBy.ESTIMATED: _("Estimated in the tissue"),
}
HAND_SPEEDS = {HandSpeed.SLOW: _("Slow"), HandSpeed.MEDIUM: _("Medium"), HandSpeed.FAST: _("Fast")}
RESISTANCES = {
    ScalpResistance.SOFT: _("Soft"),
    ScalpResistance.NORMAL: _("Normal"),
    ScalpResistance.TOUGH: _("Tough"),
}
SKIN_STATES = {
    ScalpState.OILY: _("Oily"),
    ScalpState.DRY: _("Dry"),
    ScalpState.FLAKY: _("Flaky"),
    ScalpState.SCARRED: _("Scarred"),
}
VISCOSITIES = {Viscosity.THIN: _("Thin"), Viscosity.MEDIUM: _("Medium"), Viscosity.THICK: _("Thick")}
REACTIONS = {
    Reaction.NONE: _("None"),
    Reaction.REDNESS: _("Redness"),
    Reaction.SWELLING: _("Swelling"),
    Reaction.BLEEDING: _("Bleeding"),
    Reaction.PAIN: _("Pain"),
    Reaction.OTHER: _("Other"),
}
PATTERNS = {"random": _("Random"), "staggered": _("Staggered rows"), "stippled": _("Fine stipple")}


def word(words: dict, value: str) -> str:
    """The word for a stored value; one that this version does not know is shown as it is stored."""
    return str(words.get(value, value))


def choices(words: dict, *, empty: str = "") -> list[tuple[str, str]]:
    """Choices for a field, with the word of "not said" first where one is given."""
    return ([("", empty)] if empty else []) + [(str(value), name) for value, name in words.items()]


def skin_words(values: list[str]) -> str:
    """The skin of today: "normal, dry"."""
    return ", ".join(word(RESISTANCES | SKIN_STATES, value).lower() for value in values)


def recipe_of(mix: Mix) -> str:
    """What is in a mix: "4 drops Carbon Black + 1.8 mL water"."""
    parts = [_portion(row) for row in mix.components.all()]
    if mix.diluent_ml:
        parts.append(f"{millilitres(mix.diluent_ml)} {_('water')}")
    return " + ".join(parts)


def strength_of(mix: Mix) -> str:
    """How strong a mix is: "10 % pigment"."""
    return f"{plain(dilution_of(mix).pigment_percent.quantize(Decimal('0.1')))} %"


def millilitres(ml: Decimal) -> str:
    """An amount as it is read: "1.8 mL"."""
    return f"{plain(Decimal(ml))} mL"


def _portion(row) -> str:
    amount = str(_("%(count)s drops") % {"count": row.drops}) if row.drops else millilitres(row.ml)
    return f"{amount} {row.lot.product if row.lot else row.leftover}"
