"""Invented pictures for the demo, drawn with Pillow from colours and a grade. Nobody is in them, and each says so.

The same figures give the same bytes. Places are pixels of a picture of 600 x 800, x to the right, y downwards.
"""

import io
import random
from collections.abc import Sequence
from itertools import pairwise
from math import pi, sin

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from smpclinic.colour import Srgb

Box = tuple[float, float, float, float]
Place = tuple[float, float]

WIDTH, HEIGHT = 600, 800
WORDS = "Invented drawing. No real person."
BACKGROUND, SHIRT, PAPER, INK = (225, 231, 233), (64, 92, 98), (250, 251, 251), (40, 52, 58)
FACE: Box = (150, 130, 450, 640)
CROWN: Box = (110, 90, 490, 690)  # the head from above
BROW_Y, EARS_Y, HAIR_ENDS_Y = 372, 400, 400
# From the patient's right to the left: where hair begins, by how far it has drawn back.
HAIR_BEGINS: dict[str, tuple[Place, ...]] = {
    "full": ((170, 330), (190, 270), (230, 232), (300, 222), (370, 232), (410, 270), (430, 330)),
    "receding": ((170, 330), (184, 240), (222, 172), (300, 216), (378, 172), (416, 240), (430, 330)),
    "bare": ((170, 330), (172, 240), (196, 150), (300, 60), (404, 150), (428, 240), (430, 330)),
}
# The new hairline as a practitioner might draw it on the front picture, in thousandths of its width.
HAIRLINE_ON_FRONT = {
    "points": [[290, 545], [318, 462], [390, 414], [500, 406], [610, 414], [682, 462], [710, 545]],
    "glabella": [500, 620],
    "marks": [[250, 640], [750, 640]],
    "apart_mm": None,
    "is_straight": False,
    "box": [1000, 1333],
}


def front(*, skin: Srgb, hair: Srgb, loss: str) -> bytes:
    """A face from the front as JPEG; ``loss`` is a key of ``HAIR_BEGINS``."""
    picture, pen = _ground()
    pen.ellipse((40, 690, 560, 1100), fill=SHIRT)
    pen.rectangle((245, 560, 355, 720), fill=_shade(skin, 0.86))
    for left in (128, 436):
        pen.ellipse((left, EARS_Y - 40, left + 36, EARS_Y + 50), fill=_shade(skin, 0.9))
    pen.ellipse(FACE, fill=_shade(skin))
    _grow(picture, _hair_of_front(loss), hair)
    _features(pen, skin, hair)
    return _finished(picture)


def top(*, skin: Srgb, hair: Srgb, loss: str) -> bytes:
    """The head from above as JPEG, the nose upwards."""
    picture, pen = _ground()
    pen.ellipse((284, 66, 316, 120), fill=_shade(skin, 0.94))
    for left in (92, 478):
        pen.ellipse((left, 330, left + 30, 430), fill=_shade(skin, 0.9))
    pen.ellipse(CROWN, fill=_shade(skin))
    mask = _blank()
    ImageDraw.Draw(mask).ellipse(_inset(CROWN, 6), fill=225)
    bare = ImageDraw.Draw(mask)
    bare.ellipse((140, 40, 460, {"full": 190, "receding": 250, "bare": 640}[loss]), fill=0)
    if loss != "bare":
        bare.ellipse((220, 430, 380, 590), fill=60)  # thin at the crown
    _grow(picture, mask, hair)
    return _finished(picture)


def healed(*, skin: Srgb, dot: Srgb, dots: int, seed: int) -> bytes:
    """Healed skin from near with ``dots`` dots, as JPEG."""
    chance = random.Random(seed)  # noqa: S311  a picture that comes out the same each time, not a secret
    picture = Image.new("RGB", (WIDTH, HEIGHT), _shade(skin))
    mask = _blank()
    pen = ImageDraw.Draw(mask)
    for _each in range(dots):
        x, y, radius = chance.uniform(0, WIDTH), chance.uniform(0, HEIGHT), chance.uniform(2.2, 3.4)
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=chance.randint(150, 220))
    picture.paste(_shade(dot), mask=mask.filter(ImageFilter.GaussianBlur(1.0)))
    return _finished(picture)


def _ground() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    picture = Image.new("RGB", (WIDTH, HEIGHT), BACKGROUND)
    return picture, ImageDraw.Draw(picture)


def _blank() -> Image.Image:
    return Image.new("L", (WIDTH, HEIGHT), 0)


def _inset(box: Box, by: float) -> Box:
    return box[0] + by, box[1] + by, box[2] - by, box[3] - by


def _shade(colour: Srgb, part: float = 1) -> tuple[int, int, int]:
    return round(colour.red * part), round(colour.green * part), round(colour.blue * part)


def _hair_of_front(loss: str) -> Image.Image:
    """Where hair is: the head above the ears, less the face below the line where hair begins."""
    head, face = _blank(), _blank()
    ImageDraw.Draw(head).ellipse(_inset(FACE, -3), fill=225)
    begins = _between(HAIR_BEGINS[loss])
    ImageDraw.Draw(face).polygon([*begins, (430, 800), (170, 800)], fill=255)
    ImageDraw.Draw(face).rectangle((0, HAIR_ENDS_Y, WIDTH, HEIGHT), fill=255)
    return ImageChops.subtract(head, face)


def _between(points: Sequence[Place]) -> list[Place]:
    """The points with one more between each two, lifted a little: a line without corners."""
    line = [points[0]]
    for (x, y), (next_x, next_y) in pairwise(points):
        line += [((x + next_x) / 2, (y + next_y) / 2 - 3), (next_x, next_y)]
    return line


def _grow(picture: Image.Image, mask: Image.Image, hair: Srgb) -> None:
    """Lay short hair over the skin: soft at the edges, uneven as hair is."""
    chance = random.Random(HEIGHT)  # noqa: S311
    grain = Image.frombytes("L", (WIDTH // 2, HEIGHT // 2), chance.randbytes(WIDTH * HEIGHT // 4))
    grain = grain.resize((WIDTH, HEIGHT)).point([150 + value * 105 // 255 for value in range(256)])
    soft = mask.filter(ImageFilter.GaussianBlur(5))
    picture.paste(_shade(hair), mask=ImageChops.multiply(soft, grain))


def _features(pen: ImageDraw.ImageDraw, skin: Srgb, hair: Srgb) -> None:
    """Brows, closed eyes, nose and mouth: lines, nobody's own."""
    line = _shade(skin, 0.55)
    for middle in (235, 365):
        brow = [(middle - 40 + 8 * step, BROW_Y - 10 * sin(pi * step / 10)) for step in range(11)]
        pen.line(brow, fill=_shade(hair), width=8, joint="curve")
        pen.arc((middle - 30, 385, middle + 30, 425), 20, 160, fill=line, width=4)
    pen.line([(300, 400), (288, 478), (306, 486)], fill=line, width=4, joint="curve")
    pen.arc((255, 500, 345, 560), 25, 155, fill=line, width=5)


def _finished(picture: Image.Image) -> bytes:
    """With the words that nobody is shown, as JPEG."""
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, HEIGHT - 56, WIDTH, HEIGHT), fill=PAPER)
    pen.text((WIDTH / 2, HEIGHT - 28), WORDS, fill=INK, font=ImageFont.load_default(24), anchor="mm")
    jpeg = io.BytesIO()
    picture.save(jpeg, "JPEG", quality=86)
    return jpeg.getvalue()
