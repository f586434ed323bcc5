"""Whatever is sent as a photo becomes our own JPEG or a sentence: no error page, no byte of the file, no metadata."""

import io
import itertools
import logging
import os
import random
import resource
import statistics
import struct
import time
from pathlib import Path
from unittest.mock import patch

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Max
from django.test import Client
from django.urls import reverse
from PIL import Image

from intake.models import Photo
from smpclinic import photos, storage
from smpclinic.limited import client as limited
from smpclinic.roles import Role
from tests import make
from tests.pictures import HOSTILE, JPEG, PNG, chunk, encoded, plain, with_camera_notes

MUTANTS, QUICK_MUTANTS = 10_000, 40
MOST_MB, MOST_SECONDS = 400, 1.0
A_PATIENT_EACH = 10  # so that the page of a refusal stays short
TRIES_OF_THE_LARGE_PHOTO = 3
TOKEN = b"T0KEN-of-the-camera"
# Bytes behind or inside a picture that a careless browser would run.
TAILS = (b"<script>alert(1)</script>", b"PK\x03\x04evil.jar", b"<?php evil() ?>", b"%PDF-1.4 evil")
# What a JPEG of ours is made of: JFIF head, tables, frame, scans. Anything else was carried along.
OWN_MARKERS = {0xE0, 0xDB, 0xC4, 0xC2, 0xDA, 0xDD}


def prove(*, full: bool, sabotage: bool, seed: int) -> dict[str, object]:
    logging.disable()
    limited.start_warm()
    _wait_for_the_warm_process()
    rng = random.Random(seed)
    desk, found = _Desk(), {"errors": [], "unsaid": [], "hostile": [], "metadata": []}
    kept = refused = 0
    with patch.object(photos, "run_limited", _as_it_came if sabotage else photos.run_limited):
        for name, content in _files(rng, mutants=MUTANTS if full else QUICK_MUTANTS):
            answer, rows = desk.send(content)
            kept, refused = kept + len(rows), refused + (answer.status_code == 200)
            if answer.status_code >= 500:
                found["errors"].append(name)
            elif answer.status_code == 200 and 'class="error"' not in answer.text:
                found["unsaid"].append(name)
            for row in rows:
                problem = _problem_with(storage.read(row.file, sha256=row.sha256), content)
                if problem:
                    found[problem].append(name)
        seconds = desk.seconds_for_12_megapixels()
    limited.stop_warm()
    mb = max(resource.getrusage(whose).ru_maxrss for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) // 1024
    return {
        "broken": any(found.values()) or not kept or not refused or mb >= MOST_MB or seconds >= MOST_SECONDS,
        "hostile_kinds": len(HOSTILE) + len(TAILS),
        "mutants": MUTANTS if full else QUICK_MUTANTS,
        "kept": kept,
        "refused": refused,
        "error_pages": len(found["errors"]),
        "refusals_without_a_word": len(found["unsaid"]),
        "hostile_bytes_stored": len(found["hostile"]),
        "metadata_kept": len(found["metadata"]),
        "largest_process_mb": mb,
        "twelve_megapixels_s": round(seconds, 2),
        "first": sorted({name for names in found.values() for name in names})[:5],
    }


class _Desk:
    """A practitioner who sends files by the program's own page, for a patient who wants photos kept."""

    def __init__(self):
        make.make_clinic()
        self.browser = Client(raise_request_exception=False)
        self.browser.force_login(make.make_user(roles=[Role.PRACTITIONER]))
        self.numbers = itertools.count()
        self.views = itertools.cycle(["front", "top", "left", "right", "back"])
        self.page = ""

    def send(self, content: bytes):
        """The answer to one upload, and the photos that are stored because of it."""
        if next(self.numbers) % A_PATIENT_EACH == 0:
            patient = make.make_patient()
            make.make_consent(patient=patient, kind="photos_record", granted=True)
            self.page = reverse("intake:photos", args=[patient.public_id])
        last = Photo.objects.aggregate(last=Max("pk"))["last"] or 0
        upload = SimpleUploadedFile("photo.jpg", content, "image/jpeg")
        answer = self.browser.post(self.page, {"view": next(self.views), "photo": upload})
        return answer, list(Photo.objects.filter(pk__gt=last))

    def seconds_for_12_megapixels(self) -> float:
        """Processor seconds of a large photo from the request to the answer, the median of a few.

        Other programs on a busy machine make a photo wait, not cost.
        """
        noise = Image.effect_noise((1000, 750), 60).resize((4000, 3000))
        content = encoded(Image.merge("RGB", [noise] * 3), quality=90).getvalue()
        taken = []
        for number in range(TRIES_OF_THE_LARGE_PHOTO):
            began = _processor_s()
            self.send(content + bytes([number]))
            taken.append(_processor_s() - began)
        return statistics.median(taken)


