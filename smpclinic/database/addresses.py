"""Turn DATABASE_URL into the entry Django expects in DATABASES."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

LOCK_TIMEOUT_MS = 10_000
STATEMENT_TIMEOUT_MS = 30_000


def database_from_url(url: str) -> dict[str, object]:
    """Django's settings for one database.

    ``sqlite:////absolute/path.sqlite3`` or ``postgres://user:password@host:port/name``; anything else raises
    ImproperlyConfigured with the value and the cure.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ImproperlyConfigured(f"DATABASE_URL={url} cannot be read ({error}). {_CURE}") from error
    if parts.scheme == "sqlite" and parts.path.strip("/"):
        return _sqlite(Path(unquote(parts.path[1:])))
    if parts.scheme in {"postgres", "postgresql"} and parts.path.strip("/"):
        return _postgresql(parts, port)
    raise ImproperlyConfigured(f"DATABASE_URL={url} names no database this program knows. {_CURE}")


_CURE = "Use sqlite:////folder/clinic.sqlite3 or postgres://user:password@host:5432/name."


def _sqlite(path: Path) -> dict[str, object]:
    return {
        "ENGINE": "smpclinic.database.sqlite",
        "NAME": str(path),
        # Opening the file costs three times a simple page: keep the connection.
        "CONN_MAX_AGE": None,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": LOCK_TIMEOUT_MS // 1000},
    }


def _postgresql(parts, port) -> dict[str, object]:
    place = parts.netloc.rpartition("@")[2]
    # A Unix socket's folder comes percent-encoded, and keeps its capitals.
    host = unquote(place.partition(":")[0]) if place.startswith("%") else parts.hostname or ""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 5,
            "options": f"-c lock_timeout={LOCK_TIMEOUT_MS} -c statement_timeout={STATEMENT_TIMEOUT_MS}",
        },
    }
