"""The one table that the booking guard stands on.

Times are integers, so that both databases compare them exactly: minutes (UTC) and days since 1970. What the local
calendar said is stored beside them: ``utc_offset_min`` and ``local_day``.
"""

from datetime import UTC, date, datetime, timedelta, timezone

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from intake.models import Patient
from planning.availability import MINUTES_A_DAY, to_date, to_local_day
from planning.models.plan import PlannedSession
from smpclinic.models.identity import Identified


class AppointmentKind(models.TextChoices):
    CONSULTATION = "consultation", _("Consultation")
    PATCH_TEST = "patch_test", _("Patch test")
    PATCH_READING = "patch_reading", _("Patch test reading")
    TREATMENT = "treatment", _("Treatment session")
    HEALING_CHECK = "healing_check", _("Healing check")
    TOUCH_UP = "touch_up", _("Touch-up")


class AppointmentState(models.TextChoices):
    BOOKED = "booked", _("Booked")
    ARRIVED = "arrived", _("Arrived")
    IN_TREATMENT = "in_treatment", _("In treatment")
    DONE = "done", _("Done")
    NO_SHOW = "no_show", _("Did not come")
    CANCELLED = "cancelled", _("Cancelled")


ACTIVE_STATES = (
    AppointmentState.BOOKED,
    AppointmentState.ARRIVED,
    AppointmentState.IN_TREATMENT,
    AppointmentState.DONE,
)
TREATMENT_KINDS = (AppointmentKind.TREATMENT, AppointmentKind.TOUCH_UP)


class AppointmentQuerySet(models.QuerySet):
    def on(self, day: date):
        return self.filter(local_day=to_local_day(day))

    def between(self, first: date, last: date):
        return self.filter(local_day__range=(to_local_day(first), to_local_day(last)))

    def active(self):
        return self.filter(active=True)

    def counting_for_gap(self):
        """Treatment sessions and touch-ups that hold the two-day rule."""
        return self.filter(active=True, counts_for_gap=True)

    def ahead(self, patient, *, after_min: int):
        """A patient's booked visits that start after a UTC minute, in order."""
        booked = self.filter(patient=patient, state=AppointmentState.BOOKED, starts_min__gt=after_min)
        return booked.with_people().order_by("starts_min")

    def visible_to(self, user):
        """Visits of the patients whom a member of staff may open."""
        patients = Patient.objects.visible_to(user)
        return self.filter(patient__in=patients) if patients.query.where else self

    def with_people(self):
        return self.select_related(
            "patient", "practitioner", "room__location", "planned_session__plan__current_version"
        )