def _files(rng: random.Random, *, mutants: int):
    """Every hostile kind, pictures with something behind them, and mutants of good pictures full of notes."""
    for name, (content, _code) in HOSTILE.items():
        yield name, content
    for tail in TAILS:
        yield f"jpeg with {tail[:6]!r} behind it", JPEG + tail
    sources = _noted()
    for number in range(mutants):
        yield f"mutant {number}", _mutant(rng, rng.choice(sources))


def _noted() -> list[bytes]:
    """A JPEG, PNG and WebP that carry the token in every place a camera or a program may write to."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0112], exif[0x9286] = TOKEN.decode(), 6, TOKEN.decode()
    small = plain(160, 120)
    packet = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + TOKEN + b"</x:xmpmeta>"
    jpeg = encoded(small, exif=exif, comment=TOKEN, xmp=packet, quality=90).getvalue()
    png = PNG[:33] + chunk(b"tEXt", b"Comment\0" + TOKEN) + chunk(b"eXIf", exif.tobytes()[6:]) + PNG[33:]
    webp = encoded(small, "WEBP", exif=exif, xmp=packet).getvalue()
    return [jpeg, png, webp, with_camera_notes().getvalue() + TOKEN]


def _mutant(rng: random.Random, source: bytes) -> bytes:
    content = bytearray(source)
    for _change in range(rng.choice((0, 1, 2, 4, 8, 16))):
        content[rng.randrange(len(content))] = rng.randrange(256)
    way = rng.random()
    if way < 0.15:
        del content[rng.randrange(len(content)) :]
    elif way < 0.3:
        at = rng.randrange(len(content))
        content[at:at] = rng.randbytes(rng.randrange(1, 40))
    elif way < 0.4:
        at, length = rng.randrange(len(content)), rng.randrange(1, 200)
        content += content[at : at + length]
    elif way < 0.5:
        at = rng.randrange(len(content) - 4)
        content[at : at + 4] = struct.pack(">I", rng.choice((0, 1, 0x7FFFFFFF, 0xFFFFFFFF, 65535)))
    return bytes(content) or b"\0"


def _problem_with(stored: bytes, sent: bytes) -> str:
    """ "hostile" or "metadata" where something of the file that came is in the one that is kept; else empty."""
    if stored in (b"", sent) or any(tail in stored for tail in (*TAILS, b"<script")):
        return "hostile"
    if TOKEN in stored or b"Jane Doe" in stored or _markers(stored) - OWN_MARKERS:
        return "metadata"
    image = Image.open(io.BytesIO(stored), formats=["JPEG"])
    image.load()
    return "metadata" if dict(image.getexif()) or {"icc_profile", "comment", "xmp"} & image.info.keys() else ""


def _markers(jpeg: bytes) -> set[int]:
    """The kinds of segments of a JPEG; 0 where it does not end with its end marker or is no JPEG at all."""
    if jpeg[:2] != b"\xff\xd8" or jpeg[-2:] != b"\xff\xd9":
        return {0}
    found, at = set(), 2
    while at < len(jpeg) - 2:
        kind, length = jpeg[at + 1], int.from_bytes(jpeg[at + 2 : at + 4], "big")
        found.add(kind)
        at += 2 + length
        if kind == 0xDA:  # the scan's own bytes run to the next marker that is neither stuffing nor a restart
            while not (jpeg[at] == 0xFF and jpeg[at + 1] and not 0xD0 <= jpeg[at + 1] <= 0xD7):
                at += 1
    return found


def _as_it_came(job: str, body: bytes, *, options, limits):
    """The sabotage: whatever looks like a picture is kept as it came."""
    image = Image.open(io.BytesIO(body)) if _looks_like_one(body) else None
    if image is None:
        raise limited.JobFailed("format")
    return body, {"width": image.width, "height": image.height}


def _looks_like_one(body: bytes) -> bool:
    try:
        Image.open(io.BytesIO(body), formats=["JPEG", "PNG", "WEBP"])
    except Exception:  # noqa: BLE001  it is the sabotage that is careless
        return False
    return True


def _wait_for_the_warm_process() -> None:
    deadline = time.monotonic() + 60
    while not limited.socket_path().exists():
        if time.monotonic() > deadline:
            raise RuntimeError("The process that cleans photos did not start within a minute.")
        time.sleep(0.05)


def _processor_s() -> float:
    """What this process and the warm one with its finished forks have used so far (Linux)."""
    status = Path(f"/proc/{limited._started['process'].pid}/stat").read_text(encoding="ascii")
    ticks = sum(map(int, status.rpartition(")")[2].split()[11:15]))  # utime, stime, and those of children waited for
    return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")
