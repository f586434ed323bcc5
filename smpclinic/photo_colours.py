"""The colours of marked places of a stored photo, read in a limited process."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from smpclinic.colour import Srgb
from smpclinic.grey_card import Patch
from smpclinic.limited.client import JobFailed, run_limited
from smpclinic.limited.wire import Limits

LIMITS = Limits(cpu_s=10, memory_bytes=1024**3, wall_s=20)


def patches_of(jpeg: bytes, places: Mapping[str, tuple[float, float]]) -> dict[str, Patch]:
    """By name, the patch at each place: shares 0-1 of the photo's width and height. ValidationError in a sentence."""
    options = {"places": [list(place) for place in places.values()]}
    try:
        _body, facts = run_limited("patches", jpeg, options=options, limits=LIMITS)
    except JobFailed as failure:
        words = {"place": _("That place is outside the photo. Mark it again.")}
        raise ValidationError(words.get(failure.code) or _("The photo cannot be read. Take it again.")) from failure
    return {name: _patch(facts, number) for number, name in enumerate(places)}


def _patch(facts: Mapping[str, int], number: int) -> Patch:
    red, green, blue = (facts[f"{number}_{part}"] for part in ("red", "green", "blue"))
    return Patch(Srgb(red, green, blue), facts[f"{number}_spread"])
