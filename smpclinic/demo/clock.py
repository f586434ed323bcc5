"""Set the clock back while the demo lives through its past."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from unittest.mock import patch


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let ``django.utils.timezone.now()`` answer ``moment``, in this process and this block alone."""
    with patch("django.utils.timezone.now", lambda: moment.astimezone(UTC)):
        yield
