"""The rules themselves, written once in SQL that both databases read alike.

A rule refuses an event on a table while its condition holds. ``{now_min}`` stands for the present minute since 1970.
Exclusions (nobody and nothing in two places at once, two days between a patient's sessions) are GiST constraints on
PostgreSQL and triggers on SQLite.
"""

from dataclasses import dataclass

INSERT, UPDATE, DELETE = "INSERT", "UPDATE", "DELETE"


@dataclass(frozen=True)
class Rule:
    name: str
    table: str
    events: tuple[str, ...]
    refused_when: str
    message: str
    only: str = ""  # "sqlite" where the other database needs no such rule


@dataclass(frozen=True)
class Exclusion:
    """No two active rows of the guarded table with the same ``who`` may overlap in [``first``, ``last``)."""

    name: str
    who: str
    first: str
    last: str
    range_type: str
    condition: str
    furthest_apart: str  # SQLite: how far before the new row's first another row's may lie and still overlap


APPOINTMENTS = "planning_appointment"
# A past visit that already broke a rule is kept as an incident (breach_reason); nothing else escapes.
GUARDED = "active AND breach_reason = ''"
EXCLUSIONS = (
    Exclusion("overlap_practitioner", "practitioner_id", "starts_min", "ends_min", "int8range", GUARDED, "1440"),
    Exclusion("overlap_room", "room_id", "starts_min", "room_until_min", "int8range", GUARDED, "1440"),
    Exclusion("overlap_patient", "patient_id", "starts_min", "ends_min", "int8range", GUARDED, "1440"),
    Exclusion("two_days", "patient_id", "local_day", "local_day + gap_days", "int4range", f"{GUARDED} AND counts_for_gap", "366"),
)


def never(name: str, table: str, *events: str, message: str) -> Rule:
    return Rule(name, table, events, "1 = 1", message)


def frozen_columns(table: str, columns: tuple[str, ...], *, name: str, message: str) -> Rule:
    """Refuse an update that changes any of ``columns``."""
    changed = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in columns)
    return Rule(name, table, (UPDATE,), changed, message)


def frozen_with(table: str, parent_is_sealed: str, *, name: str, message: str) -> tuple[Rule, ...]:
    """Refuse every change of rows whose parent is sealed. ``parent_is_sealed`` uses {row} for NEW or OLD."""
    return (
        Rule(f"{name}_ins", table, (INSERT,), parent_is_sealed.format(row="NEW"), message),
        Rule(f"{name}_upd", table, (UPDATE,), f"{parent_is_sealed.format(row='NEW')} OR {parent_is_sealed.format(row='OLD')}", message),
        Rule(f"{name}_del", table, (DELETE,), parent_is_sealed.format(row="OLD"), message),
    )


_SESSION_SIGNED = "EXISTS (SELECT 1 FROM treatment_sessions_treatmentsession s WHERE s.id = {row}.session_id AND s.signed_at IS NOT NULL)"
# A mix is fixed once the session it was made in is signed, or any session that used it.
_MIX_USED_SIGNED = (
    "EXISTS (SELECT 1 FROM treatment_sessions_zonepass z JOIN treatment_sessions_treatmentsession s ON s.id = z.session_id"
    " WHERE z.mix_id = {row}.%s AND s.signed_at IS NOT NULL)"
)
_MIX_SIGNED = (
    "(EXISTS (SELECT 1 FROM treatment_sessions_mix m JOIN treatment_sessions_treatmentsession s ON s.id = m.session_id"
    " WHERE m.id = {row}.mix_id AND s.signed_at IS NOT NULL)"
    f" OR {_MIX_USED_SIGNED % 'mix_id'})"
)
_VERSION_APPROVED = "EXISTS (SELECT 1 FROM planning_planversion v WHERE v.id = {row}.version_id AND v.approved_at IS NOT NULL)"
_COUNT_OF_PLAN = (
    "(SELECT v.session_count FROM planning_treatmentplan p JOIN planning_planversion v ON v.id = p.current_version_id"
    " WHERE p.id = {row}.plan_id)"
)
_SIGNED = "a signed record is never changed"
_ANSWERED = "answers are never changed; a correction is a new version"

