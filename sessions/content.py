"""Exactly what a signature stands for: the content of a session record, ready to be sealed."""

import hashlib

from intake.models import Consent, ConsentKind, Patient
from planning.models import Agreement, Appointment, PlanVersion
from sessions.models import Mix, SessionPhoto, TreatmentSession, ZonePass

FORMAT = 1
OWN_FIELDS = (
    "machine",
    "speed_hz",
    "voltage_v",
    "skin",
    "viscosity",
    "room_cleaned",
    "needles_opened_before_patient",
    "ink_information_given",
    "anaesthetic_on_at",
    "anaesthetic_off_at",
    "note",
)


def session_content(session: TreatmentSession) -> dict:
    """The whole record as plain values; sealed as canonical JSON (smpclinic.chain)."""
    plan = session.appointment.planned_session.plan
    return {
        "format": FORMAT,
        "session": session.public_id,
        "patient": _patient(session.appointment.patient),
        "visit": _visit(session.appointment),
        "plan": {"id": plan.public_id, "version": plan.current_version.number},
        "practitioner": {"id": session.practitioner.public_id, "name": str(session.practitioner)},
        **{field: getattr(session, field) for field in OWN_FIELDS},
        "health": _health(session),
        "overrides": [
            {"item": row.item, "reason": row.reason, "by": str(row.by)} for row in session.overrides.order_by("id")
        ],
        "lots": [
            {"lot": str(row.lot), "lot_id": row.lot.public_id, "count": row.count}
            for row in session.lots.select_related("lot__product").order_by("id")
        ],
        "mixes": [_mix(mix) for mix in session.mixes.order_by("id")],
        "passes": [_pass(each) for each in session.passes.select_related("mix").order_by("number")],
        "reactions": [
            {"kind": row.kind, "pain": row.pain, "zone": row.zone, "note": row.note}
            for row in session.reactions.order_by("id")
        ],
        "photos": [_photo(row) for row in session.photos.select_related("photo").order_by("id")],
        "consents": [_consent(row) for row in _consents(session.appointment.patient, plan.current_version)],
    }


def _patient(patient: Patient) -> dict:
    return {
        "id": patient.public_id,
        "record_number": patient.record_number,
        "name": patient.full_name,
        "born_on": patient.born_on,
    }


def _visit(appointment: Appointment) -> dict:
    return {
        "id": appointment.public_id,
        "kind": appointment.kind,
        "number": appointment.planned_session.number,
        "performed_on": appointment.day,
        "starts_at": appointment.starts_at,
        "ends_at": appointment.ends_at,
        "room": str(appointment.room),
        "entered_late": appointment.entered_late,
    }


def _health(session: TreatmentSession) -> dict | None:
    check = getattr(session, "health_check", None)
    if check is None:
        return None
    return {
        "answers": check.answers.public_id if check.answers else None,
        "unchanged": check.unchanged,
        "today": check.today,
        "acknowledged": check.acknowledged,
        "healed_well": check.healed_well,
        "asked_by": str(check.asked_by),
        "asked_at": check.asked_at,
    }


def _mix(mix: Mix) -> dict:
    return {
        "id": mix.public_id,
        "name": mix.name,
        "diluent_ml": mix.diluent_ml,
        "components": [
            {
                "of": str(row.lot or row.leftover),
                "of_id": (row.lot or row.leftover).public_id,
                "ml": row.ml,
                "drops": row.drops,
            }
            for row in mix.components.select_related("lot__product", "leftover").order_by("id")
        ],
        "lots": [
            {"lot": str(row.lot), "lot_id": row.lot.public_id, "ml": row.ml}
            for row in mix.lots.select_related("lot__product").order_by("id")
        ],
    }


def _pass(zone_pass: ZonePass) -> dict:
    return {
        "id": zone_pass.public_id,
        "number": zone_pass.number,
        "zone": zone_pass.zone,
        "needle_group": zone_pass.needle_group,
        "needle_diameter_mm": zone_pass.needle_diameter_mm,
        "depth_mm": zone_pass.depth_mm,
        "depth_known_by": zone_pass.depth_known_by,
        "angle_degrees": zone_pass.angle_degrees,
        "mix": zone_pass.mix.public_id if zone_pass.mix else None,
        "hand_speed": zone_pass.hand_speed,
        "pattern": zone_pass.pattern,
        "area_cm2": zone_pass.area_cm2,
        "dots_per_cm2": zone_pass.dots_per_cm2,
        "started_at": zone_pass.started_at,
        "stopped_at": zone_pass.stopped_at,
        "pauses": zone_pass.pauses,
        "note": zone_pass.note,
    }


def _photo(row: SessionPhoto) -> dict:
    return {"id": row.photo.public_id, "moment": row.moment, "view": row.photo.view, "sha256": row.photo.sha256}


def _consents(patient: Patient, version: PlanVersion) -> list[Consent]:
    """What the treatment rests on: the agreement to this version, and the consent to photos (two queries)."""
    agreement = Agreement.objects.in_force().newest_of(version)
    photos = patient.consents.in_force().filter(kind=ConsentKind.PHOTOS_RECORD).first()
    return [consent for consent in (agreement and agreement.consent, photos) if consent]


def _consent(row: Consent) -> dict:
    return {
        "id": row.public_id,
        "kind": row.kind,
        "granted": row.granted,
        "text_sha256": hashlib.sha256(row.exact_text.encode()).hexdigest(),
        "at": row.at,
    }
