"""The third layer against double booking: look at the rows themselves, whatever the guards say of themselves.

The guards refuse what breaks a rule. Should one have been missing for a while, or a row have come from elsewhere (a
restored backup, a hand in the database), only the rows tell. One sweep per rule puts each person's and room's
intervals in order of their start and asks whether one begins before an earlier one has ended: it reads every row
once, so that years of visits take less than a second.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext as _

from planning.models import Appointment
from smpclinic.database.guards.rules import APPOINTMENTS, EXCLUSIONS
from smpclinic.local_dates import date_format

SHOWN = 20
# Window functions alone: each row against the latest end of those before it, for the same person or room.
_SWEEP = """
    SELECT id FROM (
        SELECT id, {first} AS starts, MAX({last}) OVER (
            PARTITION BY {who} ORDER BY {first}, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS taken_until
        FROM {table} WHERE {condition}
    ) AS swept WHERE taken_until > starts ORDER BY id
"""


@dataclass(frozen=True)
class Difference:
    """Two visits that the rules keep apart: ``rule`` is the guard's name."""

    rule: str
    earlier: Appointment
    later: Appointment

    @property
    def visits(self) -> tuple[Appointment, Appointment]:
        return self.earlier, self.later

    @property
    def words(self) -> str:
        """What is wrong, for the desk."""
        facts = {"earlier": _of(self.earlier), "later": _of(self.later), "room": self.later.room}
        facts |= {"who": self.later.practitioner, "patient": self.later.patient}
        sentences = {
            "overlap_practitioner": _("%(who)s has two visits at once: %(earlier)s and %(later)s."),
            "overlap_room": _("%(room)s holds two visits at once: %(earlier)s and %(later)s."),
            "overlap_patient": _("%(patient)s has two visits at once: %(earlier)s and %(later)s."),
            "two_days": _("%(patient)s has two sessions too close together: %(earlier)s and %(later)s."),
        }
        return sentences[self.rule] % facts


def _of(visit: Appointment) -> str:
    return _("%(patient)s on %(day)s, %(from)s–%(to)s") % {
        "patient": visit.patient,
        "day": date_format(visit.day, "D j M Y"),
        "from": f"{visit.starts_at:%H:%M}",
        "to": f"{visit.ends_at:%H:%M}",
    }


def breaking_rows() -> dict[str, list[int]]:
    """For each rule the ids of visits that begin while an earlier one still holds (four queries).

    Visits kept as an incident (``breach_reason``) break nothing: they are known.
    """
    found = {}
    with connection.cursor() as cursor:
        for rule in EXCLUSIONS:
            cursor.execute(
                _SWEEP.format(
                    table=APPOINTMENTS, who=rule.who, first=rule.first, last=rule.last, condition=rule.condition
                )
            )
            found[rule.name] = [row[0] for row in cursor.fetchall()]
    return found


def count_of_breaks() -> int:
    """How many visits stand where they may not."""
    return len(set().union(*breaking_rows().values()))


def differences(limit: int = SHOWN) -> list[Difference]:
    """What is wrong, pair by pair, at most ``limit`` of them, the next to come first."""
    rows = breaking_rows()
    wanted = {number for numbers in rows.values() for number in numbers}
    visits = Appointment.objects.with_people().in_bulk(wanted)
    pairs = [pair for rule in EXCLUSIONS for number in rows[rule.name] for pair in _pairs(rule, visits[number])]
    return sorted(pairs, key=lambda pair: -pair.later.starts_min)[:limit]


def _pairs(rule, later: Appointment) -> Iterator[Difference]:
    """The visits that hold while ``later`` begins (one query)."""
    others = Appointment.objects.active().filter(breach_reason="", **{rule.who: getattr(later, rule.who)})
    if rule.name == "two_days":
        others = others.filter(counts_for_gap=True, local_day__lte=later.local_day)
        holding = [each for each in others.with_people() if each.local_day + each.gap_days > later.local_day]
    else:
        holding = others.filter(starts_min__lte=later.starts_min, **{f"{rule.last}__gt": later.starts_min})
        holding = list(holding.with_people())
    for earlier in holding:
        if (getattr(earlier, rule.first), earlier.pk) < (getattr(later, rule.first), later.pk):
            yield Difference(rule.name, earlier, later)
