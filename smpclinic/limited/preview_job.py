"""A picture of dots on skin beside stubble: the same figures give the same bytes. Only colours and a density go in.

It shows 36 x 11 mm of scalp: natural stubble on the left, the dots on the right, a strip where they meet. Dots are 0.4
to 0.6 mm wide and spread as blue noise (Mitchell 1991, best candidate), so that fewer dots are the first of more.
"""

import io
import math
import random
from collections.abc import Sequence

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from smpclinic.limited.jobs import Refused

Colour = tuple[int, int, int]
Point = tuple[float, float]

PX_PER_MM = 22
WIDTH_MM, HEIGHT_MM = 36, 11
HAIR_ENDS_MM, DOTS_BEGIN_MM = 14.0, 12.0  # they overlap for 2 mm
FINER = 2  # drawn so many times larger, then reduced
MOST_DOTS_PER_CM2 = 300
FOLLICLES_PER_CM2 = 80  # follicular units; each carries one to three hairs
CANDIDATES = 8
SEED = 20170417
QUALITY = 88


def draw(
    _body: bytes, *, skin: str, hair: str, dot: str, dots_per_cm2: int, among_hair: bool
) -> tuple[bytes, dict[str, int]]:
    """The picture as JPEG. ``skin``, ``hair``, ``dot``: colours as ``#d8b496``; ``among_hair``: stubble everywhere.

    Raises ``Refused("figures")`` for what is no colour or a density outside 0 to 300.
    """
    skin_rgb, hair_rgb, dot_rgb = (_colour(text) for text in (skin, hair, dot))
    if not 0 <= dots_per_cm2 <= MOST_DOTS_PER_CM2:
        raise Refused("figures")
    follicles = _follicles(WIDTH_MM if among_hair else HAIR_ENDS_MM)
    picture = _skin(skin_rgb)
    picture.paste(_between(skin_rgb, hair_rgb), mask=_roots(follicles))
    picture.paste(dot_rgb, mask=_dots(dots_per_cm2))
    picture.paste(hair_rgb, mask=_hairs(follicles))
    jpeg = io.BytesIO()
    picture.save(jpeg, "JPEG", quality=QUALITY, subsampling=0)
    return jpeg.getvalue(), {"width": picture.width, "height": picture.height}


def _colour(text: str) -> Colour:
    try:
        red, green, blue = bytes.fromhex(text.removeprefix("#"))
    except ValueError as error:
        raise Refused("figures") from error
    return red, green, blue


