"""Mails about a visit: confirmed, moved, cancelled, reminded. Discreet: the subject and the calendar file say
"Appointment" and nothing of a treatment."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from planning.calendar_file import CalendarEntry, invitation
from planning.lengths import hours_and_minutes
from planning.models import Appointment, AppointmentState
from smpclinic.models import ClinicProfile


class Occasion(StrEnum):
    """Why a mail is written."""

    BOOKED = "booked"
    MOVED = "moved"
    CANCELLED = "cancelled"
    REMINDER = "reminder"


@dataclass(frozen=True)
class Words:
    """What one occasion says, in the language in force."""

    subject: str
    opening: str


def occasion_of(visit: Appointment) -> Occasion:
    """What there is to tell of the visit as it stands now."""
    if visit.state == AppointmentState.CANCELLED:
        return Occasion.CANCELLED
    return Occasion.MOVED if visit.sequence else Occasion.BOOKED


def message_for(visit: Appointment, occasion: Occasion) -> EmailMultiAlternatives:
    """The mail to the patient, in the patient's language, with the calendar file (METHOD REQUEST or CANCEL)."""
    clinic = ClinicProfile.current()
    patient = visit.patient
    with translation.override(patient.language or clinic.language), timezone.override(clinic.zone):
        words = _words(occasion)
        mail = EmailMultiAlternatives(
            subject=words.subject,
            body=_body(visit, words, clinic),
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


def _words(occasion: Occasion) -> Words:
    told = {
        Occasion.BOOKED: (_("Appointment"), _("Your appointment is booked:")),
        Occasion.MOVED: (_("Appointment: new time"), _("Your appointment has changed. It is now:")),
        Occasion.CANCELLED: (_("Appointment: cancelled"), _("This appointment is cancelled:")),
        Occasion.REMINDER: (_("Appointment: reminder"), _("A reminder of your appointment:")),
    }
    return Words(*told[occasion])


def _body(visit: Appointment, words: Words, clinic: ClinicProfile) -> str:
    when = f"{date_format(visit.starts_at, 'l j F Y')}, {date_format(visit.starts_at, 'H:i')}"
    length = _("It takes about %(minutes)s.") % {"minutes": hours_and_minutes(visit.minutes)}
    address = visit.room.location.address or clinic.address
    parts = [
        _("Hello %(name)s,") % {"name": visit.patient.called},
        f"{words.opening}\n\n{when}" if not visit.active else f"{words.opening}\n\n{when}\n{length}",
        address if visit.active else "",
        _("If you cannot come or have a question, call %(phone)s.") % {"phone": clinic.phone} if clinic.phone else "",
        clinic.name if visit.patient.may_say_who_we_are else "",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"
