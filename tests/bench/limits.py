"""Every figure that is measured and the limit it must keep. docs/performance.md gives the reason for each number.

A limit bounds the ratio of a figure where it has one, else its value. A test compares this table with the page, so no
limit is loosened without a word.
"""

import json
from dataclasses import dataclass

NAMES = ("pages", "pdf", "series", "booking", "search", "calibration", "recall")


@dataclass(frozen=True)
class Limit:
    bound: float
    at_least: bool = False


# What others are compared with has no promise of its own: beyond this the machine is no place to measure on.
YARDSTICK_MS = 2000
LIMITS = {
    ("pages", "bare view, CPU ms"): Limit(YARDSTICK_MS),
    ("pages", "empty page in the frame, CPU ms"): Limit(1.6),
    ("pages", "bare view of 20 rows, CPU ms"): Limit(YARDSTICK_MS),
    ("pages", "day board, 300 visits, CPU ms"): Limit(48),
    ("pages", "week, 300 visits, CPU ms"): Limit(45),
    ("pages", "day board, 300 visits, against 20 rows, CPU ms"): Limit(20),
    ("pages", "week, 300 visits, against 20 rows, CPU ms"): Limit(19),
    ("pages", "week, 300 visits, queries"): Limit(16),
    ("pages", "patient page, CPU ms"): Limit(16),
    ("pages", "health questions, a form, CPU ms"): Limit(8),
    ("pages", "contact details, a form, CPU ms"): Limit(7),
    ("pages", "plan, a form, CPU ms"): Limit(30),
    ("pages", "day board, 1 visit, queries"): Limit(15),
    ("pages", "day board, 3 visits, queries"): Limit(15),
    ("pages", "day board, 300 visits, queries"): Limit(15),
    ("pages", "day board, queries more for 300 visits than for 1"): Limit(0),
    ("pages", "patient page, queries"): Limit(40),
    ("pages", "contact details, a form, queries"): Limit(14),
    ("pages", "health questions, a form, queries"): Limit(14),
    ("pages", "plan, a form, queries"): Limit(32),
    ("pdf", "hand-tuned WeasyPrint, CPU ms"): Limit(YARDSTICK_MS),
    ("pdf", "naive WeasyPrint, CPU ms"): Limit(YARDSTICK_MS),
    ("pdf", "care sheet, CPU ms"): Limit(1.25),
    ("pdf", "care sheet against the naive render, CPU ms"): Limit(0.7),
    ("pdf", "gathering what it says, CPU ms"): Limit(YARDSTICK_MS),
    ("pdf", "storing it, CPU ms"): Limit(YARDSTICK_MS),
    ("pdf", "200 sheets by one process, s"): Limit(YARDSTICK_MS),
    ("pdf", "200 sheets by two processes, times as fast"): Limit(1.6, at_least=True),
    ("pdf", "warm process after 400 sheets, MB"): Limit(150),
    ("pdf", "warm process grown by 400 sheets, MB"): Limit(10),
    ("pdf", "web worker after 400 sheets, MB"): Limit(150),
    ("series", "appointments in the diary"): Limit(5000, at_least=True),
    ("series", "asking for every day of the horizon, median CPU ms"): Limit(YARDSTICK_MS),
    ("series", "asking day by day until a series is found, median CPU ms"): Limit(YARDSTICK_MS),
    ("series", "best three series, median CPU ms"): Limit(0.08),
    ("series", "best three series, p95 CPU ms"): Limit(150),
    ("series", "series proposed a second, against asking for every day"): Limit(20, at_least=True),
    ("series", "best three series against the first found, median CPU ms"): Limit(5),
    ("booking", "bare change, CPU ms"): Limit(YARDSTICK_MS),
    ("booking", "booking, CPU ms"): Limit(30),
    ("booking", "bookings tried a second"): Limit(10, at_least=True),
    ("booking", "worst wait, s"): Limit(2),
    ("booking", "clients at one slot over HTTP"): Limit(50, at_least=True),
    ("booking", "rows too many or too few, one slot each round"): Limit(0),
    ("booking", "told booked without a row, or not told"): Limit(0),
    ("booking", "answers neither booked nor a 409 in words"): Limit(0),
    ("booking", "slowest of 50 sign-in pages at once, s"): Limit(YARDSTICK_MS),
    ("booking", "slowest of 50 answers at one slot, against sign-in pages, s"): Limit(15),
    ("booking", "slowest of 50 answers at one slot, worst round, s"): Limit(10),
    ("booking", "forbidden pairs"): Limit(0),
    ("calibration", "fixed formula, median error, min"): Limit(YARDSTICK_MS),
    ("calibration", "learned from 60 sessions, median error, min"): Limit(0.6),
    ("calibration", "learned at its worst count, median error, min"): Limit(1.05),
    ("calibration", "range P10 to P90 holds, the least of any count, %"): Limit(75, at_least=True),
    ("calibration", "range P10 to P90 holds, the most of any count, %"): Limit(85),
    ("calibration", "learning from 20,000 sessions, s"): Limit(2),
    ("search", "bare indexed query of 1,000, ms"): Limit(YARDSTICK_MS),
    ("search", "finding among 1,000, ms"): Limit(6),
    ("search", "type-ahead among 1,000, ms"): Limit(3),
    ("search", "nobody found among 1,000, ms"): Limit(8),
    ("search", "bare indexed query of 100,000, ms"): Limit(YARDSTICK_MS),
    ("search", "finding among 100,000, ms"): Limit(6),
    ("search", "type-ahead among 100,000, ms"): Limit(3),
    ("search", "nobody found among 100,000, ms"): Limit(8),
    ("search", "finding, p95 in bare pages, against 1,000"): Limit(1.5),
    ("search", "type-ahead, p95 in bare pages, against 1,000"): Limit(1.5),
    ("search", "queries of the costliest page"): Limit(16),
    ("search", "queries more among 100,000 than among 1,000"): Limit(0),
    ("recall", "sessions searched"): Limit(200_000, at_least=True),
    ("recall", "bare indexed lookup of a lot, ms"): Limit(YARDSTICK_MS),
    ("recall", "whom a lot has touched, p95, ms"): Limit(10),
    ("recall", "whom all lots of a product have touched, ms"): Limit(10),
    ("recall", "queries of a recall"): Limit(4),
}


@dataclass(frozen=True)
class Figure:
    """One measured figure; ``ratio`` is None where it is not compared with anything."""

    bench: str
    figure: str
    value: float
    ratio: float | None = None

    @property
    def limit(self) -> Limit:
        return LIMITS[self.bench, self.figure]

    @property
    def holds(self) -> bool:
        measured = self.value if self.ratio is None else self.ratio
        return measured >= self.limit.bound if self.limit.at_least else measured <= self.limit.bound

    def as_json(self) -> str:
        ratio = None if self.ratio is None else round(self.ratio, 2)
        row = {"bench": self.bench, "figure": self.figure, "value": round(self.value, 3)}
        return json.dumps(row | {"limit": self.limit.bound, "ratio": ratio})

    def in_words(self) -> str:
        what, measured = ("ratio", self.ratio) if self.ratio is not None else ("value", self.value)
        bound = "at least" if self.limit.at_least else "at most"
        return f"{self.bench}, {self.figure}: {what} {measured:.2f}, must be {bound} {self.limit.bound:g}."
