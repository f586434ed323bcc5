"""The secret in a private link: 256 bits, written so that it can be read out; only its hash is ever stored."""

import base64
import hashlib
import secrets

BYTES = 32
GROUP = 4


def new_token() -> str:
    """52 letters and digits, alike in capitals: a to z and 2 to 7."""
    return base64.b32encode(secrets.token_bytes(BYTES)).decode().rstrip("=").lower()


def token_hash(token: str) -> str:
    """The SHA-256 in hex of a token as somebody typed it: capitals, spaces and hyphens do not matter.

    >>> token_hash("ABCD-efgh") == token_hash("abcdefgh")
    True
    """
    plain = "".join(token.split()).replace("-", "").lower()
    return hashlib.sha256(plain.encode(errors="replace")).hexdigest()


def in_groups(token: str) -> str:
    """The token in groups of four, as it is read out.

    >>> in_groups("abcdefghij")
    'abcd-efgh-ij'
    """
    return "-".join(token[start : start + GROUP] for start in range(0, len(token), GROUP))
