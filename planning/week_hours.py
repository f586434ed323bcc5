"""Hours of a week as a clinic writes them: from, until, and a break, for each weekday. Plain Python."""

from collections.abc import Iterable, Mapping, Sequence

Stretch = tuple[int, int]  # minutes of the local day, the end excluded
DAYS_A_WEEK = 7


def stretches_of_day(
    starts_min: int | None, ends_min: int | None, rest_from: int | None = None, rest_until: int | None = None
) -> list[Stretch]:
    """A day's working stretches, its break taken out; ValueError, in words, where they cannot be.

    >>> stretches_of_day(540, 1080, 780, 840)
    [(540, 780), (840, 1080)]
    >>> stretches_of_day(None, None)
    []
    """
    if starts_min is None and ends_min is None and rest_from is None and rest_until is None:
        return []
    if starts_min is None or ends_min is None:
        raise ValueError("Give both times, or none for a day off.")
    if ends_min <= starts_min:
        raise ValueError("The day must end after it begins.")
    if rest_from is None and rest_until is None:
        return [(starts_min, ends_min)]
    if rest_from is None or rest_until is None:
        raise ValueError("Give both times of the break, or none.")
    if not starts_min < rest_from < rest_until < ends_min:
        raise ValueError("The break must lie within the day, and end after it begins.")
    return [(starts_min, rest_from), (rest_until, ends_min)]


def day_as_written(stretches: Sequence[Stretch]) -> tuple[int | None, int | None, int | None, int | None]:
    """The four times of a day's stretches; the break is the first gap.

    >>> day_as_written([(540, 780), (840, 1080)])
    (540, 1080, 780, 840)
    """
    if not stretches:
        return None, None, None, None
    ordered = sorted(stretches)
    rest = (ordered[0][1], ordered[1][0]) if len(ordered) > 1 else (None, None)
    return ordered[0][0], ordered[-1][1], *rest


def day_in_words(stretches: Sequence[Stretch]) -> str:
    """A day's hours for people to read; empty for a day off.

    >>> day_in_words([(540, 780), (840, 1440)])
    '09:00–13:00, 14:00–24:00'
    """
    return ", ".join(f"{_clock(start)}–{_clock(end)}" for start, end in sorted(stretches))


def grouped(week: Mapping[int, Sequence[Stretch]]) -> Iterable[tuple[int, int, str]]:
    """Runs of weekdays with the same hours: first and last day (0 is Monday) and the hours in words.

    >>> list(grouped({0: [(540, 1080)], 1: [(540, 1080)], 2: [(600, 720)]}))
    [(0, 1, '09:00–18:00'), (2, 2, '10:00–12:00')]
    """
    run: list[int] = []
    for day in range(DAYS_A_WEEK + 1):
        words = day_in_words(week.get(day, ()))
        if run and words != day_in_words(week.get(run[0], ())):
            if hours := day_in_words(week.get(run[0], ())):
                yield run[0], run[-1], hours
            run = []
        run.append(day)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
