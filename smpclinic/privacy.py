"""What each stored field may tell about a person. Export, erasure and the audit trail go by this table.

*Personal* identifies a patient or a member of staff or tells about them; *health* tells about a patient's body,
health or treatment; *plain* neither. Keys and relations are not listed: they tell what the rows they point to tell.
A test holds the table against the models, so that a new field cannot be forgotten.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    PERSONAL = "personal"
    HEALTH = "health"
    PLAIN = "plain"


@dataclass(frozen=True)
class Fields:
    """The fields of one model by kind, each a row of names."""

    personal: str = ""
    health: str = ""
    plain: str = ""

    def kinds(self) -> Iterator[tuple[str, Kind]]:
        """Every field's name with its kind."""
        for kind in Kind:
            for name in getattr(self, kind.value).split():
                yield name, kind


FIELDS: dict[str, Fields] = {
    "smpclinic.AuditEntry": Fields(
        personal="actor_label subject_id patient_id", plain="actor_kind at verb subject_type fields details"
    ),
    "smpclinic.AuditValue": Fields(health="before after", plain="field erased_at"),
    "smpclinic.AccessEntry": Fields(personal="actor_label patient_id subject_id address", plain="actor_kind at what"),
    "smpclinic.SealedRecord": Fields(
        health="content", personal="subject_id", plain="kind subject_type content_hash prev mac sealed_at erased_at"
    ),
    "smpclinic.Installation": Fields(plain="mode created_at"),
    "smpclinic.TryCount": Fields(personal="key_hash", plain="bucket tries window_ends_s next_try_s"),
    "smpclinic.Outbox": Fields(
        personal="subject_id second_id",
        plain="kind batch once_key state run_after attempts last_error locked_by locked_at created_at done_at",
    ),
    "smpclinic.WorkerBeat": Fields(plain="started_at seen_at"),
    "smpclinic.ClinicProfile": Fields(
        plain="name phone email address emergency_number time_zone language locale currency paper minimum_age_years"
        " gap_days patients_shared settings"
    ),
    "smpclinic.Location": Fields(plain="name address is_active"),
    "smpclinic.Room": Fields(plain="name equipment cleaning_min is_active"),
    "smpclinic.User": Fields(
        personal="password last_login username first_name last_name email date_joined display_name initials",
        plain="is_superuser is_staff is_active tint",
    ),
    "smpclinic.StaffRole": Fields(personal="role"),
    "smpclinic.Qualification": Fields(personal="title issuer number allows_treatment valid_from valid_until"),
    "smpclinic.Product": Fields(
        plain="kind brand name colour base supplier label_statement safety_sheet safety_sheet_sha256 gtin low_level"
        " months_after_opening drop_ml is_active recalled_at recall_reason"
    ),
    "smpclinic.Lot": Fields(plain="number code expires_on received_on opened_on quantity recalled_at recall_reason"),
    "smpclinic.StockMovement": Fields(personal="actor_label cause", plain="actor_kind kind amount counted reason at"),
    "smpclinic.Text": Fields(plain="key language version title body created_at approved_at"),
    "intake.Patient": Fields(
        personal="record_number full_name preferred_name pronoun born_on sex phone second_phone email address doctor"
        " id_kind id_seen_at may_leave_message may_say_who_we_are may_print_name_on_post emergency_contact language"
        " large_print",
        health="notes",
        plain="created_at",
    ),
    "intake.PatientAlert": Fields(health="words", plain="created_at ended_at"),
    "intake.PatientMerge": Fields(personal="at", plain="moved taken"),
    "intake.SearchTerm": Fields(personal="term"),
    "intake.PatternGrade": Fields(health="scale grade assessed_on note components"),
    "intake.ExistingHair": Fields(
        health="observed_on level measured_colour calibre is_shaved length_mm grey_percent skin_type"
        " head_circumference_cm density_by_zone measured_skin colour_known_by"
    ),
    "intake.Consent": Fields(
        personal="actor_label granted at signed_name signature_strokes signature_png withdrawn_at withdrawn_note",
        plain="actor_kind kind exact_text text_sha256",
    ),
    "intake.PatchTest": Fields(health="site placed_at read_from read_at result reading_note valid_until"),
    "intake.PrivateLink": Fields(
        personal="token_sha256",
        plain="purpose channel created_at sent_at opened_at expires_at used_at revoked_at wrong_tries",
    ),
    "intake.Photo": Fields(health="view taken_at file", plain="sha256 width_px height_px created_at"),
    "intake.PhotoUse": Fields(personal="place begun_at ended_at"),
    "intake.IssuedDocument": Fields(health="title file", plain="kind sha256 text_versions issued_at"),
    "intake.Intake": Fields(health="review_note", plain="state started_at reviewed_at"),
    "intake.IntakeAnswers": Fields(
        personal="actor_label",
        health="reasons onset_on course family_history picture treatments_now treatments_chosen"
        " transplant_on transplant_kind hair_told"
        " wished_look wished_hairline wishes",
        plain="actor_kind number at pages",
    ),
    "intake.HairLossCause": Fields(health="cause group name since until is_ongoing detail"),
    "intake.Medication": Fields(health="name since until is_ongoing"),
    "intake.HealthAnswer": Fields(
        health="question answer detail option started_on on_date is_ongoing", plain="answered_at"
    ),
    "intake.ScreeningRule": Fields(
        plain="code section title question actions asks options asks_date every_session overridable order is_active"
        " number changed_at"
    ),
    "intake.ScreeningRuleVersion": Fields(plain="number content changed_at"),
    "intake.KeptFindings": Fields(personal="actor_label", health="findings", plain="actor_kind occasion at"),
    "intake.ScreeningOverride": Fields(health="rule kind words reason at"),
    "intake.ScreeningClearance": Fields(health="rule note on_date at"),
    "intake.DoctorLetter": Fields(
        personal="doctor",
        health="rule requested_at due_on dated_on received_at answer to_mind possible_from file accepted_at",
        plain="file_sha256",
    ),
    "planning.TreatmentPlan": Fields(health="kind state stopped_reason created_at"),
    "planning.PlanVersion": Fields(
        personal="price_minor price_listed_minor price_reason deposit_minor currency drafted_at approved_at",
        health="session_count look hairline_shape hairline_points hairline_height_mm hairline_on_photo"
        " head_circumference_cm consulted_before long_session_reason note estimate_minutes estimate_working protocol",
        plain="number",
    ),
    "planning.PlanZone": Fields(
        health="zone treatment area_cm2 measured_by length_cm width_cm part_percent among_hair dots_per_cm2 note spot"
        " lighter_reason"
    ),
    "planning.PlannedSession": Fields(health="number is_dropped"),
    "planning.Agreement": Fields(personal="agreed_at"),
    "planning.Appointment": Fields(
        personal="kind starts_min ends_min room_until_min utc_offset_min local_day state breach_reason cancel_reason"
        " cancelled_late arrived_at",
        health="note",
        plain="gap_days counts_for_gap active entered_late sequence booked_at",
    ),
    "planning.LateEntry": Fields(personal="reason", health="file", plain="file_sha256 entered_at"),
    "planning.CallNote": Fields(personal="reason outcome at", plain="sequence"),
    "planning.WaitingWish": Fields(
        personal="kind minutes first_day last_day weekdays part_of_day note", plain="created_at ended_at"
    ),
    "planning.CalendarFeed": Fields(personal="token_sha256", plain="created_at revoked_at"),
    "planning.WeeklyHours": Fields(personal="weekday starts_min ends_min"),
    "planning.VisitKind": Fields(plain="kind minutes needs_qualification"),
    "planning.BookingClosure": Fields(plain="closed_at found reopened_at"),
    "planning.TimeOff": Fields(personal="first_day last_day starts_min ends_min reason"),
    "planning.Payment": Fields(personal="kind amount_minor currency paid_on method note noted_at"),
    "planning.PriceBand": Fields(plain="look up_to_cm2 price_minor currency"),
    "planning.PaceSample": Fields(
        personal="session_number session_id zone needle_group among_hair dots minutes planned_minutes signed_at",
        plain="is_void",
    ),
    "planning.DotsDone": Fields(health="session_id zone dots_per_cm2 performed_on", plain="is_void"),
    "planning.LearnedPace": Fields(
        personal="session_number median low high sessions error_percent", plain="learned_at"
    ),
    "planning.LearnedZone": Fields(plain="zone among_hair needle_group ratio sessions learned_at"),
    "planning.ShadeStep": Fields(plain="number name pigment_ml pigment_drops water_ml is_active"),
    "planning.HealedPhoto": Fields(health="zone skin_type healed_days"),
    "treatment_sessions.TreatmentSession": Fields(
        health="opened_at machine speed_hz voltage_v skin viscosity anaesthetic_on_at anaesthetic_off_at note"
        " signed_at",
        plain="room_cleaned needles_opened_before_patient ink_information_given revision",
    ),
    "treatment_sessions.ZonePass": Fields(
        health="number zone needle_group needle_diameter_mm depth_mm depth_known_by angle_degrees hand_speed pattern"
        " area_cm2 dots_per_cm2 started_at stopped_at pauses note"
    ),
    "treatment_sessions.SessionLot": Fields(health="count"),
    "treatment_sessions.Reaction": Fields(health="kind pain zone note at"),
    "treatment_sessions.Amendment": Fields(
        personal="actor_label", health="kind field text reason at", plain="actor_kind"
    ),
    "treatment_sessions.FollowUp": Fields(health="counted_from months due_on touch_up_on asked_again_on ended_reason"),
    "treatment_sessions.OutcomeCheck": Fields(
        health="counted_from months seen_on look_score satisfaction fading colour dots wants_touch_up note noted_at",
        plain="is_replaced",
    ),
    "treatment_sessions.AdverseEvent": Fields(
        personal="actor_label",
        health="kind severity noticed_on words reported_at closed_at ended_as",
        plain="actor_kind",
    ),
    "treatment_sessions.AdverseEventStep": Fields(personal="actor_label", health="words at", plain="actor_kind"),
    "treatment_sessions.HealthCheck": Fields(health="unchanged today acknowledged healed_well asked_at"),
    "treatment_sessions.SessionPhoto": Fields(health="moment"),
    "treatment_sessions.AppliedChange": Fields(plain="change_id device sequence target field made_at applied_at"),
    "treatment_sessions.PhotoUpload": Fields(
        health="moment view", plain="size_bytes received_bytes fingerprint part_file begun_at"
    ),
    "treatment_sessions.PhotoMarks": Fields(plain="first_x first_y second_x second_y marked_at"),
    "treatment_sessions.PrintBatch": Fields(plain="kind day started_at cancelled_at"),
    "treatment_sessions.PrintPaper": Fields(plain="number kind subject_id state file sha256 problem"),
    "treatment_sessions.SessionDocument": Fields(),
    "treatment_sessions.ReadinessOverride": Fields(health="item reason at"),
    "treatment_sessions.Mix": Fields(health="name diluent_ml mixed_at"),
    "treatment_sessions.MixComponent": Fields(health="ml drops"),
    "treatment_sessions.MixLot": Fields(health="ml"),
    "treatment_sessions.Recall": Fields(
        personal="actor_label", plain="actor_kind all_lots reason at lifted_at lifted_reason"
    ),
    "treatment_sessions.RecallTelling": Fields(personal="actor_label", health="way note at", plain="actor_kind"),
}
