"""Every number of the clinic's treatment protocol, in one place: a clinic may change each, the defaults are documented.

Sources of the defaults: docs/formulas.md. What the clinic has set is read by ``planning.clinic_protocol``; every room
that needs a limit of the plan asks there.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from decimal import Decimal, InvalidOperation
from typing import Any

LEAST_GAP_DAYS = 2
PACE_SOURCES = ("learned_when_enough", "formula", "learned")


@dataclass(frozen=True, kw_only=True)
class Protocol:
    """Minutes, densities (dots per cm2 of the whole plan), pace (dots per minute), factors of pace and shares of dots.

    ``pace_from`` is one of PACE_SOURCES: whether visits are booked by ``pace_dots_per_min`` or by the pace learned from
    signed sessions (always, or once ``learned_from_sessions`` sessions of the practitioner are signed).
    """

    arrival_min: int = 20
    hairline_design_min: int = 20
    paperwork_min: int = 30
    photos_and_aftercare_min: int = 10
    break_min: int = 10
    break_every_min: int = 75
    round_up_to_min: int = 15
    shortest_booking_min: int = 60
    longest_usual_min: int = 240
    pace_dots_per_min: Decimal = Decimal(70)
    pace_from: str = "learned_when_enough"
    learned_from_sessions: int = 20
    bare_dots_per_cm2: Decimal = Decimal(90)
    scar_dots_per_cm2: Decimal = Decimal(90)
    among_hair_dots_per_cm2: Decimal = Decimal(60)
    most_dots_per_cm2: Decimal = Decimal(100)
    hairline_band_factor: Decimal = Decimal("0.5")
    temples_factor: Decimal = Decimal("0.6")
    scar_factor: Decimal = Decimal("0.4")
    among_hair_factor: Decimal = Decimal("0.5")
    shares_of_two: tuple[Decimal, ...] = (Decimal("0.55"), Decimal("0.45"))
    shares_of_three: tuple[Decimal, ...] = (Decimal("0.40"), Decimal("0.33"), Decimal("0.27"))
    touch_up_share: Decimal = Decimal("0.30")
    gap_days: int = LEAST_GAP_DAYS
    recommended_gap_days: int = 10
    recommended_gap_hair_days: int = 10
    recommended_gap_scar_days: int = 28
    recommended_most_days: int = 60
    touch_up_after_days: int = 30

    def shares(self, session_count: int) -> tuple[Decimal, ...]:
        """The share of the dots that each session of a plan places; ``session_count`` is 2 or 3."""
        return {2: self.shares_of_two, 3: self.shares_of_three}[session_count]

    def share_of_session(self, number: int | None, session_count: int) -> Decimal:
        """The share of session ``number``; the one session of a touch-up (no number, or a count of 1) has its own."""
        if number is None or session_count == 1:
            return self.touch_up_share
        return self.shares(session_count)[number - 1]

    def target_dots_per_cm2(self, *, is_scar: bool = False, among_hair: bool = False) -> Decimal:
        """What a zone is planned with where nobody says otherwise."""
        if is_scar:
            return self.scar_dots_per_cm2
        return self.among_hair_dots_per_cm2 if among_hair else self.bare_dots_per_cm2

    def recommended_gap(self, look: str) -> int:
        """Days between two sessions of a plan of this look, never below the clinic's own minimum.

        >>> Protocol().recommended_gap("scar"), Protocol(gap_days=14).recommended_gap("shaved")
        (28, 14)
        """
        by_look = {"kept_hair": self.recommended_gap_hair_days, "scar": self.recommended_gap_scar_days}
        return max(self.gap_days, by_look.get(look, self.recommended_gap_days))


DEFAULT_PROTOCOL = Protocol()
# What is absurd, whatever the clinic: least and most of each number, both allowed.
BOUNDS: Mapping[str, tuple[Decimal, Decimal]] = {
    name: (Decimal(least), Decimal(most))
    for names, least, most in (
        ("arrival_min hairline_design_min paperwork_min photos_and_aftercare_min break_min", "0", "120"),
        ("break_every_min", "15", "240"),
        ("round_up_to_min", "5", "60"),
        ("shortest_booking_min", "15", "240"),
        ("longest_usual_min", "60", "480"),
        ("pace_dots_per_min", "10", "400"),
        ("learned_from_sessions", "1", "500"),
        ("bare_dots_per_cm2 scar_dots_per_cm2 among_hair_dots_per_cm2 most_dots_per_cm2", "1", "300"),
        ("hairline_band_factor temples_factor scar_factor among_hair_factor", "0.05", "1"),
        ("touch_up_share", "0.01", "1"),
        ("gap_days", str(LEAST_GAP_DAYS), "365"),
        ("recommended_gap_days recommended_gap_hair_days recommended_gap_scar_days", str(LEAST_GAP_DAYS), "365"),
        ("recommended_most_days touch_up_after_days", str(LEAST_GAP_DAYS), "730"),
    )
    for name in names.split()
}


def problems_with_protocol(protocol: Protocol) -> list[str]:
    """Why a clinic cannot work by these numbers, in words; empty when it can."""
    return [problem for problems in problems_by_field(protocol).values() for problem in problems]


def problems_by_field(protocol: Protocol) -> dict[str, list[str]]:
    """Why a clinic cannot work by these numbers, in words beside the field that is wrong."""
    found: dict[str, list[str]] = {}
    for name, bounds in BOUNDS.items():
        if problem := _outside(name, getattr(protocol, name), bounds):
            found.setdefault(name, []).append(problem)
    for name, problem in _between_fields(protocol):
        found.setdefault(name, []).append(problem)
    return found


def _outside(name: str, value: Decimal | int, bounds: tuple[Decimal, Decimal]) -> str:
    least, most = bounds
    if name == "gap_days" and value < least:
        rule = f"Sessions are at least {LEAST_GAP_DAYS} days apart"
        return f"{rule}; {value} is too few. You may raise this, never lower it."
    if not Decimal(value).is_finite() or not least <= value <= most:
        return f"{_words(name)} must be {least} to {most}, not {value}."
    return ""


def _between_fields(protocol: Protocol) -> list[tuple[str, str]]:
    """What is wrong though each number alone is possible."""
    wrong = [
        (name, problem)
        for name, count in (("shares_of_two", 2), ("shares_of_three", 3))
        if (problem := _problem_with_shares(name, getattr(protocol, name), count))
    ]
    if protocol.pace_from not in PACE_SOURCES:
        wrong.append(("pace_from", f"Booking goes by one of {', '.join(PACE_SOURCES)}, not {protocol.pace_from}."))
    if protocol.shortest_booking_min > protocol.longest_usual_min:
        words = f"The longest usual session is {protocol.longest_usual_min} min, less than the shortest booking."
        wrong.append(("longest_usual_min", words))
    for kind in ("bare", "scar", "among_hair"):
        dots = getattr(protocol, f"{kind}_dots_per_cm2")
        if dots > protocol.most_dots_per_cm2:
            words = f"{dots} dots per cm² as the usual target is above the limit of {protocol.most_dots_per_cm2}."
            wrong.append((f"{kind}_dots_per_cm2", words))
    for name in ("recommended_gap_days", "recommended_gap_hair_days", "recommended_gap_scar_days"):
        gap = getattr(protocol, name)
        if gap < protocol.gap_days:
            wrong.append((name, f"{gap} days recommended are fewer than the clinic's minimum of {protocol.gap_days}."))
        elif gap > protocol.recommended_most_days:
            words = f"{gap} days recommended are more than the recommended maximum of {protocol.recommended_most_days}."
            wrong.append((name, words))
    return wrong


def _problem_with_shares(name: str, shares: tuple[Decimal, ...], count: int) -> str:
    if len(shares) == count and all(share > 0 for share in shares) and sum(shares) == 1:
        return ""
    written = " + ".join(str(share) for share in shares)
    return f"{_words(name)} must be {count} numbers above 0 that add up to 1, not {written}."


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()


def to_values(protocol: Protocol) -> dict[str, object]:
    """A protocol as plain values for keeping: decimals as text, shares as lists of text.

    >>> to_values(DEFAULT_PROTOCOL)["shares_of_two"]
    ['0.55', '0.45']
    """
    return {name: _plain(value) for name, value in asdict(protocol).items()}


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return [str(share) for share in value]
    return str(value) if isinstance(value, Decimal) else value


def from_values(values: Mapping[str, object]) -> Protocol:
    """The protocol that ``to_values`` kept; a number that was not kept is the default's. ValueError in words else.

    >>> from_values({"pace_dots_per_min": "85"}).pace_dots_per_min
    Decimal('85')
    """
    kinds = {field.name: type(getattr(DEFAULT_PROTOCOL, field.name)) for field in fields(Protocol)}
    read: dict[str, Any] = {name: _read(name, value, kinds[name]) for name, value in values.items() if name in kinds}
    return Protocol(**read)


def _read(name: str, value: object, kind: type) -> object:
    try:
        if kind is tuple:
            return tuple(Decimal(str(share)) for share in value)  # type: ignore[attr-defined]
        return kind(str(value))
    except (InvalidOperation, TypeError, ValueError) as error:
        raise ValueError(f"{_words(name)} cannot be read from {value!r}.") from error
