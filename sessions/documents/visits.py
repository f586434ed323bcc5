"""Papers about what is booked: the sheet before a session, the card of all visits ahead."""

from dataclasses import replace
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from intake.models import Patient
from planning.calendar_file import published
from planning.lengths import hours_and_minutes
from planning.models import Appointment
from planning.visit_mail import entry_of
from sessions.aftercare_texts import Look
from sessions.documents.document import NotYet
from sessions.preparation import PreparationFacts, preparation_sheet
from smpclinic.local_dates import date_format
from smpclinic.models import ClinicProfile
from smpclinic.qr import LONGEST_PHONE, qr_drawing

MOST_IN_A_CODE = 6  # more would make the modules too small to be read from paper


def next_session_of(patient: Patient) -> dict[str, Any]:
    """The sheet before the patient's next treatment session."""
    visit = Appointment.objects.counting_for_gap().ahead(patient, after_min=_now_min()).first()
    if visit is None:
        raise NotYet(_("No session is booked ahead. Book one, then print this sheet."))
    return before_session_of(visit)


def before_session_of(visit: Appointment) -> dict[str, Any]:
    """The sheet before one booked session."""
    clinic = ClinicProfile.current()
    facts = PreparationFacts(
        starts_local=timezone.localtime(visit.starts_at, clinic.zone),
        shortest_min=visit.minutes,
        longest_min=visit.minutes,
        look=Look(visit.planned_session.plan.current_version.look),
    )
    sheet = preparation_sheet(facts)
    return {
        "visit": line_of(visit),
        "rules": sheet.lines[1:],
        "until": f"{sheet.ends_about_local:%H:%M}",
        "qr": code_of([visit], clinic),
    }


def card_of(patient: Patient) -> dict[str, Any]:
    """Every visit ahead, and one code that puts them all into a calendar."""
    visits = list(Appointment.objects.ahead(patient, after_min=_now_min()))
    if not visits:
        raise NotYet(_("No visit is booked ahead. Book one, then print this card."))
    clinic = ClinicProfile.current()
    return {
        "visits": [line_of(visit) for visit in visits],
        "qr": code_of(visits[:MOST_IN_A_CODE], clinic),
        "coded": min(len(visits), MOST_IN_A_CODE),
        "gap_days": clinic.gap_days,
    }


def line_of(visit: Appointment) -> dict[str, str]:
    """One visit in words."""
    address = visit.room.location.address or ClinicProfile.current().address
    return {
        "title": visit.title,
        "day": date_format(visit.day, "l j F Y"),
        "time": f"{visit.starts_at:%H:%M}",
        "length": hours_and_minutes(visit.minutes),
        "practitioner": str(visit.practitioner),
        "place": ", ".join(filter(None, [visit.room.location.name, " ".join(address.split())])),
    }


def code_of(visits: list[Appointment], clinic: ClinicProfile) -> dict[str, Any]:
    """A calendar file as QR code. It says "Appointment" and the clinic's phone, nothing of health and no name."""
    entries = [
        # Stamped with the booking, not with now: the same visits print the same paper. The phone once: a code is small.
        replace(
            entry_of(visit, summary=_("Appointment"), description="" if number else clinic.phone[:LONGEST_PHONE]),
            stamp=visit.booked_at,
        )
        for number, visit in enumerate(visits)
    ]
    return qr_drawing(published(entries).decode())


def _now_min() -> int:
    return int(timezone.now().timestamp()) // 60
