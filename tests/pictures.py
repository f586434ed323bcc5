"""Pictures for tests and proofs: plain ones, one full of a camera's notes, and hostile files of every kind."""

import io
import struct
import zlib

from PIL import Image

from smpclinic.photos import LARGEST_PHOTO_BYTES


def plain(width=200, height=150, color=(200, 30, 40), mode="RGB"):
    return Image.new(mode, (width, height), color)


def encoded(image, kind="JPEG", **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    file.seek(0)
    return file


def with_camera_notes():
    notes = Image.Exif()
    notes[0x0112], notes[0x010F], notes[0x0110] = 6, "Apple", "iPhone"
    position = notes.get_ifd(0x8825)
    position[1], position[2], position[3], position[4] = "N", (52.0, 31.0, 12.5), "E", (13.0, 24.0, 17.8)
    notes[0x8825] = position
    left_red = plain(300, 200, (0, 0, 200))
    left_red.paste((200, 0, 0), (0, 0, 150, 200))
    return encoded(left_red, exif=notes, comment=b"patient Jane Doe", quality=95)


def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png_bomb(width, height):
    rows = zlib.compress(b"\0" * (width // 8 + 1) * 64, 9)
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def animated(kind):
    frames = [plain(64, 64, (step, 0, 0)) for step in range(0, 200, 50)]
    return encoded(frames[0], kind, save_all=True, append_images=frames[1:]).getvalue()


JPEG = encoded(plain(320, 240)).getvalue()
PNG = encoded(plain(64, 64), "PNG").getvalue()
TEXT_BOMB = chunk(b"zTXt", b"k\0\0" + zlib.compress(b"a" * 100_000_000, 9))
PROFILE_BOMB = chunk(b"iCCP", b"k\0\0" + zlib.compress(b"a" * 100_000_000, 9))
HOSTILE = {
    "empty": (b"", "empty"),
    "too large": (b"\xff\xd8\xff" + b"\0" * LARGEST_PHOTO_BYTES, "large"),
    "html": (b"<html><script>alert(1)</script>", "format"),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "format"),
    "pdf": (b"%PDF-1.4\n%", "format"),
    "postscript": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n", "format"),
    "gif": (encoded(plain(64, 64), "GIF").getvalue(), "format"),
    "tiff": (encoded(plain(64, 64), "TIFF").getvalue(), "format"),
    "bmp": (encoded(plain(64, 64), "BMP").getvalue(), "format"),
    "ico": (encoded(plain(64, 64), "ICO").getvalue(), "format"),
    "heic": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "heic"),
    "avif": (b"\0\0\0\x18ftypavif\0\0\0\0mif1avif", "heic"),
    "zip": (b"PK\x03\x04" + b"\0" * 50, "format"),
    "png of 900 million pixels": (png_bomb(30_000, 30_000), "pixels"),
    "png of 4 billion pixels": (png_bomb(65_535, 65_535), "pixels"),
    "moving webp": (animated("WEBP"), "moving"),
    "moving png": (animated("PNG"), "moving"),
    "one pixel": (encoded(plain(1, 1), "PNG").getvalue(), "small"),
    "31 pixels": (encoded(plain(31, 200), "PNG").getvalue(), "small"),
    "head of a jpeg": (JPEG[:100], None),
    "png with 100 MB of text": (PNG[:33] + TEXT_BOMB + PNG[33:], None),
    "png cut short": (PNG[:-30], None),
    "webp cut short": (encoded(plain(64, 64), "WEBP").getvalue()[:-20], None),
    "png with a profile that unfolds to 100 MB": (PNG[:33] + PROFILE_BOMB + PNG[33:], None),
    "only a magic number": (b"\xff\xd8\xff\xe0", None),
}
