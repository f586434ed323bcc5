"""How long each session takes, in minutes, with the working kept in words.

    session = arrival + hairline design + paperwork + needle time + breaks + photos and aftercare, rounded up

Every number stands in a ``Protocol``, so that a clinic can change it. The arithmetic is exact (fractions): nothing is
rounded but the booked length, and that upward. Symbols and sources: docs/formulas.md.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from types import MappingProxyType

from planning.advice import advice_on
from planning.needle_time import (
    WorkLine,
    in_order,
    minutes_text,
    needle_lines,
    pace_factor,
    pace_of,
    planned_dots,
    target_dots_per_cm2,
)
from planning.protocol import DEFAULT_PROTOCOL, Protocol, problems_with_protocol
from planning.work_pace import TOUCH_UP, Pace, SessionPace, usual_pace
from planning.zones import HAIRLINE_ZONES, TreatedArea, plain

__all__ = [
    "DEFAULT_PROTOCOL",
    "DotsPlanned",
    "Estimate",
    "Protocol",
    "SessionEstimate",
    "WorkLine",
    "estimate",
    "estimate_touch_up",
    "minutes_text",
    "pace_factor",
    "planned_dots",
    "problems_with_protocol",
    "target_dots_per_cm2",
]

SESSION_COUNTS = (2, 3)
SHOWN_TO_MIN = 5
NOTHING_LEARNED: Mapping[int, SessionPace] = MappingProxyType({})


@dataclass(frozen=True)
class DotsPlanned:
    """The dots one session places in one area, and their minutes; exact.

    The dots of a plan's sessions add up to ``planned_dots``.
    """

    code: str
    dots: Fraction
    minutes: Fraction


@dataclass(frozen=True, kw_only=True)
class SessionEstimate:
    """One session. ``lines`` add up to ``exact_min``; ``rounded_min`` is that rounded up to the quarter of an hour.

    ``booked_min`` is ``rounded_min``, but never below the shortest booking. ``low_min`` and ``high_min``: how long it
    takes by the quickest and the slowest tenth of sessions like it, outward to 5 minutes. ``pace`` says which pace it
    is booked by, and what was shown.
    """

    number: int
    lines: tuple[WorkLine, ...]
    needle_min: Fraction
    breaks: int
    exact_min: Fraction
    rounded_min: int
    booked_min: int
    low_min: int
    high_min: int
    dots: tuple[DotsPlanned, ...]
    pace: SessionPace

    @property
    def pace_words(self) -> str:
        """Which pace the session is booked by."""
        return f"Booked by {self.pace.booked.words}: {plain(self.pace.booked.dots_per_min)} dots per min."

    @property
    def is_raised_to_minimum(self) -> bool:
        """Whether the session is booked longer than it should take."""
        return self.booked_min > self.rounded_min

    @property
    def working(self) -> str:
        """The session's minutes in one sentence."""
        parts = " + ".join(f"{line.label} {minutes_text(line.minutes)}" for line in self.lines)
        raised = f", raised to the shortest booking of {self.booked_min} min" if self.is_raised_to_minimum else ""
        return f"{parts} = {minutes_text(self.exact_min)} min, rounded up to {self.rounded_min} min{raised}."


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """The sessions of a plan (or the one of a touch-up), and in ``advice`` what is unusual about them, in words."""

    sessions: tuple[SessionEstimate, ...]
    advice: tuple[str, ...]
    needs_reason: bool

    @property
    def booked_minutes(self) -> tuple[int, ...]:
        """The length to book for each session, in minutes."""
        return tuple(session.booked_min for session in self.sessions)


def estimate(
    *,
    zones: Iterable[TreatedArea],
    session_count: int,
    consulted_before: bool,
    protocol: Protocol = DEFAULT_PROTOCOL,
    paces: Mapping[int, SessionPace] = NOTHING_LEARNED,
) -> Estimate:
    """The sessions of a plan over ``zones``, in 2 or 3 sessions; ValueError for any other count or no zone.

    ``consulted_before``: whether the paperwork was done at an earlier consultation. The order of zones is irrelevant.
    ``paces`` by session number; a number without one goes by the protocol's usual pace.

    >>> vertex = TreatedArea(code="vertex", area_cm2=Decimal(50))
    >>> estimate(zones=[vertex], session_count=2, consulted_before=True).booked_minutes
    (75, 60)
    """
    if session_count not in SESSION_COUNTS:
        raise ValueError(f"A plan has 2 or 3 sessions, not {session_count}.")
    areas = in_order(zones)
    sessions = []
    for number, share in enumerate(protocol.shares(session_count), start=1):
        around = _lines_around(
            areas, has_hairline=number == 1, has_paperwork=number == 1 and not consulted_before, protocol=protocol
        )
        pace = paces.get(number) or usual_pace(protocol)
        sessions.append(_session(areas, number=number, share=share, around=around, protocol=protocol, pace=pace))
    return _with_advice(sessions, protocol)