class Appointment(Identified):
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="appointments")
    practitioner = models.ForeignKey("smpclinic.User", on_delete=models.PROTECT, related_name="appointments")
    room = models.ForeignKey("smpclinic.Room", on_delete=models.PROTECT, related_name="appointments")
    kind = models.CharField(_("kind"), max_length=14, choices=AppointmentKind.choices)
    planned_session = models.ForeignKey(
        PlannedSession, null=True, blank=True, on_delete=models.PROTECT, related_name="appointments"
    )
    starts_min = models.BigIntegerField()
    ends_min = models.BigIntegerField()
    room_until_min = models.BigIntegerField()
    utc_offset_min = models.SmallIntegerField()
    local_day = models.IntegerField()
    gap_days = models.PositiveSmallIntegerField(default=2)
    counts_for_gap = models.BooleanField(default=False)
    state = models.CharField(
        _("state"), max_length=14, choices=AppointmentState.choices, default=AppointmentState.BOOKED
    )
    active = models.BooleanField(default=True)
    breach_reason = models.CharField(max_length=400, blank=True)
    breach_by = models.ForeignKey("smpclinic.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    entered_late = models.BooleanField(default=False)
    cancel_reason = models.CharField(_("reason"), max_length=400, blank=True)
    cancelled_late = models.BooleanField(default=False)
    note = models.CharField(_("note"), max_length=400, blank=True)
    sequence = models.PositiveIntegerField(default=0)
    booked_at = models.DateTimeField()
    booked_by = models.ForeignKey("smpclinic.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    arrived_at = models.DateTimeField(null=True, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        ordering = ["starts_min", "id"]
        indexes = [
            models.Index(fields=["local_day", "practitioner"], name="appointment_day"),
            models.Index(
                fields=["practitioner", "starts_min", "ends_min"],
                condition=Q(active=True),
                name="appointment_practitioner",
            ),
            models.Index(
                fields=["room", "starts_min", "room_until_min"], condition=Q(active=True), name="appointment_room"
            ),
            models.Index(fields=["patient", "local_day"], name="appointment_patient_day"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["planned_session"],
                # A session interrupted and continued another day is a second, later visit of the same planned session:
                # both may be done, only one may lie ahead.
                condition=Q(state__in=("booked", "arrived", "in_treatment")),
                name="appointment_one_ahead_per_session",
                violation_error_message=_("This session already has an appointment."),
            ),
            models.CheckConstraint(
                condition=Q(ends_min__gt=F("starts_min")),
                name="appointment_ends_after_start",
                violation_error_message=_("It must end after it starts."),
            ),
            models.CheckConstraint(
                # The guard looks one day back for what may overlap, so nothing may last longer.
                condition=Q(room_until_min__gte=F("ends_min")) & Q(room_until_min__lte=F("starts_min") + 1440),
                name="appointment_room_until_end",
            ),
            models.CheckConstraint(
                condition=Q(starts_min__gte=F("local_day") * 1440 - F("utc_offset_min"))
                & Q(starts_min__lte=F("local_day") * 1440 - F("utc_offset_min") + 1439),
                name="appointment_local_day_true",
            ),
            models.CheckConstraint(condition=Q(gap_days__range=(2, 365)), name="appointment_gap_at_least_two"),
            models.CheckConstraint(
                condition=Q(active=True, state__in=ACTIVE_STATES) | Q(active=False, state__in=("no_show", "cancelled")),
                name="appointment_active_by_state",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=TREATMENT_KINDS, planned_session__isnull=False, counts_for_gap=True)
                | (~Q(kind__in=TREATMENT_KINDS) & Q(planned_session__isnull=True, counts_for_gap=False)),
                name="appointment_treatment_has_a_plan",
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(cancel_reason=""),
                name="appointment_cancelled_with_reason",
                violation_error_message=_("Say why it is cancelled."),
            ),
            models.CheckConstraint(
                condition=Q(cancelled_late=False) | Q(state="cancelled"), name="appointment_cancelled_late_is_cancelled"
            ),
            models.CheckConstraint(
                condition=Q(breach_reason="", breach_by__isnull=True)
                | (~Q(breach_reason="") & Q(breach_by__isnull=False, state="done")),
                name="appointment_breach_named",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.patient}, {self.starts_at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self):
        return reverse("planning:appointment", args=[self.public_id])

    @property
    def _zone(self) -> timezone:
        return timezone(timedelta(minutes=self.utc_offset_min))

    @property
    def starts_at(self) -> datetime:
        """The start as the clinic's clock showed it."""
        return datetime.fromtimestamp(self.starts_min * 60, UTC).astimezone(self._zone)

    @property
    def ends_at(self) -> datetime:
        """The end, on the clock of the start."""
        return datetime.fromtimestamp(self.ends_min * 60, UTC).astimezone(self._zone)

    @property
    def minute_of_day(self) -> int:
        """The start on the clinic's clock, in minutes since midnight."""
        return self.starts_min + self.utc_offset_min - self.local_day * MINUTES_A_DAY

    @property
    def day(self) -> date:
        return to_date(self.local_day)

    @property
    def minutes(self) -> int:
        return self.ends_min - self.starts_min

    @property
    def is_shown(self) -> bool:
        """Whether it stands on the board: it holds its place, or somebody waited in vain."""
        return self.active or self.state == AppointmentState.NO_SHOW

    @property
    def is_treatment(self) -> bool:
        return self.kind in TREATMENT_KINDS

    @property
    def state_words(self) -> str:
        """The state as pages write it; Django's own ``get_state_display`` costs ten times that on a full board."""
        return _("Cancelled late") if self.cancelled_late else str(AppointmentState(self.state).label)

    @property
    def may_have_record(self) -> bool:
        """Whether a session record can be opened: the patient is here, or the past visit was entered late."""
        is_here = self.state in (AppointmentState.ARRIVED, AppointmentState.IN_TREATMENT)
        return self.is_treatment and (is_here or self.is_past_entry)

    @property
    def is_past_entry(self) -> bool:
        """A visit that is over and was entered afterwards; its record is written from paper."""
        return self.entered_late and self.state == AppointmentState.DONE

    @property
    def title(self) -> str:
        """What it is, as staff read it: "Session 2 of 3" or the kind."""
        if self.kind != AppointmentKind.TREATMENT:
            return str(AppointmentKind(self.kind).label)
        version = self.planned_session.plan.current_version
        return _("Session %(number)s of %(count)s") % {
            "number": self.planned_session.number,
            "count": version.session_count,
        }
