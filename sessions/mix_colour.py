"""The predicted colour of a mix at the chair, in the cup and healed, beside the hair it must blend with."""

from collections.abc import Mapping
from decimal import Decimal

from intake.models import Patient
from planning.mixing import predicted_colour
from planning.shade_look import person_of
from planning.shade_settings import clinic_healed_look
from smpclinic.colour import difference, hex_of, lab_of, srgb_from_hex
from smpclinic.models import Lot, ProductKind


def colour_of_mix(lots: Mapping[Lot, Decimal], *, total_ml: Decimal, patient: Patient) -> dict:
    """Colours of a mix of ``total_ml`` that holds ``lots`` (mL each); empty where a pigment has no colour.

    ``cup`` and ``healed`` as ``#2b2a29``; ``target`` and ``difference`` (CIEDE2000) where the hair is known.
    """
    inks = {lot: ml for lot, ml in lots.items() if lot.product.kind == ProductKind.PIGMENT and ml}
    if not inks or any(not lot.product.colour for lot in inks):
        return {}
    pigments = [(srgb_from_hex(lot.product.colour), float(ml)) for lot, ml in inks.items()]
    water_ml = max(0.0, float(total_ml - sum(inks.values(), Decimal(0))))
    cup = predicted_colour(pigments, water_ml=water_ml)
    healed = clinic_healed_look().of(cup)
    colours = {"cup": hex_of(cup), "healed": hex_of(healed)}
    person = person_of(patient)
    if not person.is_hair_known:
        return colours
    away = difference(lab_of(healed), lab_of(person.hair))
    return colours | {"target": hex_of(person.hair), "difference": f"{away:.1f}"}
