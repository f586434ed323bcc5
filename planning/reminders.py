"""Which visits are to be reminded of now."""

from datetime import datetime, timedelta

from django.utils import timezone

from planning.availability import to_local_day
from planning.models import Appointment, AppointmentState
from planning.visit_settings import visit_settings
from smpclinic.models import ClinicProfile

FIRST_HOUR, LAST_HOUR = 9, 19


def visits_to_remind(now: datetime) -> list[Appointment]:
    """Booked visits whose reminder is due at ``now``: those of the next days, by day and never at night.

    A visit booked after its reminder would have gone out was confirmed a moment ago and needs none.
    """
    clinic = ClinicProfile.current()
    local = timezone.localtime(now, clinic.zone)
    days = visit_settings(clinic).remind_days_before
    if not days or not FIRST_HOUR <= local.hour < LAST_HOUR:
        return []
    today = to_local_day(local.date())
    booked = Appointment.objects.filter(
        state=AppointmentState.BOOKED,
        local_day__range=(today + 1, today + days),
        booked_at__lt=now - timedelta(days=1),
    )
    return list(booked.exclude(patient__email="").select_related("patient"))
