"""Random SQL straight on the guarded table, from several processes: no snapshot ever shows what is forbidden."""

from django.db import DatabaseError, IntegrityError, OperationalError, connection

from planning.models import Appointment
from smpclinic.database.guards import plan_rules, sqlite
from tests import make, sql
from tests.proofs import crowd

PROCESSES = 4
STATEMENTS, FULL_STATEMENTS = 2_400, 40_000
LOOK_EVERY = 40
TABLE = "planning_appointment"


def prove(*, full: bool, sabotage: bool, seed: int) -> dict[str, object]:
    clinic = crowd.Clinic.build()
    if sabotage:
        _put_up_the_plausible_trigger()
    each = (FULL_STATEMENTS if full else STATEMENTS) // PROCESSES

    def work(chance, tell):
        for number in range(each):
            outcome, _ = crowd.timed(lambda: sql.run(*_statement(clinic, chance)))
            tell(_name(outcome))
            if number % LOOK_EVERY == 0:
                tell("snapshots")
                if any(crowd.forbidden().values()):
                    tell("forbidden snapshots")

    counted, _ = crowd.run_together(work, processes=PROCESSES, seed=seed)
    found = crowd.forbidden()
    rows = Appointment.objects.count()
    expected = ("done", "refused", "snapshots", "deadlock")
    unexpected = {name: n for name, n in counted.items() if name not in expected}
    return {
        "broken": any(found.values()) or bool(unexpected) or not rows or not counted["refused"],
        "statements": each * PROCESSES,
        "processes": PROCESSES,
        **dict(counted),
        "rows": rows,
        **found,
    }


def _name(outcome) -> str:
    match outcome:
        case IntegrityError():
            return "refused"
        case OperationalError() if "deadlock" in str(outcome):
            return "deadlock"  # PostgreSQL ends one of two that wait for each other; nothing is stored
        case DatabaseError() if "exclusion" in str(outcome) or "unique" in str(outcome).lower():
            return "refused"
        case Exception():
            return f"{type(outcome).__name__}: {outcome}"[:120]
    return "done"


def _values(clinic, chance) -> dict[str, object]:
    """A row that is right in itself; only its neighbours can be wrong."""
    planned, is_session = chance.choice(clinic.sessions), chance.random() < 0.6
    starts_min, minutes, active = crowd.a_time(chance), chance.choice([30, 60, 120, 240]), chance.random() < 0.75
    return {
        "patient_id": planned.plan.patient_id,
        "practitioner_id": chance.choice(clinic.practitioners).pk,
        "room_id": chance.choice(clinic.rooms).pk,
        "kind": "treatment" if is_session else "consultation",
        "planned_session_id": planned.pk if is_session else None,
        "counts_for_gap": is_session,
        **_times(starts_min, minutes),
        "gap_days": chance.choice([2, 2, 3]),
        "active": active,
        "state": chance.choice(["booked", "done"]) if active else "no_show",
    }


def _times(starts_min: int, minutes: int) -> dict[str, int]:
    return {
        "starts_min": starts_min,
        "ends_min": starts_min + minutes,
        "room_until_min": starts_min + minutes + 15,
        "utc_offset_min": 0,
        "local_day": starts_min // 1440,
    }


REST = {
    "breach_reason": "", "cancel_reason": "", "cancelled_late": False, "note": "", "entered_late": False, "sequence": 0,
    "booked_at": make.MONDAY,
}  # fmt: skip


