"""Papers from outside: a scan or photo of a letter. A picture is encoded anew, a PDF looked through under limits."""

import hashlib
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from smpclinic.limited.client import JobFailed, run_limited
from smpclinic.limited.wire import Limits
from smpclinic.photos import clean_photo

LIMITS = Limits(cpu_s=10, memory_bytes=1024**3, wall_s=20)
LARGEST_SCAN_BYTES = 20 * 1024 * 1024
PDF_HEAD_BYTES = 1024


@dataclass(frozen=True)
class CleanScan:
    """A paper fit to be stored: its bytes, their SHA-256 in hex, and ``pdf`` or ``jpg``."""

    bytes: bytes
    sha256: str
    suffix: str


def clean_scan(upload) -> CleanScan:
    """Read an uploaded PDF, JPEG, PNG or WebP. Raises ``ValidationError`` with a sentence that says what to do."""
    head = upload.read(PDF_HEAD_BYTES)
    upload.seek(0)
    if b"%PDF-" not in head:
        photo = clean_photo(upload)
        return CleanScan(photo.bytes, photo.sha256, "jpg")
    document = upload.read(LARGEST_SCAN_BYTES + 1)
    if len(document) > LARGEST_SCAN_BYTES:
        raise ValidationError(_("That file is larger than 20 MB. Scan it again at a lower resolution."), code="large")
    try:
        checked, _facts = run_limited("scan", document, options={}, limits=LIMITS)
    except JobFailed as failure:
        raise ValidationError(_why(failure.code), code=failure.code) from failure
    return CleanScan(checked, hashlib.sha256(checked).hexdigest(), "pdf")


def _why(code: str) -> str:
    sentences = {
        "locked": _("That PDF is locked with a password. Print it to a new PDF, or take a photo of the paper."),
        "active": _("That PDF can start programs or scripts, which is not safe. Take a photo of the paper instead."),
    }
    return sentences.get(code) or _("That PDF is damaged and cannot be read. Scan it again, or take a photo.")