_APPOINTMENTS = (
    Rule(
        "appointment_integers",
        APPOINTMENTS,
        (INSERT, UPDATE),
        "typeof(NEW.starts_min) <> 'integer' OR typeof(NEW.ends_min) <> 'integer' OR typeof(NEW.room_until_min) <> 'integer'"
        " OR typeof(NEW.local_day) <> 'integer' OR typeof(NEW.gap_days) <> 'integer' OR NEW.active NOT IN (0, 1)"
        " OR NEW.counts_for_gap NOT IN (0, 1)",
        "appointment times are whole minutes and days",
        only="sqlite",
    ),
    Rule(
        "appointment_of_its_plan",
        APPOINTMENTS,
        (INSERT, UPDATE),
        "NEW.planned_session_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM planning_plannedsession s"
        " JOIN planning_treatmentplan p ON p.id = s.plan_id WHERE s.id = NEW.planned_session_id AND p.patient_id = NEW.patient_id"
        " AND ((p.kind = 'plan' AND NEW.kind = 'treatment') OR (p.kind = 'touch_up' AND NEW.kind = 'touch_up')))",
        "the appointment and its plan name different patients or kinds",
    ),
    Rule(
        "appointment_session_dropped",
        APPOINTMENTS,
        (INSERT, UPDATE),
        "NEW.active AND EXISTS (SELECT 1 FROM planning_plannedsession s WHERE s.id = NEW.planned_session_id AND s.is_dropped)",
        "this session is no longer part of the plan",
    ),
    Rule(
        "appointment_breach_past",
        APPOINTMENTS,
        (INSERT, UPDATE),
        "NEW.breach_reason <> '' AND NEW.ends_min > {now_min}",
        "only a past visit may be kept as an incident",
    ),
    Rule(
        "appointment_performed",
        APPOINTMENTS,
        (UPDATE,),
        "(NEW.starts_min <> OLD.starts_min OR NEW.ends_min <> OLD.ends_min OR NEW.local_day <> OLD.local_day"
        " OR NEW.patient_id <> OLD.patient_id OR NEW.practitioner_id <> OLD.practitioner_id OR NEW.state <> OLD.state"
        " OR NEW.kind <> OLD.kind"
        " OR NEW.planned_session_id IS DISTINCT FROM OLD.planned_session_id)"
        " AND EXISTS (SELECT 1 FROM treatment_sessions_treatmentsession s WHERE s.appointment_id = OLD.id AND s.signed_at IS NOT NULL)",
        "a signed visit is never moved",
    ),
    never("appointment_kept", APPOINTMENTS, DELETE, message="an appointment is cancelled, never deleted"),
)

