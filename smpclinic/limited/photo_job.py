"""A stranger's picture in, our own JPEG out: upright, in sRGB, no larger than needed, and nothing else in it."""

import io
import struct
import warnings

from PIL import Image, ImageCms, ImageFile, UnidentifiedImageError

from smpclinic.limited.jobs import Refused

FORMATS = ("JPEG", "PNG", "WEBP")
APPLE_BRANDS = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis"}
ORIENTATION_TAG = 0x0112
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
SHORTEST_SIDE_PX = 32


def clean(picture: bytes, *, longest_side_px: int, most_pixels: int, quality: int) -> tuple[bytes, dict[str, int]]:
    """Decode and encode again; returns the JPEG with its ``width`` and ``height`` in pixels.

    Raises ``Refused`` with the code ``heic``, ``format``, ``pixels``, ``small`` or ``moving``.
    Anything else that a broken file raises is caught at the border of the process.
    """
    warnings.simplefilter("ignore")
    Image.MAX_IMAGE_PIXELS = None  # our own limit comes first, and says so in words
    # WeasyPrint, which lives in the warm process too, tells Pillow to fill what is missing with grey.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    image = _open(picture)
    _check_size(image, most_pixels)
    image.draft("RGB", (longest_side_px, longest_side_px))  # JPEG: decode at a fraction, 4 times faster
    image.load()
    orientation, profile = _orientation(image), image.info.get("icc_profile")
    if image.mode in {"P", "PA"} or "transparency" in image.info:
        image = image.convert("RGBA")
    image.thumbnail((longest_side_px, longest_side_px), reducing_gap=2.0)
    flat = _flat(_in_srgb(image, profile))
    if orientation in UPRIGHT:
        flat = flat.transpose(UPRIGHT[orientation])
    jpeg = io.BytesIO()
    flat.save(jpeg, "JPEG", quality=quality, optimize=True, progressive=True)
    return jpeg.getvalue(), {"width": flat.width, "height": flat.height}


def warm_up() -> None:
    """Load Pillow's decoders before the first picture."""
    for name in FORMATS:
        file = io.BytesIO()
        Image.new("RGB", (64, 64), "white").save(file, name)
        clean(file.getvalue(), longest_side_px=64, most_pixels=4096, quality=90)


def _open(picture: bytes) -> Image.Image:
    if picture[4:8] == b"ftyp" and picture[8:12] in APPLE_BRANDS:
        raise Refused("heic")
    try:
        return Image.open(io.BytesIO(picture), formats=FORMATS)
    except UnidentifiedImageError as error:
        raise Refused("format") from error


def _check_size(image: Image.Image, most_pixels: int) -> None:
    """Refuse before a single pixel is decoded: 20 kB of PNG can unfold to 800 MB."""
    if image.width * image.height > most_pixels:
        raise Refused("pixels", width=image.width, height=image.height)
    if min(image.size) < SHORTEST_SIDE_PX:
        raise Refused("small", width=image.width, height=image.height)
    # A phone's JPEG may carry a second, smaller picture (MPO): the first is the photo.
    if image.format != "MPO" and getattr(image, "n_frames", 1) > 1:
        raise Refused("moving")


def _orientation(image: Image.Image) -> int:
    """Which way the camera was held; 1 where the camera's notes are damaged: the photo is still a photo."""
    try:
        return int(image.getexif().get(ORIENTATION_TAG, 1))
    except (SyntaxError, ValueError, TypeError, KeyError, OSError, struct.error, OverflowError):
        return 1


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """The same colours without a profile: phones write Display P3, and shades are compared here."""
    if not profile or image.mode not in {"RGB", "RGBA", "CMYK", "L"}:
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        mode = "RGBA" if image.mode == "RGBA" else "RGB"
        return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=mode) or image
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image


def _flat(image: Image.Image) -> Image.Image:
    """A new RGB picture on white: new, so that no comment, profile or camera note can travel along."""
    fresh = Image.new("RGB", image.size, "white")
    if "A" in image.getbands():
        fresh.paste(image.convert("RGB"), mask=image.getchannel("A"))
    else:
        fresh.paste(image.convert("RGB"))
    return fresh
