"""The hairline of a plan, in the words that staff and patient read."""

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from planning.models import PlanVersion


class HairlineShape(models.TextChoices):
    NATURAL = "natural", gettext_lazy("Natural")
    SOFT = "soft", gettext_lazy("Soft")
    SHARP = "sharp", gettext_lazy("Sharp")
    RECEDED = "receded", gettext_lazy("Receded")
    CUSTOM = "custom", gettext_lazy("Custom")


def hairline_in_words(version: PlanVersion) -> str:
    """The shape and its height: "Natural, 65 mm above the brow"; empty where the front edge stays as it is."""
    if not version.hairline_shape:
        return ""
    shape = str(HairlineShape(version.hairline_shape).label)
    if version.hairline_height_mm is None:
        return shape
    return _("%(shape)s, %(height)s mm above the brow") % {"shape": shape, "height": version.hairline_height_mm}
