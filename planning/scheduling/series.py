"""The best dates for a whole series of sessions: the search is complete and ranks one criterion after the other.

First the distance from the recommended gap (days), then the patient's wishes missed, the changes of practitioner, the
end date, the idle minutes left beside the visits; ties go to the earliest start.

How it stays fast: a day is one bit, so a shift and an "and" find every first day from which sessions 2 and 3 can follow
at given gaps; only the days of the best distance are looked at closely, and each such day once.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo

from planning.protocol import LEAST_GAP_DAYS
from planning.scheduling.diary import STEP_MIN, Diary, Key, Place, Practitioner, Room, Stretch, Wishes, idle_minutes
from planning.scheduling.figures import Chain, Option, Proposals, Series
from planning.scheduling.gaps import keeps_gap, problems_with_gap
from planning.scheduling.words import reason_for, why_none

RECOMMENDED_GAP_DAYS = 10


@dataclass(frozen=True, kw_only=True)
class Search:
    """One search: the diary and the rules. ``fixed`` holds the sessions that stay where they are, by number from 1."""

    diary: Diary
    durations: tuple[int, ...]
    gap_days: int
    recommended_gap_days: int
    first_day: int
    last_day: int
    existing_days: tuple[int, ...]
    wishes: Wishes
    fixed: Mapping[int, Place]
    seen: dict[tuple[int, int], dict[Key, Option]] = field(default_factory=dict)

    @property
    def base_day(self) -> int:
        """The day of bit 0."""
        return min([self.first_day, *(place.local_day for place in self.fixed.values())])

    def days_for(self, number: int, *, ignores_gap: bool = False, **ignores: bool) -> int:
        """The days on which session ``number`` can be held, as bits."""
        if number in self.fixed:
            return 1 << (self.fixed[number].local_day - self.base_day)
        minutes = self.durations[number - 1]
        bits = 0
        for day in range(self.first_day, self.last_day + 1):
            is_apart = ignores_gap or keeps_gap(day, self.existing_days, gap_days=self.gap_days)
            if is_apart and self.diary.has_start(minutes, day, **ignores):
                bits |= 1 << (day - self.base_day)
        return bits

    def options(self, number: int, day: int) -> dict[Key, Option]:
        """The best start of session ``number`` on ``day`` with each practitioner who can."""
        if number in self.fixed:
            place = self.fixed[number]
            return {place.practitioner: Option(0, 0, place.starts_min, -1)}
        minutes = self.durations[number - 1]
        if (minutes, day) not in self.seen:
            self.seen[minutes, day] = self._options(minutes, day)
        return self.seen[minutes, day]

    def _options(self, minutes: int, day: int) -> dict[Key, Option]:
        best: dict[Key, Option] = {}
        for index, practitioner in enumerate(self.diary.practitioners):
            stretches = self.diary.stretches(minutes, day, index)
            option = self._best_start(stretches, minutes, day, index)
            if option and (practitioner.key not in best or option < best[practitioner.key]):
                best[practitioner.key] = option
        return best

    def _best_start(self, stretches: Sequence[Stretch], minutes: int, day: int, index: int) -> Option | None:
        """The start that misses fewest wishes, then leaves fewest idle minutes, then is the earliest."""
        key = self.diary.practitioners[index].key
        missed_anyhow = self.wishes.misses_weekday(day) + self.wishes.misses_practitioner(key)
        best: Option | None = None
        for stretch in stretches:
            free = (stretch.free_from_min, stretch.free_until_min)
            for start, local_min in self.diary.starts(stretch, day):
                missed = missed_anyhow + self.wishes.misses_window(local_min, minutes)
                option = Option(missed, idle_minutes(start, start + minutes, free), start, index)
                if best is None or option < best:
                    best = option
                if option.wishes_missed == missed_anyhow and option.idle_min == 0:
                    return best
        return best

    def fewest_missed(self, days: Sequence[int]) -> int:
        """A lower bound of the wishes missed on these days, without looking at the diary."""
        numbered = enumerate(days, start=1)
        return sum(self.wishes.misses_weekday(day) for number, day in numbered if number not in self.fixed)


def propose_series(
    *,
    durations: Sequence[int],
    practitioners: Sequence[Practitioner],
    rooms: Sequence[Room],
    zone: tzinfo,
    earliest_day: int,
    horizon_days: int = 180,
    gap_days: int = LEAST_GAP_DAYS,
    recommended_gap_days: int = RECOMMENDED_GAP_DAYS,
    patient_busy: Sequence[tuple[int, int]] = (),
    existing_days: Iterable[int] = (),
    wishes: Wishes | None = None,
    fixed: Mapping[int, Place] | None = None,
    not_before_min: int = 0,
    step_min: int = STEP_MIN,
    limit: int = 3,
) -> Proposals:
    """The best ``limit`` series for sessions of ``durations`` minutes (1 to 3), starting on ``earliest_day`` or later.

    All lie within ``horizon_days`` of it. ``existing_days`` are the patient's treatment days outside this series,
    before and after. ``fixed`` sessions, by number from 1, stay where they are (also in the past); the others flow
    around them.
    If a series exists on the step of ``step_min``, one is found; else ``problems`` says what stands in the way.
    """
    if not 1 <= len(durations) <= 3 or any(minutes <= 0 for minutes in durations):
        raise ValueError(f"A series has 1 to 3 sessions of more than 0 minutes, not {list(durations)}.")
    problems_with_gap([], gap_days)
    search = Search(
        diary=Diary(
            practitioners=practitioners,
            rooms=rooms,
            zone=zone,
            patient_busy=patient_busy,
            not_before_min=not_before_min,
            step_min=step_min,
        ),
        durations=tuple(durations),
        gap_days=gap_days,
        recommended_gap_days=recommended_gap_days,
        first_day=earliest_day,
        last_day=earliest_day + horizon_days - 1,
        existing_days=tuple(existing_days),
        wishes=wishes or Wishes(),
        fixed=fixed or {},
    )
    series = tuple(_best_series(search, limit))
    return Proposals(series=series, problems=() if series else tuple(why_none(search)))


def _best_series(search: Search, limit: int) -> list[Series]:
    found: list[Series] = []
    for distance, together in _days_by_distance(search):
        found += _best_of_group(search, distance, together, limit - len(found))
        if len(found) >= limit:
            break
    return found


def _days_by_distance(search: Search) -> Iterator[tuple[int, list[tuple[int, ...]]]]:
    """Every choice of days that keeps the gap, grouped by its distance from the recommended gap, nearest first."""
    possible = [search.days_for(number) for number in range(1, len(search.durations) + 1)]
    if not all(possible):
        return
    longest_gap = max(possible).bit_length()
    farthest = max(search.recommended_gap_days, longest_gap) * (len(possible) - 1)
    for distance in range(farthest + 1):
        group = [
            tuple(search.base_day + offset for offset in offsets)
            for gaps in _gaps_at(distance, len(possible) - 1, search.recommended_gap_days)
            if all(search.gap_days <= gap <= longest_gap for gap in gaps)
            for offsets in _offsets(possible, gaps)
        ]
        if group:
            yield distance, group


def _gaps_at(distance: int, count: int, recommended: int) -> Iterator[tuple[int, ...]]:
    """Every choice of ``count`` gaps whose differences from the recommended one add up to ``distance``."""
    if count == 0:
        yield from [()] if distance == 0 else []
        return
    for here in range(distance + 1) if count > 1 else [distance]:
        for gap in {recommended - here, recommended + here}:
            yield from ((gap, *others) for others in _gaps_at(distance - here, count - 1, recommended))


def _offsets(possible: Sequence[int], gaps: tuple[int, ...]) -> Iterator[list[int]]:
    """The offsets of all sessions for each first day from which the others can follow at these gaps."""
    total, both, steps = 0, possible[0], [0]
    for bits, gap in zip(possible[1:], gaps, strict=True):
        total += gap
        both &= bits >> total
        steps.append(total)
    while both:
        lowest = both & -both
        first = lowest.bit_length() - 1
        yield [first + step for step in steps]
        both ^= lowest


def _best_of_group(search: Search, distance: int, group: Sequence[tuple[int, ...]], limit: int) -> list[Series]:
    """The best ``limit`` choices of days at one distance; days that cannot be among them are not looked at."""
    in_hope = sorted((search.fewest_missed(days), days[-1], days) for days in group)
    best: list[tuple[int, int, int, int, tuple[int, ...], tuple[int, ...], Chain]] = []
    for fewest, last_day, days in in_hope:
        if len(best) == limit and (fewest, 0, last_day) > best[-1][:3]:
            break
        chain = _best_chain(search, days)
        best.append((chain.wishes_missed, chain.changes, last_day, chain.idle_min, chain.starts_min, days, chain))
        best = sorted(best)[:limit]
    return [_series(search, distance, row[-2], row[-1]) for row in best]


def _best_chain(search: Search, days: Sequence[int]) -> Chain:
    """The best practitioners and starts for a choice of days."""
    chains: dict[Key, Chain] = {}
    for number, day in enumerate(days, start=1):
        chains = {
            key: min(_longer(chain, option, is_change=is_change) for chain, is_change in _before(chains, key))
            for key, option in search.options(number, day).items()
        }
    return min(chains.values())


def _before(chains: Mapping[Key, Chain], key: Key) -> list[tuple[Chain, bool]]:
    """The chains a session with practitioner ``key`` may continue: their own, or the best at the price of a change."""
    if not chains:
        return [(Chain(0, 0, 0, (), ()), False)]
    own = [(chains[key], False)] if key in chains else []
    return [*own, (min(chains.values()), True)]


def _longer(chain: Chain, option: Option, *, is_change: bool) -> Chain:
    return Chain(
        chain.wishes_missed + option.wishes_missed,
        chain.changes + is_change,
        chain.idle_min + option.idle_min,
        (*chain.starts_min, option.starts_min),
        (*chain.options, option),
    )


def _series(search: Search, distance: int, days: tuple[int, ...], chain: Chain) -> Series:
    places = tuple(
        search.fixed[number]
        if number in search.fixed
        else search.diary.place(option.starts_min, search.durations[number - 1], day, option.who)
        for number, (day, option) in enumerate(zip(days, chain.options, strict=True), start=1)
    )
    return Series(
        places=places,
        gap_distance_days=distance,
        wishes_missed=chain.wishes_missed,
        practitioner_changes=chain.changes,
        ends_on_day=days[-1],
        idle_min=chain.idle_min,
        reason=reason_for(search, places, distance=distance, missed=chain.wishes_missed, changes=chain.changes),
    )
