"""Which visits are to be reminded of now."""

from datetime import datetime, timedelta

from django.utils import timezone

from planning.availability import to_local_day
from planning.models import Appointment, AppointmentState
from smpclinic.models import ClinicProfile

REMIND_DAYS_BEFORE = 2
FIRST_HOUR, LAST_HOUR = 9, 19


def days_before() -> int:
    """How many days before a visit its reminder goes out; 0 sends none (the clinic's setting, else two)."""
    return int(ClinicProfile.current().settings.get("remind_days_before", REMIND_DAYS_BEFORE))


def visits_to_remind(now: datetime) -> list[Appointment]:
    """Booked visits whose reminder is due at ``now``: those of the next days, by day and never at night.

    A visit booked after its reminder would have gone out was confirmed a moment ago and needs none.
    """
    clinic = ClinicProfile.current()
    local = timezone.localtime(now, clinic.zone)
    days = days_before()
    if not days or not FIRST_HOUR <= local.hour < LAST_HOUR:
        return []
    today = to_local_day(local.date())
    booked = Appointment.objects.filter(
        state=AppointmentState.BOOKED,
        local_day__range=(today + 1, today + days),
        booked_at__lt=now - timedelta(days=1),
    )
    return list(booked.exclude(patient__email="").select_related("patient"))
