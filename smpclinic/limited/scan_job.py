"""A stranger's PDF in, the same bytes out, once nothing in it can act when it is opened.

The file is kept as it came (it is a doctor's word) and is only ever handed out as a download; this looks for what a
reader would run: scripts, programs to start, files inside the file, forms that send.
"""

import re
import zlib

from smpclinic.limited.jobs import Refused

ACTIVE = re.compile(
    rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|GoToE|GoToR|ImportData|SubmitForm)(?![A-Za-z0-9])"
)
LOCKED = re.compile(rb"/Encrypt(?![A-Za-z0-9])")
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
HEAD_BYTES, TAIL_BYTES = 1024, 2048
MOST_UNPACKED_BYTES = 64 * 1024**2


def check(document: bytes) -> tuple[bytes, dict[str, int]]:
    """The document unchanged, and its size. Raises ``Refused``: ``format``, ``broken``, ``locked`` or ``active``."""
    if b"%PDF-" not in document[:HEAD_BYTES]:
        raise Refused("format")
    if b"%%EOF" not in document[-TAIL_BYTES:]:
        raise Refused("broken")
    for text in _texts(document):
        plain = ESCAPED.sub(lambda match: bytes([int(match[1], 16)]), text)
        if LOCKED.search(plain):
            raise Refused("locked")
        if ACTIVE.search(plain):
            raise Refused("active")
    return document, {"size": len(document)}


def _texts(document: bytes):
    """What lies outside of streams, and the objects packed into streams; pictures and page contents are no commands."""
    place = unpacked = 0
    for start in re.finditer(rb"stream\r?\n", document):
        if start.start() < place:
            continue
        end = document.find(b"endstream", start.end())
        end = len(document) if end < 0 else end
        outside = document[place : start.start()]
        yield outside
        place = end + len(b"endstream")
        if b"/ObjStm" in outside[outside.rfind(b" obj") :]:
            objects = _unpacked(document[start.end() : end], MOST_UNPACKED_BYTES - unpacked)
            unpacked += len(objects)
            yield objects
    yield document[place:]


def _unpacked(body: bytes, most: int) -> bytes:
    if most <= 0:
        raise Refused("broken")
    try:
        return zlib.decompressobj().decompress(body, most)
    except zlib.error as error:
        raise Refused("broken") from error
