"""Findings in the order that staff reads them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from intake.findings import Judged
from intake.screening import Kind
from intake.screening_rules import KEEP_MEDICINE_REMARK


@dataclass(frozen=True)
class Groups:
    """What stops, what only needs care, what was settled, and the questions still owed."""

    standing: tuple[Judged, ...]
    owed: tuple[Judged, ...]
    careful: tuple[Judged, ...]
    settled: tuple[Judged, ...]

    @property
    def is_clear(self) -> bool:
        return not self.standing and not self.owed


def by_weight(judged: Iterable[Judged]) -> Groups:
    """Every finding in exactly one group, in its order."""
    rows = tuple(judged)
    stopping = [row for row in rows if row.is_standing]
    return Groups(
        standing=_reminded_once(row for row in stopping if row.finding.kind is not Kind.MISSING),
        owed=tuple(row for row in stopping if row.finding.kind is Kind.MISSING),
        careful=tuple(row for row in rows if not row.finding.blocking),
        settled=tuple(row for row in rows if row.settled),
    )


def _reminded_once(rows: Iterable[Judged]) -> tuple[Judged, ...]:
    """The reminder that no medicine is to be stopped stands at the first finding that carries it, not at each."""
    said, told = False, []
    for row in rows:
        words = row.finding.words
        if said:
            row = replace(row, finding=replace(row.finding, words=words.replace(f" {KEEP_MEDICINE_REMARK}", "")))
        said = said or KEEP_MEDICINE_REMARK in words
        told.append(row)
    return tuple(told)
