"""The pace a session is booked by, and the pace that sessions like it have really shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from planning.protocol import Protocol

TOUCH_UP = 0  # the number under which the pace of a touch-up is known


@dataclass(frozen=True, kw_only=True)
class Pace:
    """Dots per minute at factor 1; ``ratios``: by (zone, among hair) how much quicker (above 1) than the factor."""

    dots_per_min: Decimal
    words: str
    ratios: Mapping[tuple[str, bool], Decimal] = field(default_factory=dict)

    def ratio(self, zone: str, *, among_hair: bool) -> Decimal:
        return self.ratios.get((zone, among_hair), Decimal(1))


@dataclass(frozen=True, kw_only=True)
class ShownPace(Pace):
    """A pace learned from signed sessions: P10 and P90 of the next one, how many stand behind it, how far plans missed.

    ``is_own``: the practitioner's own sessions; else the clinic's, where nothing is known of the practitioner.
    ``error_percent``: half of the needle times missed their plan by no more; None where too few were planned.
    """

    low_dots_per_min: Decimal
    high_dots_per_min: Decimal
    sessions: int
    is_own: bool
    error_percent: int | None = None

    def needle_range(self, needle_min: Fraction) -> tuple[Fraction, Fraction]:
        """The needle time of the quickest and the slowest tenth, from the one at the median pace; minutes."""
        median = Fraction(self.dots_per_min)
        return needle_min * median / Fraction(self.high_dots_per_min), needle_min * median / Fraction(
            self.low_dots_per_min
        )


@dataclass(frozen=True, kw_only=True)
class SessionPace:
    """What one session is booked by, and what sessions like it have shown; None before any is signed."""

    booked: Pace
    shown: ShownPace | None = None


def usual_pace(protocol: Protocol) -> SessionPace:
    """The protocol's own pace, with nothing learned yet."""
    return SessionPace(booked=Pace(dots_per_min=protocol.pace_dots_per_min, words="the clinic's usual pace"))


def chosen_pace(protocol: Protocol, shown: ShownPace) -> SessionPace:
    """By which pace a session is booked, as the protocol says: the usual one, or the one that was shown.

    >>> seen = {"low_dots_per_min": Decimal(70), "high_dots_per_min": Decimal(105), "sessions": 19, "is_own": True}
    >>> shown = ShownPace(dots_per_min=Decimal(85), words="", **seen)
    >>> chosen_pace(Protocol(), shown).booked.dots_per_min
    Decimal('70')
    >>> chosen_pace(Protocol(learned_from_sessions=19), shown).booked.dots_per_min
    Decimal('85')
    """
    own = shown.sessions if shown.is_own else 0
    is_enough = protocol.pace_from == "learned_when_enough" and own >= protocol.learned_from_sessions
    is_learned = protocol.pace_from == "learned" or is_enough
    return SessionPace(booked=shown if is_learned else usual_pace(protocol).booked, shown=shown)