def estimate_touch_up(
    *,
    zones: Iterable[TreatedArea],
    consulted_before: bool,
    redraws_hairline: bool = False,
    protocol: Protocol = DEFAULT_PROTOCOL,
    paces: Mapping[int, SessionPace] = NOTHING_LEARNED,
) -> Estimate:
    """The one session of a touch-up: the protocol's touch-up share of the dots, hairline only where it is redrawn.

    Of ``paces`` it takes the touch-up's.

    >>> vertex = TreatedArea(code="vertex", area_cm2=Decimal(50))
    >>> estimate_touch_up(zones=[vertex], consulted_before=True).booked_minutes
    (60,)
    """
    areas = in_order(zones)
    around = _lines_around(areas, has_hairline=redraws_hairline, has_paperwork=not consulted_before, protocol=protocol)
    pace = paces.get(TOUCH_UP) or usual_pace(protocol)
    session = _session(areas, number=1, share=protocol.touch_up_share, around=around, protocol=protocol, pace=pace)
    return _with_advice([session], protocol)


def _lines_around(
    areas: Sequence[TreatedArea], *, has_hairline: bool, has_paperwork: bool, protocol: Protocol
) -> tuple[WorkLine, ...]:
    """What a session needs beside needle and breaks; photos and aftercare talk come last."""
    if not areas:
        raise ValueError("An estimate needs at least one zone or scar.")
    designs = has_hairline and any(area.code in HAIRLINE_ZONES for area in areas)
    return (
        _fixed_line("Arrival, checks and photos", protocol.arrival_min),
        *([_fixed_line("Hairline design", protocol.hairline_design_min)] if designs else []),
        *([_fixed_line("Paperwork", protocol.paperwork_min)] if has_paperwork else []),
        _fixed_line("Photos and aftercare talk", protocol.photos_and_aftercare_min),
    )


def _fixed_line(label: str, minutes: int) -> WorkLine:
    return WorkLine(label, Fraction(minutes), f"{minutes} min")


def _session(
    areas: Sequence[TreatedArea],
    *,
    number: int,
    share: Decimal,
    around: tuple[WorkLine, ...],
    protocol: Protocol,
    pace: SessionPace,
) -> SessionEstimate:
    needle = needle_lines(areas, share=share, protocol=protocol, pace=pace.booked)
    needle_min = _sum(needle)
    around_min = _sum(around)
    exact_min = _exact_min(around_min, needle_min, protocol)
    shown = needle_lines(areas, share=share, protocol=protocol, pace=pace.shown)
    low_min, high_min = _shown_range(around_min, pace.shown.needle_range(_sum(shown)), protocol)
    return SessionEstimate(
        number=number,
        lines=(*around[:-1], *needle, *_break_lines(needle_min, protocol), around[-1]),
        needle_min=needle_min,
        breaks=_breaks(needle_min, protocol),
        exact_min=exact_min,
        rounded_min=_rounded_up(exact_min, protocol),
        booked_min=_booked_min(exact_min, protocol),
        low_min=low_min,
        high_min=high_min,
        dots=tuple(_dots(area, share, pace.booked, protocol) for area in areas),
        pace=pace,
    )


def _dots(area: TreatedArea, share: Decimal, pace: Pace, protocol: Protocol) -> DotsPlanned:
    dots = planned_dots(area, protocol=protocol) * Fraction(share)
    return DotsPlanned(area.code, dots, dots / Fraction(pace_of(area, pace=pace, protocol=protocol)))


def _sum(lines: Iterable[WorkLine]) -> Fraction:
    return sum((line.minutes for line in lines), Fraction(0))


def _shown_range(around_min: Fraction, needle_range: tuple[Fraction, Fraction], protocol: Protocol) -> tuple[int, int]:
    """How long it takes at the quickest and the slowest tenth, outward to 5 minutes."""
    low, high = (_exact_min(around_min, needle_min, protocol) for needle_min in needle_range)
    return floor(low / SHOWN_TO_MIN) * SHOWN_TO_MIN, ceil(high / SHOWN_TO_MIN) * SHOWN_TO_MIN


def _breaks(needle_min: Fraction, protocol: Protocol) -> int:
    """One break between any two stretches of needle time: max(0, ceil(needle time / 75) - 1)."""
    return max(0, ceil(needle_min / protocol.break_every_min) - 1)


def _break_lines(needle_min: Fraction, protocol: Protocol) -> list[WorkLine]:
    breaks = _breaks(needle_min, protocol)
    if not breaks:
        return []
    label = "1 break" if breaks == 1 else f"{breaks} breaks"
    return [WorkLine(label, Fraction(breaks * protocol.break_min), f"{breaks} × {protocol.break_min} min")]


def _exact_min(around_min: Fraction, needle_min: Fraction, protocol: Protocol) -> Fraction:
    return around_min + needle_min + _breaks(needle_min, protocol) * protocol.break_min


def _rounded_up(minutes: Fraction, protocol: Protocol) -> int:
    return ceil(minutes / protocol.round_up_to_min) * protocol.round_up_to_min


def _booked_min(minutes: Fraction, protocol: Protocol) -> int:
    return max(_rounded_up(minutes, protocol), protocol.shortest_booking_min)


def _with_advice(sessions: Sequence[SessionEstimate], protocol: Protocol) -> Estimate:
    too_long = any(session.booked_min > protocol.longest_usual_min for session in sessions)
    return Estimate(sessions=tuple(sessions), advice=advice_on(sessions, protocol=protocol), needs_reason=too_long)
