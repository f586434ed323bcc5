"""The record of one performed visit. Signing locks it in the database; amendments stand beside it."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from planning.models import Appointment
from smpclinic.models.audit import Acted
from smpclinic.models.identity import Identified


class SessionQuerySet(models.QuerySet):
    def awaiting_signature(self):
        return self.filter(signed_at__isnull=True)

    def signed(self):
        """Signed and not voided."""
        return self.filter(signed_at__isnull=False).exclude(amendments__kind=Amendment.Kind.VOID)

    def performed(self, first, last):
        """Records of visits on local days between two dates, both included."""
        return self.filter(appointment__in=Appointment.objects.between(first, last))

    def of(self, patient):
        """Records of a patient, those of records merged into it included."""
        return self.filter(Q(appointment__patient=patient) | Q(appointment__patient__merged_into=patient))


class TreatmentSession(Identified):
    appointment = models.OneToOneField(Appointment, on_delete=models.PROTECT, related_name="session")
    practitioner = models.ForeignKey("smpclinic.User", on_delete=models.PROTECT, related_name="sessions")
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey("smpclinic.User", on_delete=models.PROTECT, related_name="+")
    machine = models.CharField(_("machine"), max_length=80, blank=True)
    speed_hz = models.DecimalField(_("speed"), max_digits=5, decimal_places=1, null=True, blank=True)
    voltage_v = models.DecimalField(_("voltage"), max_digits=4, decimal_places=1, null=True, blank=True)
    skin = models.JSONField(_("skin today"), default=list, blank=True)
    viscosity = models.CharField(_("viscosity of the mix"), max_length=10, blank=True)
    room_cleaned = models.BooleanField(_("room cleaned"), default=False)
    needles_opened_before_patient = models.BooleanField(_("sterile needles opened before the patient"), default=False)
    anaesthetic_on_at = models.DateTimeField(null=True, blank=True)
    anaesthetic_off_at = models.DateTimeField(null=True, blank=True)
    ink_information_given = models.BooleanField(_("pigment information given"), default=False)
    note = models.TextField(_("note"), max_length=4000, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey("smpclinic.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    sealed = models.OneToOneField(
        "smpclinic.SealedRecord", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    revision = models.PositiveIntegerField(default=0)

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True, signed_by__isnull=True, sealed__isnull=True)
                | Q(signed_at__isnull=False, signed_by__isnull=False, sealed__isnull=False),
                name="session_signature_whole",
            ),
        ]

    def __str__(self):
        return f"{self.appointment}"

    def get_absolute_url(self):
        return reverse("sessions:record", args=[self.public_id])

    @property
    def patient(self):
        return self.appointment.patient

    @property
    def is_signed(self) -> bool:
        return self.signed_at is not None


class ZonePass(Identified):
    """One pass over one zone: needle, depth, angle and mix may change within a session."""

    session = models.ForeignKey(TreatmentSession, on_delete=models.PROTECT, related_name="passes")
    number = models.PositiveSmallIntegerField(default=1)
    zone = models.CharField(_("zone"), max_length=30)
    needle_group = models.CharField(_("needle group"), max_length=10)
    needle_diameter_mm = models.DecimalField(_("needle diameter"), max_digits=3, decimal_places=2, default="0.20")
    depth_mm = models.DecimalField(_("depth"), max_digits=3, decimal_places=1)
    depth_known_by = models.CharField(_("how the depth is known"), max_length=12, default="dialled")
    angle_degrees = models.PositiveSmallIntegerField(_("angle to the skin"))
    mix = models.ForeignKey(
        "treatment_sessions.Mix",
        null=True,
        on_delete=models.PROTECT,
        related_name="passes",
        verbose_name=_("pigment mix"),
    )
    hand_speed = models.CharField(_("hand speed"), max_length=10, blank=True)
    pattern = models.CharField(_("dot pattern"), max_length=20, blank=True)
    area_cm2 = models.DecimalField(_("area"), max_digits=5, decimal_places=1, null=True, blank=True)
    dots_per_cm2 = models.PositiveSmallIntegerField(_("dots per cm²"), null=True, blank=True)
    started_at = models.DateTimeField(_("start"), null=True, blank=True)
    stopped_at = models.DateTimeField(_("stop"), null=True, blank=True)
    pauses = models.JSONField(default=list, blank=True)
    note = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["session", "number"]
        constraints = [
            models.UniqueConstraint(fields=["session", "number"], name="pass_number_once"),
            models.CheckConstraint(
                condition=Q(depth_mm__gte="0.1", depth_mm__lte="4.0"),
                name="pass_depth_range",
                violation_error_message=_("Depth lies between 0.1 and 4.0 mm."),
            ),
            models.CheckConstraint(
                condition=Q(angle_degrees__range=(10, 90)),
                name="pass_angle_range",
                violation_error_message=_("The angle lies between 10 and 90 degrees."),
            ),
            models.CheckConstraint(
                condition=Q(needle_diameter_mm__gte="0.05", needle_diameter_mm__lte="1.50"),
                name="pass_diameter_range",
                violation_error_message=_("The needle diameter lies between 0.05 and 1.5 mm."),
            ),
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True) | Q(started_at__isnull=False, stopped_at__gte=F("started_at")),
                name="pass_stops_after_start",
                violation_error_message=_("A pass cannot stop before it starts."),
            ),
        ]

    def __str__(self):
        return f"{self.number}: {self.zone}"


class SessionLot(models.Model):
    """A lot used in a session outside a mix: needles, anaesthetic."""

    session = models.ForeignKey(TreatmentSession, on_delete=models.PROTECT, related_name="lots")
    lot = models.ForeignKey("smpclinic.Lot", on_delete=models.PROTECT, related_name="session_uses")
    count = models.DecimalField(_("count"), max_digits=6, decimal_places=2, null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "lot"], name="session_lot_once")]

    def __str__(self):
        return f"{self.lot}"


class Reaction(models.Model):
    session = models.ForeignKey(TreatmentSession, on_delete=models.PROTECT, related_name="reactions")
    kind = models.CharField(_("reaction"), max_length=12)
    pain = models.PositiveSmallIntegerField(_("pain, 0 to 10"), null=True, blank=True)
    zone = models.CharField(_("zone"), max_length=30, blank=True)
    note = models.CharField(_("note"), max_length=400, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(pain__isnull=True) | Q(pain__lte=10),
                name="reaction_pain_0_to_10",
                violation_error_message=_("Pain goes from 0 to 10."),
            )
        ]

    def __str__(self):
        return self.kind


class Amendment(Identified, Acted):
    """A correction or a voiding, appended beside a signed record; the record itself never changes."""

    class Kind(models.TextChoices):
        AMENDMENT = "amendment", _("Amendment")
        VOID = "void", _("Voided")

    session = models.ForeignKey(TreatmentSession, on_delete=models.PROTECT, related_name="amendments")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.AMENDMENT)
    field = models.CharField(_("what it is about"), max_length=80, blank=True)
    text = models.TextField(_("what is right"), max_length=4000)
    reason = models.CharField(_("reason"), max_length=400)
    at = models.DateTimeField()
    sealed = models.OneToOneField("smpclinic.SealedRecord", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""), name="amendment_has_a_reason", violation_error_message=_("Say why.")
            ),
            models.UniqueConstraint(fields=["session"], condition=Q(kind="void"), name="session_voided_once"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.reason}"
