"""Mails about a visit: confirmed, moved, cancelled, reminded. Discreet: the subject and the calendar file say
"Appointment" and nothing of a treatment."""

from datetime import UTC, datetime
from enum import StrEnum

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from planning.calendar_file import CalendarEntry, invitation
from planning.lengths import hours_and_minutes
from planning.models import Appointment, AppointmentState
from smpclinic.languages import patients_language
from smpclinic.local_dates import date_format
from smpclinic.marks import filled, filled_by_paragraph
from smpclinic.models import ClinicProfile
from smpclinic.texts import words_of


class Occasion(StrEnum):
    """Why a mail is written."""

    BOOKED = "booked"
    MOVED = "moved"
    CANCELLED = "cancelled"
    REMINDER = "reminder"


def occasion_of(visit: Appointment) -> Occasion:
    """What there is to tell of the visit as it stands now."""
    if visit.state == AppointmentState.CANCELLED:
        return Occasion.CANCELLED
    return Occasion.MOVED if visit.sequence else Occasion.BOOKED


def message_for(visit: Appointment, occasion: Occasion) -> EmailMultiAlternatives:
    """The mail to the patient, in the patient's language, with the calendar file (METHOD REQUEST or CANCEL)."""
    clinic = ClinicProfile.current()
    patient = visit.patient
    language = patients_language(patient.language, clinic)
    with translation.override(language), timezone.override(clinic.zone):
        words, marks = words_of(f"mail.visit_{occasion}", language=language), _marks(visit, clinic)
        mail = EmailMultiAlternatives(
            subject=" ".join(filled(words.title, marks).split()),
            body=f"{filled_by_paragraph(words.body, marks)}\n",
            to=[patient.email],
            reply_to=[clinic.email] if clinic.email else None,
        )
        if occasion is not Occasion.REMINDER:
            mail.attach_alternative(_file(visit, clinic).decode(), f"text/calendar; method={_method(occasion)}")
    return mail


def entry_of(visit: Appointment, *, summary: str, location: str = "", description: str = "") -> CalendarEntry:
    """The visit as a calendar entry; only its times and state, the words are the caller's."""
    return CalendarEntry(
        uid=str(visit.public_id),
        sequence=visit.sequence,
        starts_at=datetime.fromtimestamp(visit.starts_min * 60, UTC),
        ends_at=datetime.fromtimestamp(visit.ends_min * 60, UTC),
        stamp=timezone.now(),
        summary=summary,
        location=location,
        description=description,
        is_cancelled=not visit.active,
    )


def _method(occasion: Occasion) -> str:
    return "CANCEL" if occasion is Occasion.CANCELLED else "REQUEST"


def _file(visit: Appointment, clinic: ClinicProfile) -> bytes:
    entry = entry_of(
        visit,
        summary=_("Appointment"),
        location=" ".join((visit.room.location.address or clinic.address).split()),
        description=_("Questions or another day: %(phone)s") % {"phone": clinic.phone} if clinic.phone else "",
    )
    return invitation(
        entry,
        organizer=clinic.email or settings.DEFAULT_FROM_EMAIL,
        organizer_name=clinic.name if visit.patient.may_say_who_we_are else "",
        attendee=visit.patient.email,
    )


def _marks(visit: Appointment, clinic: ClinicProfile) -> dict[str, str]:
    """What the marks of the text stand for (planning.clinic_texts.VISIT), in the language in force."""
    return {
        "name": visit.patient.called,
        "when": f"{date_format(visit.starts_at, 'l j F Y')}, {date_format(visit.starts_at, 'H:i')}",
        "length": hours_and_minutes(visit.minutes),
        "address": visit.room.location.address or clinic.address,
        "phone": clinic.phone,
        "clinic": clinic.name if visit.patient.may_say_who_we_are else "",
    }
