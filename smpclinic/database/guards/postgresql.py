"""The guards as PostgreSQL exclusion constraints and row triggers, one function a rule."""

from smpclinic.database.guards.kinds import DELETE, Exclusion, Rule
from smpclinic.database.guards.rules import APPOINTMENTS, KEPT_WHOLE

NOW_MIN = "floor(extract(epoch FROM now()) / 60)"
PREFIX = "guard_"
_TRUNCATE_BODY = "BEGIN RAISE EXCEPTION 'this table is never emptied' USING ERRCODE = 'check_violation'; END"


def create_statements(rules, exclusions):
    yield "CREATE EXTENSION IF NOT EXISTS btree_gist"
    for exclusion in exclusions:
        yield f"ALTER TABLE {APPOINTMENTS} ADD CONSTRAINT {PREFIX}{exclusion.name} {_exclusion(exclusion)}"
    for rule in _ours(rules):
        yield f"CREATE FUNCTION {PREFIX}{rule.name}() RETURNS trigger LANGUAGE plpgsql AS $guard${_body(rule)}$guard$"
        yield _trigger(rule)
    yield f"CREATE FUNCTION {PREFIX}no_truncate() RETURNS trigger LANGUAGE plpgsql AS $guard${_TRUNCATE_BODY}$guard$"
    for table in KEPT_WHOLE:
        yield _truncate_trigger(table)


def drop_statements(names):
    """A function takes its triggers along; what is neither is a constraint."""
    triggers = set()
    for name in names:
        if name.endswith("()"):
            triggers |= {name[:-2]}
            yield f"DROP FUNCTION {name} CASCADE"
    for name in names:
        if not name.endswith("()") and name not in triggers and not name.startswith(f"{PREFIX}whole_"):
            yield f"ALTER TABLE {APPOINTMENTS} DROP CONSTRAINT IF EXISTS {name}"


def standing(cursor) -> dict[str, str]:
    """What the catalogue says of our constraints, enabled triggers and the bodies of their functions."""
    cursor.execute(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conname LIKE 'guard\\_%' AND contype = 'x'"
        " UNION ALL SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname LIKE 'guard\\_%' AND tgenabled = 'O'"
        " AND NOT tgisinternal"
        " UNION ALL SELECT proname || '()', prosrc FROM pg_proc WHERE proname LIKE 'guard\\_%'"
    )
    return {name: _one_space(definition) for name, definition in cursor.fetchall()}


def expected(rules, exclusions) -> dict[str, str]:
    found = {f"{PREFIX}{exclusion.name}": _as_catalogued(exclusion) for exclusion in exclusions}
    for rule in _ours(rules):
        found[f"{PREFIX}{rule.name}"] = _trigger(rule, schema="public.")
        found[f"{PREFIX}{rule.name}()"] = _one_space(_body(rule))
    found[f"{PREFIX}no_truncate()"] = _TRUNCATE_BODY
    for table in KEPT_WHOLE:
        found[f"{PREFIX}whole_{table}"] = _truncate_trigger(table, schema="public.")
    return found


def _ours(rules):
    return [rule for rule in rules if rule.only != "sqlite"]


def _exclusion(exclusion: Exclusion) -> str:
    overlap = f"{exclusion.range_type}({exclusion.first}, {exclusion.last})"
    return f"EXCLUDE USING gist ({exclusion.who} WITH =, {overlap} WITH &&) WHERE ({exclusion.condition})"


def _as_catalogued(exclusion: Exclusion) -> str:
    """The same constraint in the words of pg_get_constraintdef, which adds brackets and casts."""
    words = {"local_day + gap_days": "(local_day + gap_days)"}
    overlap = f"{exclusion.range_type}({exclusion.first}, {words.get(exclusion.last, exclusion.last)})"
    condition = "active AND ((breach_reason)::text = ''::text)"
    if "counts_for_gap" in exclusion.condition:
        condition += " AND counts_for_gap"
    return f"EXCLUDE USING gist ({exclusion.who} WITH =, {overlap} WITH &&) WHERE (({condition}))"


def _body(rule: Rule) -> str:
    condition = rule.refused_when.replace("{now_min}", NOW_MIN)
    row = "OLD" if rule.events == (DELETE,) else "COALESCE(NEW, OLD)" if DELETE in rule.events else "NEW"
    return (
        f"BEGIN IF {condition} THEN RAISE EXCEPTION '{rule.message}' USING ERRCODE = 'check_violation',"
        f" CONSTRAINT = '{PREFIX}{rule.name}'; END IF; RETURN {row}; END"
    )


def _trigger(rule: Rule, schema: str = "") -> str:
    events = " OR ".join(sorted(rule.events, key=_CATALOGUE_ORDER.index))
    return f"CREATE TRIGGER {PREFIX}{rule.name} BEFORE {events} ON {schema}{rule.table} FOR EACH ROW EXECUTE FUNCTION {PREFIX}{rule.name}()"


_CATALOGUE_ORDER = ("INSERT", "DELETE", "UPDATE")


def _truncate_trigger(table: str, schema: str = "") -> str:
    return (
        f"CREATE TRIGGER {PREFIX}whole_{table} BEFORE TRUNCATE ON {schema}{table}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {PREFIX}no_truncate()"
    )


def _one_space(text: str) -> str:
    return " ".join(text.split())
