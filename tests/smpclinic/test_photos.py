"""Photos and signatures from outside: what is kept, what is dropped, what is refused and how."""

import hashlib
import io
import json
import random
import struct

import pytest
from django.core.exceptions import ValidationError
from PIL import Image, ImageCms

from smpclinic import photos
from smpclinic.limited import client
from tests.pictures import HOSTILE, JPEG, encoded, plain, with_camera_notes

pytestmark = pytest.mark.usefixtures("warm")


def shown(photo):
    image = Image.open(io.BytesIO(photo.bytes))
    image.load()
    return image


def near(pixel, wanted, by=12):
    return all(abs(a - b) <= by for a, b in zip(pixel, wanted, strict=True))


def refusal(content):
    with pytest.raises(ValidationError) as caught:
        photos.clean_photo(io.BytesIO(content))
    return caught.value


def test_a_photo_loses_position_camera_and_comment_and_stands_upright():
    photo = photos.clean_photo(with_camera_notes())
    image = shown(photo)
    assert (photo.width, photo.height) == image.size == (200, 300)
    assert near(image.getpixel((100, 20)), (200, 0, 0))
    assert near(image.getpixel((100, 280)), (0, 0, 200))
    assert dict(image.getexif()) == {}
    for trace in (b"Exif", b"GPS", b"Apple", b"Jane", b"ICC_PROFILE"):
        assert trace not in photo.bytes


def test_the_checksum_is_that_of_the_stored_bytes():
    photo = photos.clean_photo(encoded(plain()))
    assert photo.sha256 == hashlib.sha256(photo.bytes).hexdigest()


@pytest.mark.parametrize(
    ("size", "kept"),
    [((2400, 1200), (2400, 1200)), ((2402, 1201), (2400, 1200)), ((1000, 4800), (500, 2400)), ((64, 32), (64, 32))],
)
def test_the_longest_side_is_2400(size, kept):
    photo = photos.clean_photo(encoded(plain(*size)))
    assert (photo.width, photo.height) == kept


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_every_jpeg_mode_is_read(mode):
    color = {"RGB": (200, 30, 40), "L": 90, "CMYK": (0, 200, 200, 0)}[mode]
    assert shown(photos.clean_photo(encoded(plain(color=color, mode=mode)))).mode == "RGB"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_png_mode_is_read(mode):
    image = Image.new("I;16", (64, 64), 30000) if mode == "I;16" else plain(64, 64).convert(mode)
    assert shown(photos.clean_photo(encoded(image, "PNG"))).size == (64, 64)


def test_what_is_transparent_becomes_white():
    image = plain(64, 64, (200, 0, 0, 255), "RGBA")
    image.paste((0, 0, 0, 0), (0, 0, 32, 64))
    found = shown(photos.clean_photo(encoded(image, "PNG")))
    assert near(found.getpixel((8, 32)), (255, 255, 255))
    assert near(found.getpixel((56, 32)), (200, 0, 0))


def test_a_webp_photo_is_kept_as_jpeg():
    photo = photos.clean_photo(encoded(plain(), "WEBP"))
    assert photo.bytes.startswith(b"\xff\xd8\xff")


def swapped_profile():
    """An sRGB profile whose red and blue are exchanged: whoever honours it shows blue for red."""
    content = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = struct.unpack(">I", content[128:132])[0]
    at = {bytes(content[132 + 12 * n : 136 + 12 * n]): 132 + 12 * n for n in range(count)}
    red, blue = at[b"rXYZ"], at[b"bXYZ"]
    content[red : red + 4], content[blue : blue + 4] = content[blue : blue + 4], content[red : red + 4]
    return bytes(content)


def test_the_colours_of_a_profile_are_kept_without_the_profile():
    file = encoded(plain(color=(250, 5, 5)), icc_profile=swapped_profile(), quality=95)
    photo = photos.clean_photo(file)
    assert near(shown(photo).getpixel((50, 50)), (5, 5, 250), by=30)
    assert "icc_profile" not in shown(photo).info


def test_a_damaged_profile_does_not_cost_the_photo():
    file = encoded(plain(), icc_profile=b"\x00" * 200, quality=95)
    assert near(shown(photos.clean_photo(file)).getpixel((50, 50)), (200, 30, 40))


def test_a_phones_jpeg_with_a_second_picture_inside_is_kept():
    file = encoded(plain(), "MPO", save_all=True, append_images=[plain(100, 80)])
    assert shown(photos.clean_photo(file)).size == (200, 150)


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_is_refused_in_a_sentence(kind):
    content, code = HOSTILE[kind]
    error = refusal(content)
    assert code is None or error.code == code
    assert error.messages[0].endswith(".")
    assert len(error.messages[0]) > 30


