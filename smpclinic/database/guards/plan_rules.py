"""Guards of appointments and plans."""

from smpclinic.database.guards.kinds import (
    ANOTHER_PATIENT,
    DELETE,
    INSERT,
    UPDATE,
    Exclusion,
    Rule,
    frozen_columns,
    frozen_with,
    moved_by_merge,
    never,
)

APPOINTMENTS = "planning_appointment"
# A past visit that already broke a rule is kept as an incident (breach_reason); nothing else escapes.
GUARDED = "active AND breach_reason = ''"
EXCLUSIONS = (
    Exclusion("overlap_practitioner", "practitioner_id", "starts_min", "ends_min", "int8range", GUARDED, "1440"),
    Exclusion("overlap_room", "room_id", "starts_min", "room_until_min", "int8range", GUARDED, "1440"),
    Exclusion("overlap_patient", "patient_id", "starts_min", "ends_min", "int8range", GUARDED, "1440"),
    Exclusion(
        "two_days",
        "patient_id",
        "local_day",
        "local_day + gap_days",
        "int4range",
        f"{GUARDED} AND counts_for_gap",
        "366",
    ),
)
_VERSION_APPROVED = (
    "EXISTS (SELECT 1 FROM planning_planversion v WHERE v.id = {row}.version_id AND v.approved_at IS NOT NULL)"
)
_COUNT_OF_PLAN = (
    "(SELECT v.session_count FROM planning_treatmentplan p JOIN planning_planversion v ON v.id = p.current_version_id"
    " WHERE p.id = {row}.plan_id)"
)

APPOINTMENT_RULES = (
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
        f" OR {ANOTHER_PATIENT} OR NEW.practitioner_id <> OLD.practitioner_id OR NEW.state <> OLD.state"
        " OR NEW.kind <> OLD.kind"
        " OR NEW.planned_session_id IS DISTINCT FROM OLD.planned_session_id)"
        " AND EXISTS (SELECT 1 FROM treatment_sessions_treatmentsession s WHERE s.appointment_id = OLD.id AND s.signed_at IS NOT NULL)",
        "a signed visit is never moved",
    ),
    Rule(
        "appointment_of_merged",
        APPOINTMENTS,
        (INSERT, UPDATE),
        "NEW.active AND EXISTS (SELECT 1 FROM intake_patient p WHERE p.id = NEW.patient_id AND p.merged_into_id IS NOT NULL)",
        "this record was merged into another",
    ),
    never("appointment_kept", APPOINTMENTS, DELETE, message="an appointment is cancelled, never deleted"),
)

PLAN_RULES = (
    never(
        "payment_kept",
        "planning_payment",
        UPDATE,
        DELETE,
        message="a payment is never changed or deleted; it is corrected by an entry against it",
    ),
    Rule(
        "version_session_count",
        "planning_planversion",
        (INSERT, UPDATE),
        "NOT EXISTS (SELECT 1 FROM planning_treatmentplan p WHERE p.id = NEW.plan_id"
        " AND ((p.kind = 'plan' AND NEW.session_count IN (2, 3)) OR (p.kind = 'touch_up' AND NEW.session_count = 1)))",
        "a plan has two or three sessions, a touch-up one",
    ),
    Rule(
        "version_frozen",
        "planning_planversion",
        (UPDATE, DELETE),
        "OLD.approved_at IS NOT NULL",
        "an approved plan is never changed",
    ),
    *frozen_with(
        "planning_planzone", _VERSION_APPROVED, name="zone_frozen", message="an approved plan is never changed"
    ),
    frozen_columns(
        "planning_treatmentplan", ("kind", "parent_plan_id"), name="plan_kind_kept", message="a plan keeps its kind"
    ),
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
    frozen_columns(
        "planning_plannedsession",
        ("plan_id", "number"),
        name="planned_session_same",
        message="a planned session keeps its plan and number",
    ),
    never(
        "planned_session_kept", "planning_plannedsession", DELETE, message="a planned session is dropped, never deleted"
    ),
    moved_by_merge("planning_treatmentplan", "plan"),
    Rule("plan_kept", "planning_treatmentplan", (DELETE,), "OLD.state <> 'draft'", "only a draft may be discarded"),
    Rule(
        "agreement_once_in_force",
        "planning_agreement",
        (INSERT,),
        "EXISTS (SELECT 1 FROM planning_agreement a JOIN intake_consent c ON c.id = a.consent_id"
        " WHERE a.plan_version_id = NEW.plan_version_id AND c.withdrawn_at IS NULL)",
        "this version has an agreement in force",
    ),
    never("agreement_kept", "planning_agreement", UPDATE, DELETE, message="an agreement is never changed"),
)
