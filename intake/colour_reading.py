"""Read hair and skin from a photo with a grey card in it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from intake.models import Photo
from smpclinic import storage
from smpclinic.colour import Srgb, hex_of
from smpclinic.grey_card import balanced, problems_with_card, problems_with_reading
from smpclinic.photo_colours import patches_of


@dataclass(frozen=True)
class Reading:
    """True colours as ``#2b2a29``, each empty while its place is not marked; ``problems`` in words."""

    hair: str = ""
    skin: str = ""
    problems: tuple[str, ...] = ()


def read_colours(photo: Photo, places: Mapping[str, tuple[float, float]]) -> Reading:
    """What the marked places say; without a card, or with one that is none, nothing but why not."""
    if problems := problems_with_reading(list(places)):
        return Reading(problems=tuple(problems))
    try:
        patches = patches_of(storage.read(photo.file, sha256=photo.sha256), places)
    except ValidationError as refusal:
        return Reading(problems=tuple(refusal.messages))
    card = patches["card"]
    if problems := problems_with_card(card):
        return Reading(problems=tuple(problems))

    def true(name: str) -> str:
        seen: Srgb | None = patches[name].colour if name in patches else None
        return hex_of(balanced(seen, card=card.colour)) if seen else ""

    return Reading(hair=true("hair"), skin=true("skin"))