@pytest.mark.parametrize("where", ["warm", "fresh"])
def test_a_photo_that_arrived_by_half_is_refused_wherever_it_is_read(where, monkeypatch):
    if where == "fresh":
        monkeypatch.setattr(client, "_ask_warm", lambda message, limits: None)
    assert refusal(JPEG[: len(JPEG) // 2]).messages == [
        "That photo is damaged and cannot be read. Take it or send it again."
    ]


def test_a_heic_photo_is_told_what_to_do():
    assert "Most Compatible" in refusal(HOSTILE["heic"][0]).messages[0]


def test_the_pixel_limit_is_exact(monkeypatch):
    monkeypatch.setattr(photos, "MOST_PIXELS", 100 * 100)
    assert photos.clean_photo(encoded(plain(100, 100))).width == 100
    assert refusal(encoded(plain(100, 101)).getvalue()).code == "pixels"


@pytest.mark.parametrize("tail", [b"PK\x03\x04<script>alert(1)</script>", b"<?php evil() ?>"])
def test_bytes_behind_the_picture_do_not_survive(tail):
    photo = photos.clean_photo(io.BytesIO(JPEG + tail))
    assert tail not in photo.bytes
    assert b"script" not in photo.bytes


def test_a_damaged_file_gives_a_photo_or_a_sentence_and_nothing_else():
    chance = random.Random(20261123)
    base, outcomes = with_camera_notes().getvalue(), {"kept": 0, "refused": 0}
    for _round in range(150):
        content = bytearray(base)
        for _change in range(chance.randint(1, 12)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        if chance.random() < 0.2:
            del content[chance.randrange(len(content)) :]
        try:
            kept = photos.clean_photo(io.BytesIO(bytes(content) or b"x"))
        except ValidationError:
            outcomes["refused"] += 1
        else:
            assert b"Jane" not in kept.bytes
            outcomes["kept"] += 1
    assert min(outcomes.values()) > 10


# Signatures


def pad(strokes, width=400, height=160):
    return json.dumps({"width": width, "height": height, "strokes": strokes})


NAME = [[[20, 80], [120, 20], [200, 140], [380, 60]], [[50.5, 90.25], [300, 90]]]


def test_a_signature_is_scaled_to_a_box_1000_wide_and_drawn():
    strokes, png = photos.clean_signature(pad(NAME))
    assert strokes[0] == [[50, 200], [300, 50], [500, 350], [950, 150]]
    assert strokes[1] == [[126, 226], [750, 225]]
    image = Image.open(io.BytesIO(png))
    assert (image.format, image.size) == ("PNG", (1000, 400))
    assert image.getpixel((300, 50)) == 0
    assert image.getpixel((10, 390)) == 255


def test_the_same_strokes_give_the_same_picture():
    assert photos.clean_signature(pad(NAME)) == photos.clean_signature(pad(NAME))
    assert photos.clean_signature(pad(NAME))[1] != photos.clean_signature(pad(NAME[:1]))[1]


def test_points_outside_the_pad_are_held_inside():
    strokes, _png = photos.clean_signature(pad([[[-50, 10], [500, 900]]]))
    assert strokes == [[[0, 25], [1000, 400]]]


def test_a_very_tall_pad_gives_a_picture_of_bounded_size():
    _strokes, png = photos.clean_signature(pad([[[0, 0], [10, 9000]]], width=10, height=10_000))
    assert Image.open(io.BytesIO(png)).size == (1000, 1000)


@pytest.mark.parametrize("strokes", [[], [[]], [[[5, 5]]], [[[5, 5], [6, 6]]]])
def test_a_pad_with_hardly_anything_on_it_is_no_signature(strokes):
    with pytest.raises(ValidationError) as caught:
        photos.clean_signature(pad(strokes))
    assert caught.value.code == "blank"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "null",
        "[]",
        "{}",
        "[" * 100_000,
        pad("abc"),
        pad([1]),
        pad([[1, 2]]),
        pad([[["a", 2], [3, 4]]]),
        pad([[[True, 2], [3, 4]]]),
        pad([[[None, 2], [3, 4]]]),
        pad([[[1], [3, 4]]]),
        '{"width": 400, "height": 160, "strokes": [[[NaN, 1], [2, 3]]]}',
        '{"width": 400, "height": 160, "strokes": [[[1e999, 1], [2, 3]]]}',
        '{"width": 400, "height": 160, "strokes": [[[' + "9" * 4000 + ", 1], [2, 3]]]}",
        pad(NAME, width=0),
        pad(NAME, width=-5),
        pad(NAME, width="400"),
        pad(NAME, height=10**6),
    ],
)
def test_what_is_no_pad_is_refused_in_a_sentence(text):
    with pytest.raises(ValidationError) as caught:
        photos.clean_signature(text)
    assert caught.value.code == "unreadable"


@pytest.mark.parametrize(
    "text",
    [
        "x" * (photos.LONGEST_STROKES_CHARACTERS + 1),
        pad([[[1, 1], [9, 9]]] * (photos.MOST_STROKES + 1)),
        pad([[[1, 1]] * (photos.MOST_POINTS + 1)]),
    ],
)
def test_an_endless_signature_is_refused(text):
    with pytest.raises(ValidationError) as caught:
        photos.clean_signature(text)
    assert caught.value.code == "long"