_PLANS = (
    Rule(
        "version_session_count",
        "planning_planversion",
        (INSERT, UPDATE),
        "NOT EXISTS (SELECT 1 FROM planning_treatmentplan p WHERE p.id = NEW.plan_id"
        " AND ((p.kind = 'plan' AND NEW.session_count IN (2, 3)) OR (p.kind = 'touch_up' AND NEW.session_count = 1)))",
        "a plan has two or three sessions, a touch-up one",
    ),
    Rule("version_frozen", "planning_planversion", (UPDATE, DELETE), "OLD.approved_at IS NOT NULL", "an approved plan is never changed"),
    *frozen_with("planning_planzone", _VERSION_APPROVED, name="zone_frozen", message="an approved plan is never changed"),
    frozen_columns("planning_treatmentplan", ("kind", "parent_plan_id"), name="plan_kind_kept", message="a plan keeps its kind"),
    Rule(
        "plan_current_version",
        "planning_treatmentplan",
        (INSERT, UPDATE),
        "NEW.current_version_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM planning_planversion v"
        " WHERE v.id = NEW.current_version_id AND v.plan_id = NEW.id AND v.approved_at IS NOT NULL)",
        "the current version is an approved one of this plan",
    ),
    Rule(
        "plan_version_kept",
        "planning_treatmentplan",
        (UPDATE,),
        "OLD.current_version_id IS NOT NULL AND NEW.current_version_id IS NULL",
        "an approved plan is never a draft again",
    ),
    Rule(
        "plan_sessions_fit_version",
        "planning_treatmentplan",
        (UPDATE,),
        "NEW.current_version_id IS NOT NULL AND EXISTS (SELECT 1 FROM planning_plannedsession s"
        " JOIN planning_planversion v ON v.id = NEW.current_version_id"
        " WHERE s.plan_id = NEW.id AND NOT s.is_dropped AND s.number > v.session_count)",
        "the plan has more sessions than its version says",
    ),
    Rule(
        "planned_session_number",
        "planning_plannedsession",
        (INSERT, UPDATE),
        f"NOT NEW.is_dropped AND NEW.number IS NOT NULL AND NEW.number > COALESCE({_COUNT_OF_PLAN.format(row='NEW')}, 0)",
        "the current version has fewer sessions",
    ),
    Rule(
        "planned_session_dropped_free",
        "planning_plannedsession",
        (UPDATE,),
        "NEW.is_dropped AND EXISTS (SELECT 1 FROM planning_appointment a WHERE a.planned_session_id = NEW.id AND a.active)",
        "this session has an appointment",
    ),
    frozen_columns("planning_plannedsession", ("plan_id", "number"), name="planned_session_same", message="a planned session keeps its plan and number"),
    never("planned_session_kept", "planning_plannedsession", DELETE, message="a planned session is dropped, never deleted"),
    Rule("plan_kept", "planning_treatmentplan", (DELETE,), "OLD.state <> 'draft'", "only a draft may be discarded"),
    never("agreement_kept", "planning_agreement", UPDATE, DELETE, message="an agreement is never changed"),
)

_PEOPLE = (
    never("patient_kept", "intake_patient", DELETE, message="a patient is never deleted"),
    never("consent_kept", "intake_consent", DELETE, message="a consent is withdrawn, never deleted"),
    frozen_columns(
        "intake_consent",
        (
            *("public_id", "kind", "granted", "text_id", "exact_text", "text_sha256", "at", "witness_id", "signed_name"),
            *("signature_strokes", "signature_png", "actor_kind", "actor_user_id", "actor_label"),
        ),
        name="consent_frozen",
        message="what was signed is never changed",
    ),
    Rule(
        "consent_withdrawal_kept",
        "intake_consent",
        (UPDATE,),
        "OLD.withdrawn_at IS NOT NULL AND (NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at OR NEW.withdrawn_note <> OLD.withdrawn_note)",
        "a withdrawn consent is given anew, never revived",
    ),
    never("document_kept", "intake_issueddocument", DELETE, message="an issued paper is kept"),
    frozen_columns(
        "intake_issueddocument",
        ("public_id", "kind", "title", "file", "sha256", "text_versions", "issued_at", "issued_by_id"),
        name="document_frozen",
        message="an issued paper is never changed",
    ),
    never("answers_frozen", "intake_intakeanswers", UPDATE, DELETE, message=_ANSWERED),
    never("cause_frozen", "intake_hairlosscause", UPDATE, DELETE, message=_ANSWERED),
    never("medication_frozen", "intake_medication", UPDATE, DELETE, message=_ANSWERED),
    never("health_answer_frozen", "intake_healthanswer", UPDATE, DELETE, message=_ANSWERED),
)

