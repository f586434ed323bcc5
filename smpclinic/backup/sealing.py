"""Seal files in the age format (age-encryption.org/v1): this machine holds only the key that closes.

The other half, the recovery key, is shown once when it is made and is kept on paper or elsewhere: whoever steals
the shelf, or this machine, cannot read a backup. The ``age`` program opens the same files without this one.
"""

from pathlib import Path

import pyrage
from pyrage import x25519


class NotSealed(Exception):
    """A file cannot be sealed or opened; the message says why."""


def new_key() -> tuple[str, str]:
    """A new pair: the recovery key (``AGE-SECRET-KEY-1...``) and the recipient (``age1...``) that closes."""
    identity = x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def recipient_of(recovery_key: str) -> str:
    """The recipient that belongs to a recovery key. Raises ``NotSealed`` where the text is no such key."""
    try:
        return str(x25519.Identity.from_str(recovery_key.strip()).to_public())
    except pyrage.IdentityError as error:
        raise NotSealed("This is no recovery key: it begins with AGE-SECRET-KEY-1 and is one line.") from error


def close(source: Path, target: Path, *, recipient: str) -> None:
    """Write ``source``, sealed for ``recipient``, as ``target``."""
    try:
        pyrage.encrypt_file(str(source), str(target), [x25519.Recipient.from_str(recipient)])
    except (pyrage.EncryptError, pyrage.RecipientError, OSError) as error:
        raise NotSealed(f"{source.name} could not be sealed: {error}") from error


def open_sealed(source: Path, target: Path, *, recovery_key: str) -> None:
    """Write what is sealed in ``source`` as ``target``. Raises ``NotSealed`` for another key or a changed file."""
    try:
        pyrage.decrypt_file(str(source), str(target), [x25519.Identity.from_str(recovery_key.strip())])
    except pyrage.IdentityError as error:
        raise NotSealed("This is no recovery key: it begins with AGE-SECRET-KEY-1 and is one line.") from error
    except (pyrage.DecryptError, OSError) as error:
        raise NotSealed(f"{source.name} does not open: the key is another one, or the file was changed.") from error
