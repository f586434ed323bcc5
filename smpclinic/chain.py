"""Seal signed content: exact canonical JSON as text, linked to the one before by a keyed hash.

A plain hash chain proves nothing against somebody who can rewrite the table; the key lies outside the database.
"""

import hashlib
import hmac
import json
import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from smpclinic.models import SealedRecord

GENESIS = "0" * 64
_CHAIN_LOCK = 0x534D50  # PostgreSQL advisory lock: one record is sealed at a time


def canonical(content: object) -> str:
    """The one text that stands for ``content``: sorted keys, no spaces, NFC, numbers as they are written.

    Decimal and dates become strings with their places kept; a float or a NUL character raises ValueError, because
    neither survives a round trip exactly.

    >>> canonical({"b": Decimal("1.0"), "a": [True, None, "e\\u0301"]})
    '{"a":[true,null,"é"],"b":"1.0"}'
    """
    return json.dumps(_plain(content), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _plain(value: object) -> object:
    match value:
        case None | bool() | int():
            return value
        case str():
            if "\0" in value:
                raise ValueError("a NUL character cannot be signed")
            return unicodedata.normalize("NFC", value)
        case Decimal():
            return format(value, "f")
        case datetime() | date():
            return value.isoformat()
        case UUID():
            return str(value)
        case dict():
            return {str(_plain(str(key))): _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case _:
            raise ValueError(f"{type(value).__name__} {value!r} cannot be signed exactly")


def seal(*, kind: str, subject, content: object) -> SealedRecord:
    """Append signed content to the chain. Call inside the transaction that signs."""
    if not connection.in_atomic_block:
        raise RuntimeError("seal() must run inside the transaction that signs")
    _one_at_a_time()
    last = SealedRecord.objects.order_by("-id").values_list("mac", flat=True).first()
    text = canonical(content)
    row = SealedRecord(
        kind=kind,
        subject_type=subject._meta.label,
        subject_id=subject.public_id,
        content=text,
        content_hash=_sha256(text),
        prev=last or GENESIS,
        sealed_at=timezone.now(),
    )
    row.mac = _mac(row)
    row.save(force_insert=True)
    return row


def _one_at_a_time() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CHAIN_LOCK])


def head() -> str:
    """The newest link; printed on signed papers and in backups, so that a rewritten chain is found."""
    return SealedRecord.objects.order_by("-id").values_list("mac", flat=True).first() or GENESIS


def problems() -> list[str]:
    """The first thing wrong with the chain, in words; empty where every record is as it was signed."""
    prev = GENESIS
    for row in SealedRecord.objects.order_by("id").iterator(chunk_size=500):
        name = f"Sealed record {row.pk} ({row.kind}, {row.sealed_at:%Y-%m-%d %H:%M})"
        if row.prev != prev:
            return [f"{name} does not follow the one before it: a record was removed, added or moved."]
        if not hmac.compare_digest(row.mac, _mac(row)):
            return [f"{name} does not carry this clinic's seal: its link was changed."]
        if row.content if row.erased_at else _sha256(row.content) != row.content_hash:
            return [f"{name} is not what was signed: its content was changed."]
        prev = row.mac
    return []


@transaction.atomic
def erase(row: SealedRecord) -> None:
    """Replace the content once by a tombstone; the hashes stay and the chain stays whole."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE smpclinic_sealedrecord SET content = '', erased_at = %s WHERE id = %s", [timezone.now(), row.pk]
        )


def _mac(row: SealedRecord) -> str:
    sealed_at = row.sealed_at.astimezone(UTC).isoformat()  # one writing, whatever zone the moment came in
    link = "|".join((row.prev, row.kind, row.subject_type, str(row.subject_id), row.content_hash, sealed_at))
    return hmac.new(settings.CHAIN_KEY.encode(), link.encode(), hashlib.sha256).hexdigest()


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
