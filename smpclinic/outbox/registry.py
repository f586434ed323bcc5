"""Which function does which kind of work, how often it is tried, and what happens by itself."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.utils.module_loading import autodiscover_modules

MOST_ATTEMPTS = 10
LEASE_S = 10 * 60
LONGEST_REASON = 300


Work = TypeVar("Work", bound=Callable[[Any], None])


class UnknownKind(LookupError):
    """No function is registered for this kind of work."""


class Problem(Exception):
    """Why the work was not done, in words fit to be stored: no name, no address, no token."""


class Later(Problem):
    """Not now; it is tried again (after ``seconds`` where given, else with a growing pause)."""

    def __init__(self, reason: str, *, seconds: int | None = None) -> None:
        super().__init__(reason)
        self.seconds = seconds


class GiveUp(Problem):
    """Not ever; a person has to look at it."""


@dataclass(frozen=True)
class Handler:
    """How one kind of work is done."""

    kind: str
    function: Callable[[Any], None]
    most_attempts: int
    lease_s: int


@dataclass(frozen=True)
class Schedule:
    """Work that is due once in every ``every_s`` seconds, ``offset_s`` after their start (UTC)."""

    kind: str
    every_s: int
    offset_s: int

    def slot(self, at_s: int) -> int:
        """The number of the period that the moment ``at_s`` (seconds since 1970) lies in."""
        return (at_s - self.offset_s) // self.every_s


_handlers: dict[str, Handler] = {}
_schedules: dict[str, Schedule] = {}


def handler(kind: str, *, most_attempts: int = MOST_ATTEMPTS, lease_s: int = LEASE_S) -> Callable[[Work], Work]:
    """Register a function that does the work of one ``Outbox`` row.

    It is tried ``most_attempts`` times. A row taken longer than ``lease_s`` seconds ago counts as
    abandoned and is given to another worker, so the work must end well within that time.
    """

    def register(function: Work) -> Work:
        known = _handlers.get(kind)
        if known and known.function.__qualname__ != function.__qualname__:
            raise ValueError(f"{kind!r} is done by {known.function.__qualname__} already")
        _handlers[kind] = Handler(kind, function, most_attempts, lease_s)
        function.outbox_kind = kind  # type: ignore[attr-defined]
        return function

    return register


def every(*, hours: int = 0, minutes: int = 0, offset_minutes: int = 0) -> Callable[[Work], Work]:
    """Have a handler's work done once in every period; goes above ``@handler``."""
    every_s = (hours * 60 + minutes) * 60
    if every_s < 60:
        raise ValueError(f"every {every_s} s is too often; use a minute or more")

    def register(function: Work) -> Work:
        kind = function.outbox_kind  # type: ignore[attr-defined]
        _schedules[kind] = Schedule(kind, every_s, offset_minutes * 60)
        return function

    return register


def handler_of(kind: str) -> Handler:
    """The handler of ``kind``. Raises ``UnknownKind``."""
    _discover()
    try:
        return _handlers[kind]
    except KeyError:
        raise UnknownKind(f"{kind!r} is no kind of background work; known: {', '.join(sorted(_handlers))}") from None


def handlers() -> list[Handler]:
    """Every handler, once each app's ``background.py`` was read."""
    _discover()
    return list(_handlers.values())


def schedules() -> list[Schedule]:
    """Everything that happens by itself."""
    _discover()
    return list(_schedules.values())


@functools.cache
def _discover() -> None:
    """Read ``background.py`` of every app, once."""
    autodiscover_modules("background")
