"""Pictures from outside: a photo is encoded anew, a signature is drawn anew. Nothing of the original stays."""

import hashlib
import io
import itertools
import json
import math
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageDraw

from smpclinic.limited.client import JobFailed, run_limited
from smpclinic.limited.wire import Limits

LIMITS = Limits(cpu_s=10, memory_bytes=1024**3, wall_s=20)
LARGEST_PHOTO_BYTES = 20 * 1024 * 1024
MOST_PIXELS = 50_000_000
LONGEST_SIDE_PX = 2400
JPEG_QUALITY = 88

LONGEST_STROKES_CHARACTERS = 200_000
MOST_STROKES = 300
MOST_POINTS = 10_000
SIGNATURE_WIDTH = 1000  # the unit box: every pad is scaled to this width
TALLEST_SIGNATURE = 1000
LEAST_INK = 60  # a dot or an accidental touch is no signature
PEN_WIDTH = 5


@dataclass(frozen=True)
class CleanPhoto:
    """A photo fit to be stored: our own JPEG, its SHA-256 in hex, width and height in pixels."""

    bytes: bytes
    sha256: str
    width: int
    height: int


def clean_photo(upload) -> CleanPhoto:
    """Read an uploaded file (anything with ``read``) as a photo.

    The result stands upright, is in sRGB, at most 2400 px long, and carries no position, camera or
    comment. Raises ``ValidationError`` with a sentence that says what to do.
    """
    picture = upload.read(LARGEST_PHOTO_BYTES + 1)
    if not picture:
        raise ValidationError(_("That file is empty. Choose the photo again."), code="empty")
    if len(picture) > LARGEST_PHOTO_BYTES:
        raise ValidationError(_("That photo is larger than 20 MB. Take it again at a smaller size."), code="large")
    options = {"longest_side_px": LONGEST_SIDE_PX, "most_pixels": MOST_PIXELS, "quality": JPEG_QUALITY}
    try:
        jpeg, facts = run_limited("photo", picture, options=options, limits=LIMITS)
    except JobFailed as failure:
        raise ValidationError(_why(failure.code), code=failure.code) from failure
    return CleanPhoto(jpeg, hashlib.sha256(jpeg).hexdigest(), facts["width"], facts["height"])


def small_jpeg(picture: bytes, *, longest_side_px: int) -> bytes:
    """A stored photo made small, as for paper. Raises ``JobFailed``; the same photo gives the same bytes."""
    options = {"longest_side_px": longest_side_px, "most_pixels": MOST_PIXELS, "quality": JPEG_QUALITY}
    return run_limited("photo", picture, options=options, limits=LIMITS)[0]


def _why(code: str) -> str:
    sentences = {
        "heic": _(
            "That photo is in Apple's HEIC format, which cannot be kept. On the phone choose Settings, Camera, "
            "Formats, Most Compatible and take it again, or send it as JPEG."
        ),
        "format": _("That file is not a photo in JPEG, PNG or WebP. Choose another file."),
        "pixels": _("That photo has more than 50 million pixels. Take it again at a smaller size."),
        "small": _("That picture is too small to show anything. Choose the original photo."),
        "moving": _("That file is an animation. Choose a still photo."),
    }
    return sentences.get(code) or _("That photo is damaged and cannot be read. Take it or send it again.")


def clean_signature(strokes_json: str) -> tuple[list[list[list[int]]], bytes]:
    """A drawn signature as ``(strokes, PNG bytes)``.

    Takes the text ``{"width": w, "height": h, "strokes": [[[x, y], ...], ...]}`` in the units of the pad.
    The strokes come back as whole numbers in a box 1000 wide; the PNG is drawn from them, so the same
    strokes always give the same picture. Raises ``ValidationError`` in a sentence.
    """
    pad = _pad(strokes_json)
    width, height = _number(pad.get("width")), _number(pad.get("height"))
    if not 1 <= width <= 20_000 or not 1 <= height <= 20_000:
        raise _unreadable()
    scale = SIGNATURE_WIDTH / width
    box_height = max(1, min(TALLEST_SIGNATURE, round(height * scale)))
    strokes = [_stroke(points, scale, box_height) for points in _bounded(pad.get("strokes"))]
    if sum(_length(stroke) for stroke in strokes) < LEAST_INK:
        raise ValidationError(_("Please sign with your name: there is hardly anything on the pad."), code="blank")
    return strokes, _drawn(strokes, box_height)


def _unreadable() -> ValidationError:
    return ValidationError(_("The signature did not arrive whole. Please sign again."), code="unreadable")


def _pad(text: str) -> dict:
    if len(text) > LONGEST_STROKES_CHARACTERS:
        raise ValidationError(_("That signature is too long. Clear the pad and sign again."), code="long")
    try:
        pad = json.loads(text or "{}")
    except (ValueError, RecursionError) as error:
        raise _unreadable() from error
    if not isinstance(pad, dict):
        raise _unreadable()
    return pad


def _bounded(strokes) -> list:
    if not isinstance(strokes, list) or not all(isinstance(stroke, list) for stroke in strokes):
        raise _unreadable()
    if len(strokes) > MOST_STROKES or sum(map(len, strokes)) > MOST_POINTS:
        raise ValidationError(_("That signature is too long. Clear the pad and sign again."), code="long")
    return [stroke for stroke in strokes if stroke]


def _stroke(points: list, scale: float, box_height: int) -> list[list[int]]:
    """Points scaled to the box and held inside it, each repeated point once."""
    stroke: list[list[int]] = []
    for point in points:
        if not isinstance(point, list) or len(point) < 2:
            raise _unreadable()
        x = min(SIGNATURE_WIDTH, max(0, round(_number(point[0]) * scale)))
        y = min(box_height, max(0, round(_number(point[1]) * scale)))
        if not stroke or stroke[-1] != [x, y]:
            stroke.append([x, y])
    return stroke


def _number(value) -> float:
    """A finite number of pad size; ``True``, ``Infinity`` and a 5,000-digit integer are none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _unreadable()
    if not -1e6 <= value <= 1e6:  # also false for NaN
        raise _unreadable()
    return float(value)


def _length(stroke: list[list[int]]) -> float:
    return sum(math.dist(a, b) for a, b in itertools.pairwise(stroke))


def _drawn(strokes: list[list[list[int]]], box_height: int) -> bytes:
    picture = Image.new("L", (SIGNATURE_WIDTH, box_height), 255)
    pen = ImageDraw.Draw(picture)
    for stroke in strokes:
        if len(stroke) > 1:
            pen.line([tuple(point) for point in stroke], fill=0, width=PEN_WIDTH, joint="curve")
        x, y = stroke[0]
        pen.ellipse((x - 2, y - 2, x + 2, y + 2), fill=0)
    png = io.BytesIO()
    picture.save(png, "PNG", optimize=True)
    return png.getvalue()