_TRAIL = (
    never("audit_kept", "smpclinic_auditentry", UPDATE, DELETE, message="the trail is never changed"),
    never("access_kept", "smpclinic_accessentry", UPDATE, DELETE, message="the trail is never changed"),
    Rule(
        "text_frozen",
        "smpclinic_text",
        (UPDATE, DELETE),
        "OLD.approved_at IS NOT NULL",
        "an approved text is never changed; a new wording is a new version",
    ),
    never("installation_kept", "smpclinic_installation", UPDATE, DELETE, message="demo and clinic never change places"),
    never("audit_value_kept", "smpclinic_auditvalue", DELETE, message="the trail is never changed"),
    Rule(
        "audit_value_frozen",
        "smpclinic_auditvalue",
        (UPDATE,),
        "NOT (OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL AND NEW.before = '' AND NEW.after = ''"
        " AND NEW.entry_id = OLD.entry_id AND NEW.field = OLD.field)",
        "the trail is never changed",
    ),
    never("sealed_kept", "smpclinic_sealedrecord", DELETE, message=_SIGNED),
    Rule(
        "sealed_frozen",
        "smpclinic_sealedrecord",
        (UPDATE,),
        "NOT (OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL AND NEW.content = '' AND NEW.id = OLD.id AND NEW.kind = OLD.kind"
        " AND NEW.subject_type = OLD.subject_type AND NEW.subject_id = OLD.subject_id AND NEW.content_hash = OLD.content_hash"
        " AND NEW.prev = OLD.prev AND NEW.mac = OLD.mac AND NEW.sealed_at = OLD.sealed_at)",
        _SIGNED,
    ),
)

_RECORDS = (
    Rule("session_frozen", "treatment_sessions_treatmentsession", (UPDATE, DELETE), "OLD.signed_at IS NOT NULL", _SIGNED),
    *frozen_with("treatment_sessions_zonepass", _SESSION_SIGNED, name="pass_frozen", message=_SIGNED),
    *frozen_with("treatment_sessions_sessionlot", _SESSION_SIGNED, name="session_lot_frozen", message=_SIGNED),
    *frozen_with("treatment_sessions_reaction", _SESSION_SIGNED, name="reaction_frozen", message=_SIGNED),
    *frozen_with("treatment_sessions_healthcheck", _SESSION_SIGNED, name="health_check_frozen", message=_SIGNED),
    *frozen_with("treatment_sessions_readinessoverride", _SESSION_SIGNED, name="override_frozen", message=_SIGNED),
    *frozen_with(
        "treatment_sessions_mix", f"({_SESSION_SIGNED} OR {_MIX_USED_SIGNED % 'id'})", name="mix_frozen", message=_SIGNED
    ),
    *frozen_with("treatment_sessions_mixcomponent", _MIX_SIGNED, name="mix_component_frozen", message=_SIGNED),
    *frozen_with("treatment_sessions_mixlot", _MIX_SIGNED, name="mix_lot_frozen", message=_SIGNED),
    # A healed photo may join a signed session later; what is there stays.
    Rule(
        "session_photo_frozen",
        "treatment_sessions_sessionphoto",
        (UPDATE, DELETE),
        _SESSION_SIGNED.format(row="OLD"),
        _SIGNED,
    ),
    Rule(
        "session_document_frozen",
        "treatment_sessions_sessiondocument",
        (UPDATE, DELETE),
        _SESSION_SIGNED.format(row="OLD"),
        _SIGNED,
    ),
    Rule(
        "amendment_of_signed",
        "treatment_sessions_amendment",
        (INSERT,),
        f"NOT {_SESSION_SIGNED.format(row='NEW')}",
        "only a signed record is amended",
    ),
    never("amendment_kept", "treatment_sessions_amendment", UPDATE, DELETE, message=_SIGNED),
)

RULES = _APPOINTMENTS + _PLANS + _PEOPLE + _TRAIL + _RECORDS
TABLES = {rule.table for rule in RULES}
# Emptying these in one statement would pass the row triggers by.
KEPT_WHOLE = tuple(sorted({rule.table for rule in RULES if DELETE in rule.events}))
