"""What a practitioner's calendar feed holds: initials and the session's number, nothing that names a patient."""

from datetime import timedelta

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from planning.actions.feeds import hash_of
from planning.calendar_file import feed
from planning.models import Appointment, CalendarFeed
from planning.visit_mail import entry_of
from smpclinic.models import ClinicProfile, User

DAYS_BACK, DAYS_AHEAD = 30, 365


def feed_of(token: str) -> CalendarFeed | None:
    """The feed in use that has this token, of somebody who still works here (one query)."""
    return (
        CalendarFeed.objects.filter(token_sha256=hash_of(token), revoked_at__isnull=True, user__is_active=True)
        .select_related("user")
        .first()
    )


def calendar_of(user: User) -> bytes:
    """The calendar file of a practitioner's visits, from a month ago to a year ahead."""
    clinic = ClinicProfile.current()
    today = timezone.localdate(timezone=clinic.zone)
    first, last = today - timedelta(days=DAYS_BACK), today + timedelta(days=DAYS_AHEAD)
    visits = Appointment.objects.active().between(first, last).filter(practitioner=user).with_people()
    with translation.override(clinic.language):
        entries = [entry_of(visit, summary=_summary(visit), location=str(visit.room)) for visit in visits]
        return feed(entries, name=_("Visits"))


def _summary(visit: Appointment) -> str:
    initials = "".join(part[0] for part in visit.patient.full_name.split()[:3] if part)
    return f"{initials} · {visit.title}"
