"""The care sheet as a paper: gathered, drawn, kept as issued, printed again byte for byte."""

import hashlib
from datetime import UTC, date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from intake.models import IssuedDocument
from intake.own_session import language_of
from planning.hours import closed_days
from planning.models import Appointment
from planning.plan_map import AMONG, BARE, scalp_map
from sessions.actions.signing import last_stop_of
from sessions.aftercare import CareFacts, CareProtocol, care_sheet, earliest_next_session
from sessions.aftercare_texts import Look
from sessions.models import SessionDocument, TreatmentSession
from sessions.treated import zone_name
from smpclinic import audit, chain, storage
from smpclinic.actors import Actor
from smpclinic.languages import patients_language
from smpclinic.letterhead import letterhead
from smpclinic.local_dates import date_format
from smpclinic.models import ClinicProfile
from smpclinic.pdf import render_pdf
from smpclinic.qr import LONGEST_PHONE, qr_drawing
from smpclinic.saving import save_checked

KIND = "care_sheet"
TEMPLATE = "pdf/care_sheet.html"
CLOSED_DAYS_AHEAD = 40


def issued_sheet(session: TreatmentSession) -> IssuedDocument | None:
    """The newest care sheet issued for a session."""
    rows = session.documents.filter(document__kind=KIND).select_related("document").order_by("-document__id")
    return rows[0].document if rows else None


def is_out_of_date(session: TreatmentSession, document: IssuedDocument) -> bool:
    """Whether what the sheet says has changed since it was issued: another next session, another print size."""
    return _facts_hash(session) not in document.text_versions


def issue_care_sheet(session: TreatmentSession, *, by: Actor) -> IssuedDocument:
    """Draw the sheet and keep it as issued. Only of a signed record: what it says must be what was done."""
    if not session.is_signed:
        raise ValidationError(_("Sign the record first: the sheet says what was done."))
    # Drawn before the transaction: nobody waits for the write lock while a paper is made.
    language = language_of(session.patient)
    with override(language):
        sheet = sheet_of(session)
    content = render_pdf(TEMPLATE, sheet, language=language, paper=paper_of_clinic())
    stored = storage.store(content, folder="documents", suffix="pdf")
    return _keep(session, stored, by)


@transaction.atomic
def _keep(session: TreatmentSession, stored: storage.StoredFile, by: Actor) -> IssuedDocument:
    document = IssuedDocument(
        patient=session.patient,
        kind=KIND,
        title=_("Care sheet, %(visit)s, %(day)s") % {"visit": session.appointment.title, "day": _day(session)},
        file=stored.name,
        sha256=stored.sha256,
        text_versions=[_facts_hash(session)],
        issued_at=timezone.now(),
        issued_by=by.user,
    )
    save_checked(document)
    SessionDocument.objects.create(session=session, document=document)
    audit.record(by=by, verb="issued", subject=document, patient=session.patient, kind=KIND)
    return document


def sheet_of(session: TreatmentSession) -> dict:
    """Everything the paper shows, worked out beforehand."""
    clinic = ClinicProfile.current()
    patient = session.patient
    upcoming = next_visit(session)
    return {
        "sheet": care_sheet(_facts(session, clinic, upcoming)),
        "session": session,
        "patient": patient,
        **letterhead(clinic),
        "large": patient.large_print,
        "upcoming": upcoming,
        # In words here: a template would turn the time into whatever zone is active where the paper is made.
        "upcoming_when": date_format(upcoming.starts_at, "l j F Y, H:i") if upcoming else "",
        "treated_on": session.appointment.day,
        "zones": _zones(session),
        "map": _map(session),
        "pigment_lots": _pigment_lots(session),
        "needle_lots": [
            str(row.lot) for row in session.lots.select_related("lot__product") if row.lot.product.kind == "needle"
        ],
        "qr": _qr(clinic, upcoming),
        "seal": session.sealed.content_hash if session.sealed else "",
        "chain_head": chain.head(),
    }


def next_visit(session: TreatmentSession) -> Appointment | None:
    """The patient's next treatment session or touch-up that is booked after this one (one query)."""
    ahead = Appointment.objects.counting_for_gap().ahead(
        session.appointment.patient, after_min=session.appointment.starts_min
    )
    return ahead.first()


