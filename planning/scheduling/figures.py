"""What a search weighs: the best start of a session, of a chain of sessions, and the proposals that come of them."""

from dataclasses import dataclass
from typing import NamedTuple

from planning.scheduling.diary import Place


class Option(NamedTuple):
    """The best start for one session with one practitioner on one day; ordered by what counts first."""

    wishes_missed: int
    idle_min: int
    starts_min: int
    who: int


class Chain(NamedTuple):
    """The best options for the sessions so far, ending with one practitioner; ordered by what counts first."""

    wishes_missed: int
    changes: int
    idle_min: int
    starts_min: tuple[int, ...]
    options: tuple[Option, ...]


@dataclass(frozen=True, kw_only=True)
class Series:
    """One proposal for all sessions, with the figures it was ranked by, in their order, and the reason in words."""

    places: tuple[Place, ...]
    gap_distance_days: int
    wishes_missed: int
    practitioner_changes: int
    ends_on_day: int
    idle_min: int
    reason: str

    @property
    def rank(self) -> tuple[int, int, int, int, int, tuple[int, ...]]:
        """What proposals are sorted by; the smallest is the best."""
        return (
            self.gap_distance_days,
            self.wishes_missed,
            self.practitioner_changes,
            self.ends_on_day,
            self.idle_min,
            tuple(place.starts_min for place in self.places),
        )


@dataclass(frozen=True, kw_only=True)
class Proposals:
    """The best series, best first, no two on the same days; where there is none, ``problems`` says why."""

    series: tuple[Series, ...]
    problems: tuple[str, ...]
