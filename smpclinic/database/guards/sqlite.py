"""The guards as SQLite triggers. Only SQLite's own functions and integers: the schema is not trusted with others."""

from smpclinic.database.guards.kinds import INSERT, UPDATE, Exclusion, Rule
from smpclinic.database.guards.rules import APPOINTMENTS

NOW_MIN = "(CAST(strftime('%s', 'now') AS INTEGER) / 60)"
PREFIX = "guard_"


def create_statements(rules, exclusions):
    yield from expected(rules, exclusions).values()


def drop_statements(names):
    yield from (f"DROP TRIGGER {name}" for name in names)


def standing(cursor) -> dict[str, str]:
    """Every trigger called a guard, by name, with its SQL (SQLite knows no disabled ones)."""
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'guard\\_%' ESCAPE '\\'")
    return dict(cursor.fetchall())


def expected(rules, exclusions) -> dict[str, str]:
    """Every trigger by name, with the exact SQL that sqlite_master keeps."""
    triggers = {}
    for rule in rules:
        for event in rule.events:
            name = f"{PREFIX}{rule.name}_{event.lower()}"
            triggers[name] = _trigger(name, rule.table, event, _condition(rule), rule.message)
    for exclusion in exclusions:
        for event in (INSERT, UPDATE):
            name = f"{PREFIX}{exclusion.name}_{event.lower()}"
            triggers[name] = _trigger(name, APPOINTMENTS, event, _overlap(exclusion, event), exclusion.name)
    return triggers


def _trigger(name: str, table: str, event: str, condition: str, message: str) -> str:
    return (
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {condition} BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )


def _condition(rule: Rule) -> str:
    return rule.refused_when.replace("{now_min}", NOW_MIN)


def _overlap(exclusion: Exclusion, event: str) -> str:
    """Whether another guarded row overlaps the new one.

    On INSERT no row is left out: NEW.id is -1 there, so "any but NEW.id" would leave out none anyway and hide the
    row that INSERT OR REPLACE is about to remove. On UPDATE the row itself is known by OLD.id.
    """
    itself = " AND a.id <> OLD.id" if event == UPDATE else ""
    new_first, new_last = _of("NEW", exclusion.first), _of("NEW", exclusion.last)
    first, last = _of("a", exclusion.first), _of("a", exclusion.last)
    return (
        f"{_of('NEW', exclusion.condition)} AND EXISTS (SELECT 1 FROM {APPOINTMENTS} a WHERE {_of('a', exclusion.condition)}"
        f" AND a.{exclusion.who} = NEW.{exclusion.who} AND {first} > {new_first} - {exclusion.furthest_apart}"
        f" AND {first} < {new_last} AND {new_first} < {last}{itself})"
    )


_COLUMNS = (
    "starts_min",
    "ends_min",
    "room_until_min",
    "local_day",
    "gap_days",
    "active",
    "breach_reason",
    "counts_for_gap",
)


def _of(row: str, expression: str) -> str:
    return " ".join(f"{row}.{word}" if word in _COLUMNS else word for word in expression.split())