def _facts(session: TreatmentSession, clinic: ClinicProfile, upcoming: Appointment | None) -> CareFacts:
    stopped = last_stop_of(session) or session.signed_at
    version = session.appointment.planned_session.plan.current_version
    return CareFacts(
        last_stop_local=timezone.localtime(stopped, clinic.zone),
        look=Look(version.look),
        next_session_on=upcoming.day if upcoming else None,
        gap_days=clinic.gap_days,
        protocol=CareProtocol(emergency_number=clinic.emergency_number),
        closed_days=_closed_after(session, clinic),
    )


def _closed_after(session: TreatmentSession, clinic: ClinicProfile) -> frozenset[date]:
    """Holidays and other closed days from the earliest day of a next session on."""
    earliest = earliest_next_session(session.appointment.day, gap_days=clinic.gap_days)
    location = session.appointment.room.location
    return closed_days(location, earliest, earliest + timedelta(days=CLOSED_DAYS_AHEAD))


def _facts_hash(session: TreatmentSession) -> str:
    """One text for what the sheet depends on beside the signed record, which never changes."""
    upcoming = next_visit(session)
    clinic = ClinicProfile.current()
    parts = [
        upcoming.starts_at.isoformat() if upcoming else "",
        str(session.patient.large_print),
        session.patient.full_name,
        clinic.name,
        clinic.phone,
        clinic.emergency_number,
        clinic.paper,
    ]
    if (language := language_of(session.patient)) != patients_language(""):
        parts.append(language)
    return f"facts:{hashlib.sha256('|'.join(parts).encode()).hexdigest()}"


def _zones(session: TreatmentSession) -> list[str]:
    codes = dict.fromkeys(session.passes.order_by("number").values_list("zone", flat=True))
    return [zone_name(code) for code in codes]


def _map(session: TreatmentSession) -> dict:
    """The head with what was done today, from the views that show it."""
    among = set(
        session.appointment.planned_session.plan.current_version.zones.filter(among_hair=True).values_list(
            "zone", flat=True
        )
    )
    done = set(session.passes.values_list("zone", flat=True))
    drawn = scalp_map({zone: AMONG if zone in among else BARE for zone in done})
    shown = [view for view in drawn["views"] if any(zone["state"] for zone in view["zones"])]
    return drawn | {"views": sorted(shown, key=_zones_shown, reverse=True)[:3]}


def _zones_shown(view: dict) -> int:
    return sum(bool(zone["state"]) for zone in view["zones"])


def _pigment_lots(session: TreatmentSession) -> list[str]:
    mixes = session.mixes.filter(passes__session=session).distinct().prefetch_related("lots__lot__product")
    rows = [row for mix in mixes for row in mix.lots.all()]
    return sorted({str(row.lot) for row in rows if row.lot.product.kind == "pigment"})


def _qr(clinic: ClinicProfile, upcoming: Appointment | None) -> dict | None:
    """Appointment and phone, nothing about health: a calendar entry, or the number to call."""
    if upcoming is not None:
        words = f"BEGIN:VEVENT\r\nSUMMARY:{_('Appointment')}\r\nDTSTART:{_utc(upcoming.starts_min)}\r\n"
        words += f"DTEND:{_utc(upcoming.ends_min)}\r\nDESCRIPTION:{clinic.phone[:LONGEST_PHONE]}\r\nEND:VEVENT"
    elif clinic.phone:
        words = f"tel:{clinic.phone.replace(' ', '')[:LONGEST_PHONE]}"
    else:
        return None
    return qr_drawing(words)


def _utc(minute: int) -> str:
    return datetime.fromtimestamp(minute * 60, UTC).strftime("%Y%m%dT%H%M%SZ")


def _day(session: TreatmentSession) -> str:
    return date_format(session.appointment.day, "j F Y")


def paper_of_clinic() -> str:
    """The paper that this clinic prints on, as ``render_pdf`` takes it."""
    return {"letter": "Letter"}.get(ClinicProfile.current().paper, "A4")