def _between(skin: Colour, hair: Colour) -> Colour:
    """A root seen through the skin: half of each."""
    red, green, blue = ((one + other) // 2 for one, other in zip(skin, hair, strict=True))
    return red, green, blue


def _chance(seed: object) -> random.Random:
    return random.Random(str(seed))  # noqa: S311  a picture that comes out the same each time, not a secret


def spread(count: int, *, left: float, right: float, seed: object) -> list[Point]:
    """``count`` points from ``left`` to ``right`` (mm), each as far from the others as the best of eight tries."""
    chance = _chance(seed)
    found: list[Point] = []
    cells: dict[tuple[int, int], list[Point]] = {}
    for _each in range(count):
        tries = [(chance.uniform(left, right), chance.uniform(0, HEIGHT_MM)) for _try in range(CANDIDATES)]
        best = max(tries, key=lambda point: _room(point, cells))
        found.append(best)
        cells.setdefault(_cell(best), []).append(best)
    return found


def _cell(point: Point) -> tuple[int, int]:
    return int(point[0] // 2), int(point[1] // 2)


def _room(point: Point, cells: dict[tuple[int, int], list[Point]]) -> float:
    """How far the nearest point lies, 2 mm at the most: that is as good as any."""
    column, row = _cell(point)
    near = [
        math.dist(point, other)
        for x in (column - 1, column, column + 1)
        for y in (row - 1, row, row + 1)
        for other in cells.get((x, y), ())
    ]
    return min([2.0, *near])


def _skin(colour: Colour) -> Image.Image:
    """Skin of that colour with the small unevenness that skin has."""
    chance = _chance(SEED)
    size = (WIDTH_MM * PX_PER_MM, HEIGHT_MM * PX_PER_MM)
    picture = Image.new("RGB", size, colour)
    for cell_px, strength in ((3, 4), (40, 6)):
        small = (size[0] // cell_px + 2, size[1] // cell_px + 2)
        grain = Image.frombytes("L", small, chance.randbytes(small[0] * small[1]))
        grain = grain.resize(size, Image.Resampling.BICUBIC)
        level = grain.point([round(128 + (value - 128) * strength / 128) for value in range(256)])
        picture = ImageChops.add(picture, Image.merge("RGB", (level, level, level)), scale=1, offset=-128)
    return picture


def _blank() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    mask = Image.new("L", (WIDTH_MM * PX_PER_MM * FINER, HEIGHT_MM * PX_PER_MM * FINER), 0)
    return mask, ImageDraw.Draw(mask)


def _reduced(mask: Image.Image, blur_mm: float) -> Image.Image:
    soft = mask.filter(ImageFilter.GaussianBlur(blur_mm * PX_PER_MM * FINER))
    return soft.resize((WIDTH_MM * PX_PER_MM, HEIGHT_MM * PX_PER_MM), Image.Resampling.BOX)


def _dots(dots_per_cm2: int) -> Image.Image:
    """Where dots lie and how dense they are: round, not quite even, soft at the edge."""
    count = round(dots_per_cm2 * (WIDTH_MM - DOTS_BEGIN_MM) * HEIGHT_MM / 100)
    mask, pen = _blank()
    for x, y in spread(count, left=DOTS_BEGIN_MM, right=WIDTH_MM, seed=SEED + 1):
        look = _chance(f"{x:.6f} {y:.6f}")  # its own, so that a dot looks the same at every density
        radius, strength = look.uniform(0.19, 0.28), look.randint(190, 250)
        for _blob in range(2):
            place = (x + look.uniform(-0.04, 0.04), y + look.uniform(-0.04, 0.04))
            _ellipse(pen, place, radius, look.uniform(0.85, 1.0), strength)
    return _reduced(mask, 0.06)


def _ellipse(pen: ImageDraw.ImageDraw, place: Point, radius: float, flat: float, strength: int) -> None:
    scale, (x, y) = PX_PER_MM * FINER, place
    box = ((x - radius) * scale, (y - radius * flat) * scale, (x + radius) * scale, (y + radius * flat) * scale)
    pen.ellipse(box, fill=strength)


def _follicles(until_mm: float) -> list[Point]:
    """Natural follicular units: spread over the whole, those before ``until_mm`` are there."""
    count = round(FOLLICLES_PER_CM2 * WIDTH_MM * HEIGHT_MM / 100)
    return [point for point in spread(count, left=0, right=WIDTH_MM, seed=SEED + 2) if point[0] < until_mm]


def _roots(follicles: Sequence[Point]) -> Image.Image:
    mask, pen = _blank()
    for place in follicles:
        _ellipse(pen, place, 0.2, 0.9, 210)
    return _reduced(mask, 0.06)


def _hairs(follicles: Sequence[Point]) -> Image.Image:
    """Stubble of half a millimetre, one to three hairs a follicle, all lying much the same way."""
    mask, pen = _blank()
    scale = PX_PER_MM * FINER
    for x, y in follicles:
        look = _chance(f"{x:.6f} {y:.6f}")
        leans = look.gauss(1.15, 0.15)
        for hair in range(look.choice((1, 2, 2, 3))):
            angle, length = leans + look.gauss(0, 0.08), look.uniform(0.3, 0.55)
            begin = (x + 0.12 * hair - 0.1, y + look.uniform(-0.1, 0.1))
            end = (begin[0] + length * math.cos(angle), begin[1] + length * math.sin(angle))
            pen.line([(begin[0] * scale, begin[1] * scale), (end[0] * scale, end[1] * scale)], fill=235, width=4)
    return _reduced(mask, 0.02)
