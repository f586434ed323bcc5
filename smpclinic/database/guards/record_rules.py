"""Guards of what was signed, issued, answered or logged."""

from smpclinic.database.guards.kinds import (
    DELETE,
    INSERT,
    UPDATE,
    Rule,
    frozen_columns,
    frozen_with,
    moved_by_merge,
    never,
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
_SIGNED = "a signed record is never changed"
_FOUND = "what was found on a day stays as it was found"
_REPORTED = "what was reported stays; what is new is added beside it"
_JUDGED = "a result stays as it was judged"
_ANSWERED = "answers are never changed; a correction is a new version"

_RECALLED = "EXISTS (SELECT 1 FROM smpclinic_lot l WHERE l.id = NEW.lot_id AND l.recalled_at IS NOT NULL)"
# A past visit must stay recordable as it was, or a later recall could not find its patient.
_OF_PAST_VISIT = (
    "EXISTS (SELECT 1 FROM treatment_sessions_treatmentsession s JOIN planning_appointment a ON a.id = s.appointment_id"
    " WHERE s.id = {session} AND a.entered_late)"
)
_ON_RECALL = "a lot on recall is not used"
RECALL_RULES = (
    Rule(
        "recalled_lot_not_mixed",
        "treatment_sessions_mixlot",
        (INSERT,),
        f"{_RECALLED} AND NOT "
        + _OF_PAST_VISIT.format(session="(SELECT m.session_id FROM treatment_sessions_mix m WHERE m.id = NEW.mix_id)"),
        _ON_RECALL,
    ),
    Rule(
        "recalled_lot_not_used",
        "treatment_sessions_sessionlot",
        (INSERT,),
        f"{_RECALLED} AND NOT {_OF_PAST_VISIT.format(session='NEW.session_id')}",
        _ON_RECALL,
    ),
    *(
        Rule(
            f"recalled_mix_not_{name}",
            "treatment_sessions_zonepass",
            (event,),
            f"{condition}EXISTS (SELECT 1 FROM treatment_sessions_mixlot x JOIN smpclinic_lot l ON l.id = x.lot_id"
            f" WHERE x.mix_id = NEW.mix_id AND l.recalled_at IS NOT NULL)"
            f" AND NOT {_OF_PAST_VISIT.format(session='NEW.session_id')}",
            _ON_RECALL,
        )
        for name, event, condition in (
            ("taken", INSERT, ""),
            ("taken_later", UPDATE, "NEW.mix_id IS DISTINCT FROM OLD.mix_id AND "),
        )
    ),
    never("recall_kept", "treatment_sessions_recall", DELETE, message="a recall is lifted, never deleted"),
    never("telling_kept", "treatment_sessions_recalltelling", DELETE, message="who was told stays written down"),
    frozen_columns(
        "treatment_sessions_recalltelling",
        ("recall_id", "way", "note", "at", "actor_kind", "actor_user_id", "actor_label"),
        name="telling_frozen",
        message="who was told stays written down",
    ),
    moved_by_merge("treatment_sessions_recalltelling", "telling"),
)

PEOPLE_RULES = (
    never("patient_kept", "intake_patient", DELETE, message="a patient is never deleted"),
    never("alert_kept", "intake_patientalert", DELETE, message="an alert is ended, never deleted"),
    never("merge_kept", "intake_patientmerge", UPDATE, DELETE, message="a merge is never undone"),
    Rule(
        "merge_of_current",
        "intake_patientmerge",
        (INSERT,),
        "EXISTS (SELECT 1 FROM intake_patient p WHERE p.id IN (NEW.winner_id, NEW.loser_id) AND p.merged_into_id IS NOT NULL)",
        "a record that was merged is not merged again",
    ),
    # A record merged before follows its winner into the next; nothing else ever changes where it went.
    Rule(
        "patient_merged_by_merge",
        "intake_patient",
        (UPDATE,),
        "NEW.merged_into_id IS DISTINCT FROM OLD.merged_into_id AND NOT EXISTS (SELECT 1 FROM intake_patientmerge m"
        " WHERE m.loser_id = COALESCE(OLD.merged_into_id, OLD.id) AND m.winner_id = NEW.merged_into_id)",
        "a record is merged by a merge alone",
    ),
    # What stayed behind would no longer hold the two days between sessions of this person.
    Rule(
        "patient_merged_empty",
        "intake_patient",
        (UPDATE,),
        "NEW.merged_into_id IS NOT NULL AND OLD.merged_into_id IS NULL"
        " AND EXISTS (SELECT 1 FROM planning_appointment a WHERE a.patient_id = NEW.id AND a.active)",
        "a merged record keeps no appointment",
    ),
    moved_by_merge("intake_consent", "consent"),
    moved_by_merge("intake_issueddocument", "document"),
    moved_by_merge("intake_intake", "intake"),
    never("consent_kept", "intake_consent", DELETE, message="a consent is withdrawn, never deleted"),
    frozen_columns(
        "intake_consent",
        (
            *(
                "public_id",
                "kind",
                "granted",
                "text_id",
                "exact_text",
                "text_sha256",
                "at",
                "witness_id",
                "signed_name",
            ),
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
    never(
        "rule_version_kept",
        "intake_screeningruleversion",
        UPDATE,
        DELETE,
        message="a screening rule is given a new version, never changed",
    ),
    never("findings_kept", "intake_keptfindings", DELETE, message=_FOUND),
    frozen_columns(
        "intake_keptfindings",
        ("occasion", "at", "findings", "actor_kind", "actor_user_id", "actor_label"),
        name="findings_frozen",
        message=_FOUND,
    ),
    moved_by_merge("intake_keptfindings", "findings"),
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

TRAIL_RULES = (
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
    never(
        "stock_movement_kept", "smpclinic_stockmovement", UPDATE, DELETE, message="the ledger of a lot is never changed"
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

RECORD_RULES = (
    Rule(
        "session_frozen", "treatment_sessions_treatmentsession", (UPDATE, DELETE), "OLD.signed_at IS NOT NULL", _SIGNED
    ),
    *frozen_with("treatment_sessions_zonepass", _SESSION_SIGNED, name="pass_frozen", message=_SIGNED),
    *frozen_with("treatment_sessions_sessionlot", _SESSION_SIGNED, name="session_lot_frozen", message=_SIGNED),
    *frozen_with("treatment_sessions_reaction", _SESSION_SIGNED, name="reaction_frozen", message=_SIGNED),
    *frozen_with("treatment_sessions_healthcheck", _SESSION_SIGNED, name="health_check_frozen", message=_SIGNED),
    *frozen_with("treatment_sessions_readinessoverride", _SESSION_SIGNED, name="override_frozen", message=_SIGNED),
    *frozen_with(
        "treatment_sessions_mix",
        f"({_SESSION_SIGNED} OR {_MIX_USED_SIGNED % 'id'})",
        name="mix_frozen",
        message=_SIGNED,
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
    never(
        "applied_change_kept",
        "treatment_sessions_appliedchange",
        UPDATE,
        DELETE,
        message="a change that was made is never forgotten",
    ),
    never("amendment_kept", "treatment_sessions_amendment", UPDATE, DELETE, message=_SIGNED),
    never("event_kept", "treatment_sessions_adverseevent", DELETE, message=_REPORTED),
    frozen_columns(
        "treatment_sessions_adverseevent",
        (
            *("public_id", "session_id", "kind", "severity", "noticed_on", "words", "reported_at"),
            *("actor_kind", "actor_user_id", "actor_label"),
        ),
        name="event_frozen",
        message=_REPORTED,
    ),
    moved_by_merge("treatment_sessions_adverseevent", "event"),
    never("event_step_kept", "treatment_sessions_adverseeventstep", UPDATE, DELETE, message=_REPORTED),
    never("outcome_kept", "treatment_sessions_outcomecheck", DELETE, message=_JUDGED),
    frozen_columns(
        "treatment_sessions_outcomecheck",
        (
            *("public_id", "plan_id", "counted_from", "months", "seen_on", "look_score", "satisfaction", "fading"),
            *("colour", "dots", "wants_touch_up", "note", "noted_at", "noted_by_id"),
        ),
        name="outcome_frozen",
        message=_JUDGED,
    ),
)
