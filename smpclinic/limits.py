"""Limits on tries, exact across processes: one row a counter, one SQL statement a try.

Reading a counter and writing it back lets two processes both be the tenth. Here the database
counts and decides in one statement, alike on SQLite and PostgreSQL. Keys are stored as keyed
hashes. Count outside a transaction that may be rolled back: a rolled-back try was never made.
"""

import ipaddress

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from smpclinic.models import TryCount

# Seconds that must pass after the 1st, 2nd, 3rd ... try in a row. Never a lock: an attacker could use one
# to keep reception out.
GROWING_DELAYS_S = (0, 0, 0, 2, 4, 8, 16, 30, 60)
FORGOTTEN_AFTER_S = 60 * 60
IPV6_HOME = 64  # one household or office has a whole /64: its addresses count as one

_TABLE = TryCount._meta.db_table

_COUNT = f"""
INSERT INTO {_TABLE} AS counter (bucket, key_hash, tries, window_ends_s, next_try_s)
VALUES (%(bucket)s, %(key)s, 1, %(ends)s, 0)
ON CONFLICT (bucket, key_hash) DO UPDATE SET
  tries = CASE WHEN counter.window_ends_s <= %(now)s THEN 1 ELSE counter.tries + 1 END,
  window_ends_s = CASE WHEN counter.window_ends_s <= %(now)s THEN %(ends)s ELSE counter.window_ends_s END
WHERE counter.window_ends_s <= %(now)s OR counter.tries < %(limit)s
RETURNING tries
"""  # noqa: S608  the table's name is ours, every value is a parameter

_DELAY = " ".join(f"WHEN counter.tries + 1 = {number} THEN {s}" for number, s in enumerate(GROWING_DELAYS_S, 1))

_TURN = f"""
INSERT INTO {_TABLE} AS counter (bucket, key_hash, tries, window_ends_s, next_try_s)
VALUES (%(bucket)s, %(key)s, 1, %(ends)s, %(now)s + {GROWING_DELAYS_S[0]})
ON CONFLICT (bucket, key_hash) DO UPDATE SET
  tries = CASE WHEN counter.window_ends_s <= %(now)s THEN 1 ELSE counter.tries + 1 END,
  window_ends_s = %(ends)s,
  next_try_s = %(now)s + CASE WHEN counter.window_ends_s <= %(now)s THEN {GROWING_DELAYS_S[0]}
    {_DELAY} ELSE {GROWING_DELAYS_S[-1]} END
WHERE counter.next_try_s <= %(now)s
RETURNING tries
"""  # noqa: S608  the table's name and the delays are ours, every value is a parameter


def allow(bucket: str, key: str, limit: int, seconds: int) -> bool:
    """Count one try of ``key`` and say whether it may be made: at most ``limit`` in ``seconds``.

    A refused try is not counted, so the window ends when it said it would.
    """
    if limit < 1:
        return False
    now_s = _now_s()
    values = {"bucket": bucket, "key": _hashed(key), "now": now_s, "ends": now_s + seconds, "limit": limit}
    return _ran(_COUNT, values)


def seconds_to_wait(bucket: str, key: str) -> int:
    """Take the next try of ``key`` (0), or how many seconds it must wait.

    The wait grows with each try in a row; ``forgive`` after a success starts afresh, and so
    does an hour without tries.
    """
    now_s = _now_s()
    values = {"bucket": bucket, "key": _hashed(key), "now": now_s, "ends": now_s + FORGOTTEN_AFTER_S}
    if _ran(_TURN, values):
        return 0
    next_try_s = _of(bucket, key).values_list("next_try_s", flat=True).first()
    return max(1, (next_try_s or now_s) - now_s)


def forgive(bucket: str, key: str) -> None:
    """Forget the tries of ``key``."""
    _of(bucket, key).delete()


def forget_expired() -> int:
    """Delete counters whose time is over; returns how many."""
    return TryCount.objects.filter(window_ends_s__lte=_now_s(), next_try_s__lte=_now_s()).delete()[0]


def client_address(request) -> str:
    """Where a request comes from, as one key: a household of IPv6 addresses counts as one."""
    found = address_of(request)
    if not found:
        return "unknown"
    if ":" in found:
        return str(ipaddress.ip_network((found, IPV6_HOME), strict=False))
    return found


def address_of(request) -> str:
    """The address a request comes from; empty where it is none.

    Headers that anyone can write count only behind ``TRUSTED_PROXY_COUNT`` proxies of our own,
    each of which appends the address it saw; the last that many are theirs.
    """
    address = request.META.get("REMOTE_ADDR", "")
    proxies = getattr(settings, "TRUSTED_PROXY_COUNT", 0)
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    if proxies and len(forwarded) >= proxies:
        address = forwarded[-proxies]
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)


def _ran(statement: str, values: dict[str, object]) -> bool:
    """Whether the statement wrote its row. The transaction takes the file lock of SQLite in its turn."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone() is not None


def _of(bucket: str, key: str):
    return TryCount.objects.filter(bucket=bucket, key_hash=_hashed(key))


def _hashed(key: str) -> str:
    return salted_hmac("smpclinic.limits", key, algorithm="sha256").hexdigest()


def _now_s() -> int:
    return int(timezone.now().timestamp())
