"""Reads that stay the same all through one piece of work: one request, one command, one item of background work.

The clinic's profile and its rules are asked for dozens of times in one action. Within ``one_piece_of_work`` each is
read once; outside nothing is kept, and whoever changes what is kept calls ``forget``.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar, cast

Found = TypeVar("Found")

_kept: ContextVar[dict[str, Any] | None] = ContextVar("kept", default=None)


@contextmanager
def one_piece_of_work() -> Iterator[None]:
    """Keep what is read within this block; a block inside another starts with nothing."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def once(name: str, read: Callable[[], Found]) -> Found:
    """What ``read`` found the first time in this piece of work. It is shared: nobody may change it."""
    store = _kept.get()
    if store is None:
        return read()
    if name not in store:
        store[name] = read()
    return cast("Found", store[name])


def forget(name: str) -> None:
    """Read anew what was kept under this name: it was changed."""
    store = _kept.get()
    if store is not None:
        store.pop(name, None)


class OneRequest:
    """Middleware: a request is one piece of work."""

    def __init__(self, get_response: Callable[[Any], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> Any:
        with one_piece_of_work():
            return self.get_response(request)
