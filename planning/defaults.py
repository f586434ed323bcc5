"""What a clinic starts with: six steps of a shade ladder, each an editable dilution."""

from decimal import Decimal

from planning.models import ShadeStep

# Practitioners think in dilutions of mostly one carbon pigment; a drop is 0.05 mL. Each clinic edits its own ladder.
LADDER = (
    (1, "Very light", "0.25", "4.75"),
    (2, "Light", "0.50", "4.50"),
    (3, "Medium light", "0.75", "4.25"),
    (4, "Medium", "1.00", "4.00"),
    (5, "Medium dark", "1.50", "3.50"),
    (6, "Dark", "2.00", "3.00"),
)


def install() -> None:
    """Add the steps that the ladder lacks; a step that is there, edited or not, is left as it is."""
    present = set(ShadeStep.objects.values_list("number", flat=True))
    for number, name, pigment_ml, water_ml in LADDER:
        if number not in present:
            ShadeStep(number=number, name=name, pigment_ml=Decimal(pigment_ml), water_ml=Decimal(water_ml)).save()