def _statement(clinic, chance) -> tuple:
    """One statement with its values."""
    conflict = f"OR {chance.choice(CONFLICTS)} " if connection.vendor == "sqlite" and chance.random() < 0.5 else ""
    key, values = chance.choice([-3, -2, -1, -1, 0, *range(1, 26)]), _values(clinic, chance)
    times = _times(values["starts_min"], 60)
    pick = chance.random()
    if pick < 0.3:
        return _insert(conflict, values, chance)
    if pick < 0.45:
        return _insert(conflict, values | {"id": key}, chance)
    if pick < 0.55:
        return _insert("", values | {"id": key}, chance, f"ON CONFLICT (id) DO UPDATE SET {_set(times)}", times)
    if pick < 0.7:
        columns = times | {"active": values["active"], "state": values["state"]}
        return (
            f"UPDATE {conflict}{TABLE} SET {_set(columns)} WHERE id % 7 = %s".replace(" % ", " %% "),
            *columns.values(),
            key % 7,
        )
    if pick < 0.78:
        return f"UPDATE {conflict}{TABLE} SET id = %s WHERE id = %s", key, chance.randint(-3, 25)
    if pick < 0.86:
        true = {"active": True, "state": "done"}
        who = ("practitioner_id", "room_id", "patient_id")[chance.randrange(3)]
        return f"UPDATE {conflict}{TABLE} SET {_set(true)} WHERE {who} = %s", *true.values(), values[who]
    if pick < 0.94:
        return _copied(conflict, chance, key)
    return f"DELETE FROM {TABLE} WHERE id = %s", key


CONFLICTS = ("ROLLBACK", "ABORT", "FAIL", "IGNORE", "REPLACE")


def _insert(conflict, values, chance, ending="", more=None) -> tuple:
    row = {"public_id": f"{chance.getrandbits(128):032x}", **values, **REST}
    places = ", ".join(["%s"] * len(row))
    statement = f"INSERT {conflict}INTO {TABLE} ({', '.join(row)}) VALUES ({places}) {ending}"
    return statement, *row.values(), *(more or {}).values()


def _copied(conflict, chance, key) -> tuple:
    """The same visits once more, some minutes or whole days later."""
    days = chance.choice([0, 0, 1, 2])
    later = days * 1440 + (0 if days else chance.choice([0, 15]))
    columns = {
        "public_id": "%s", "starts_min": f"starts_min + {later}", "ends_min": f"ends_min + {later}",
        "room_until_min": f"room_until_min + {later}", "local_day": f"local_day + {days}",
    }  # fmt: skip
    same = (
        "patient_id",
        "practitioner_id",
        "room_id",
        "kind",
        "planned_session_id",
        "counts_for_gap",
        "utc_offset_min",
    )
    same += ("gap_days", "active", "state", *REST)
    names, taken = ", ".join([*columns, *same]), ", ".join([*columns.values(), *same])
    statement = f"INSERT {conflict}INTO {TABLE} ({names}) SELECT {taken} FROM {TABLE} WHERE id = %s"
    return statement, f"{chance.getrandbits(128):032x}", key


def _set(columns) -> str:
    return ", ".join(f"{column} = %s" for column in columns)


def _put_up_the_plausible_trigger() -> None:
    """What one would write first: "any row but the new one" by its key; on PostgreSQL, look when the times change."""
    if connection.vendor == "sqlite":
        for exclusion in plan_rules.EXCLUSIONS:
            for event in ("insert", "update"):
                name = f"guard_{exclusion.name}_{event}"
                text = sqlite.expected((), (exclusion,))[name].replace(" AND a.id <> OLD.id", "")
                text = text.replace(f"FROM {TABLE} a WHERE", f"FROM {TABLE} a WHERE a.id IS NOT NEW.id AND")
                sql.run(f"DROP TRIGGER {name}")
                sql.run(text)
        return
    for exclusion in plan_rules.EXCLUSIONS:
        sql.run(f"ALTER TABLE {TABLE} DROP CONSTRAINT guard_{exclusion.name}")
        looking = sqlite._overlap(exclusion, "UPDATE").replace("OLD.id", "NEW.id")
        sql.run(
            f"CREATE FUNCTION plausible_{exclusion.name}() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN IF {looking}"
            " THEN RAISE EXCEPTION 'overlap' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END$$"
        )
        sql.run(
            f"CREATE TRIGGER plausible_{exclusion.name} BEFORE INSERT OR UPDATE OF starts_min, ends_min, local_day"
            f" ON {TABLE} FOR EACH ROW EXECUTE FUNCTION plausible_{exclusion.name}()"
        )
