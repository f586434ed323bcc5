"""A photo and a few marked places in, the middle colour of each place out."""

import io
from collections.abc import Sequence

from PIL import Image, ImageStat

from smpclinic.limited.jobs import Refused

SIDE = 0.02  # of the photo's width: how wide a patch is read


def read(picture: bytes, *, places: Sequence[Sequence[float]]) -> tuple[bytes, dict[str, int]]:
    """Per place ``(x, y)``, shares 0-1 of width and height: median red, green, blue, and how uneven the patch is.

    The facts are named ``0_red``, ``0_green``, ``0_blue`` and ``0_spread`` (standard deviation of the brightness) for
    the first place, and so on. Raises ``Refused("place")`` for a place outside the photo.
    """
    image = Image.open(io.BytesIO(picture), formats=("JPEG",)).convert("RGB")
    facts: dict[str, int] = {}
    for number, (x, y) in enumerate(places):
        if not (0 <= x <= 1 and 0 <= y <= 1):
            raise Refused("place")
        patch = image.crop(_box(image.size, x, y))
        red, green, blue = ImageStat.Stat(patch).median
        spread = ImageStat.Stat(patch.convert("L")).stddev[0]
        facts |= {f"{number}_red": red, f"{number}_green": green, f"{number}_blue": blue}
        facts[f"{number}_spread"] = round(spread)
    return b"", facts


def _box(size: tuple[int, int], x: float, y: float) -> tuple[int, int, int, int]:
    width, height = size
    half = max(2, round(width * SIDE / 2))
    left = min(max(0, round(x * width) - half), max(0, width - 2 * half))
    top = min(max(0, round(y * height) - half), max(0, height - 2 * half))
    return left, top, min(width, left + 2 * half), min(height, top + 2 * half)
