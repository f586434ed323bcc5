"""What every report is made of: a period, a chart, and a table of the same numbers in words."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from planning.availability import to_local_day
from sessions.reports.bars import BarChart


@dataclass(frozen=True)
class Period:
    """From the first to the last clinic-local day, both in it."""

    first: date
    last: date

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """The moments between which it lies: from the first, before the second."""
        zone = timezone.get_current_timezone()
        begin = datetime.combine(self.first, time(), zone)
        return begin, datetime.combine(self.last + timedelta(days=1), time(), zone)

    @property
    def local_days(self) -> tuple[int, int]:
        """As the calendar counts days."""
        return to_local_day(self.first), to_local_day(self.last)


@dataclass(frozen=True)
class Table:
    """``figures`` names the columns that hold numbers, by their place."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    figures: frozenset[int] = frozenset()

    @property
    def lines(self) -> list[list[dict]]:
        """The rows for the page: each cell with its head, and whether it is a figure."""
        return [
            [
                {"text": cell, "head": self.heads[place], "is_figure": place in self.figures}
                for place, cell in enumerate(row)
            ]
            for row in self.rows
        ]

    @property
    def columns(self) -> list[dict]:
        return [{"text": head, "is_figure": place in self.figures} for place, head in enumerate(self.heads)]


@dataclass(frozen=True)
class Section:
    """One chart with the table of its numbers. ``words`` says what the chart shows, for who cannot see it."""

    table: Table
    chart: BarChart | None = None
    words: str = ""
    unit: str = ""
    keys: Sequence[str] = ()


@dataclass(frozen=True)
class Report:
    sections: Sequence[Section]
    notes: Sequence[str] = field(default_factory=tuple)

    @property
    def is_empty(self) -> bool:
        return not any(section.table.rows for section in self.sections)
