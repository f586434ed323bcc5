"""How reliably a patient came, in numbers: for whoever books or cancels the next visit."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import ngettext

from intake.models import Patient
from planning.models import Appointment, AppointmentState


@dataclass(frozen=True)
class Attendance:
    """Visits that took place, were cancelled late (by the patient), and to which nobody came."""

    came: int
    cancelled_late: int
    no_shows: int

    @property
    def words(self) -> list[str]:
        """What there is to say; nothing of what never happened."""
        told = [
            (self.came, ngettext("came once", "came %(count)s times", self.came)),
            (
                self.cancelled_late,
                ngettext("cancelled late once", "cancelled late %(count)s times", self.cancelled_late),
            ),
            (self.no_shows, ngettext("did not come once", "did not come %(count)s times", self.no_shows)),
        ]
        return [words % {"count": count} for count, words in told if count]


def attendance_of(patient: Patient) -> Attendance:
    """The numbers of one patient (one query)."""
    counted = Appointment.objects.filter(patient=patient).aggregate(
        came=Count("pk", filter=Q(state=AppointmentState.DONE)),
        cancelled_late=Count("pk", filter=Q(cancelled_late=True)),
        no_shows=Count("pk", filter=Q(state=AppointmentState.NO_SHOW)),
    )
    return Attendance(**counted)
