"""How a job and its answer travel: one line of JSON that says how many bytes follow, then those bytes."""

import hashlib
import json
from dataclasses import dataclass, field
from io import BufferedRWPair
from typing import Any, BinaryIO

LONGEST_HEADER_BYTES = 64 * 1024
LARGEST_BODY_BYTES = 64 * 1024 * 1024


Stream = BinaryIO | BufferedRWPair


class BrokenMessage(ValueError):
    """The other side stopped in the middle or did not speak this language."""


@dataclass(frozen=True)
class Message:
    """A job (``head`` names it and its options) or an answer (``head`` has a ``code``)."""

    head: dict[str, Any]
    body: bytes = b""


@dataclass(frozen=True)
class Limits:
    """What one job may use: processor seconds, bytes of address space, seconds on the clock."""

    cpu_s: int = 20
    memory_bytes: int = 1024**3
    wall_s: int = 30
    file_bytes: int = field(default=LARGEST_BODY_BYTES)


def send(stream: Stream, message: Message) -> None:
    """Write a message; the digest lets the reader notice a writer that was killed half-way."""
    digest = hashlib.sha256(message.body).hexdigest()
    line = json.dumps({"head": message.head, "bytes": len(message.body), "sha256": digest})
    stream.write(line.encode("ascii") + b"\n" + message.body)
    stream.flush()


def receive(stream: Stream) -> Message:
    """Read one whole message. Raises ``BrokenMessage`` where it is cut short, too long or damaged."""
    line = stream.readline(LONGEST_HEADER_BYTES)
    try:
        outer = json.loads(line)
        head, count, digest = dict(outer["head"]), int(outer["bytes"]), str(outer["sha256"])
    except (ValueError, TypeError, KeyError) as error:
        raise BrokenMessage(f"a header of {len(line)} bytes that is no message") from error
    if not 0 <= count <= LARGEST_BODY_BYTES:
        raise BrokenMessage(f"{count} bytes announced, at most {LARGEST_BODY_BYTES} allowed")
    body = stream.read(count)
    if hashlib.sha256(body).hexdigest() != digest:
        raise BrokenMessage(f"{len(body)} of {count} bytes arrived")
    return Message(head=head, body=body)
