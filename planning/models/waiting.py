"""Who would come earlier if a place were free."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from intake.models import Patient
from planning.models.appointment import Appointment, AppointmentKind
from planning.models.hours import WEEKDAYS
from smpclinic.models.identity import Identified

EVERY_DAY = "0123456"


class PartOfDay(models.TextChoices):
    ANY = "any", _("Any time")
    MORNING = "morning", _("Mornings")
    AFTERNOON = "afternoon", _("Afternoons")


class WaitingQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(ended_at__isnull=True)


class WaitingWish(Identified):
    """One wish: a visit of a kind, or an earlier place for a visit that is booked (``appointment``).

    ``weekdays`` lists the days that suit, 0 is Monday.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="waiting_wishes")
    appointment = models.ForeignKey(
        Appointment, null=True, blank=True, on_delete=models.PROTECT, related_name="waiting_wishes"
    )
    kind = models.CharField(_("kind"), max_length=14, choices=AppointmentKind.choices)
    minutes = models.PositiveSmallIntegerField()
    practitioner = models.ForeignKey(
        "smpclinic.User",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("practitioner"),
    )
    first_day = models.DateField(_("from"))
    last_day = models.DateField(_("until"))
    weekdays = models.CharField(_("days"), max_length=7, default=EVERY_DAY)
    part_of_day = models.CharField(_("time of day"), max_length=10, choices=PartOfDay.choices, default=PartOfDay.ANY)
    note = models.CharField(_("note"), max_length=200, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("smpclinic.User", on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = WaitingQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [models.Index(fields=["last_day"], condition=Q(ended_at__isnull=True), name="waiting_open")]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="waiting_ends_after_it_starts",
                violation_error_message=_("The last day cannot lie before the first."),
            ),
            models.UniqueConstraint(
                fields=["appointment"],
                condition=Q(ended_at__isnull=True),
                name="waiting_once_per_visit",
                violation_error_message=_("This visit is on the waiting list already."),
            ),
        ]

    @property
    def days_in_words(self) -> str:
        """ "Every day", or the days that suit."""
        if self.weekdays == EVERY_DAY:
            return str(_("every day"))
        return ", ".join(str(name) for number, name in WEEKDAYS if str(number) in self.weekdays)

    def __str__(self):
        return f"{self.patient}, {self.get_kind_display()}"
