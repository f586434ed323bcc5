"""The pace a session is booked by, and the pace that sessions like it have really shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from planning.protocol import Protocol

TOUCH_UP = 0  # the number under which the pace of a touch-up is known
# P10 and P90 of a session in a clinic that has signed none, as parts of the usual pace: what calibration believes then.
UNKNOWN_LOW, UNKNOWN_HIGH = Decimal("0.695"), Decimal("1.627")


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
    ``sessions`` 0: nothing is signed yet, the range is that of published paces, and ``learned_at`` is None.
    ``error_percent``: half of the needle times missed their plan by no more; None where too few were planned.
    """

    low_dots_per_min: Decimal
    high_dots_per_min: Decimal
    sessions: int
    is_own: bool
    error_percent: int | None = None
    learned_at: datetime | None = None

    def needle_range(self, needle_min: Fraction) -> tuple[Fraction, Fraction]:
        """The needle time of the quickest and the slowest tenth, from the one at the median pace; minutes."""
        median = Fraction(self.dots_per_min)
        return needle_min * median / Fraction(self.high_dots_per_min), needle_min * median / Fraction(
            self.low_dots_per_min
        )


@dataclass(frozen=True, kw_only=True)
class SessionPace:
    """What one session is booked by, and what sessions like it have shown."""

    booked: Pace
    shown: ShownPace


def usual_pace(protocol: Protocol) -> SessionPace:
    """The protocol's own pace, with nothing learned yet: its range is that of a clinic nothing is known of."""
    usual, words = protocol.pace_dots_per_min, "the clinic's usual pace"
    shown = ShownPace(
        dots_per_min=usual,
        words=words,
        low_dots_per_min=usual * UNKNOWN_LOW,
        high_dots_per_min=usual * UNKNOWN_HIGH,
        sessions=0,
        is_own=False,
    )
    return SessionPace(booked=Pace(dots_per_min=usual, words=words), shown=shown)


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
