"""A plan is an identity; what it says stands in its versions, which never change once approved."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from intake.models import Patient
from smpclinic.models.identity import Identified


class PlanKind(models.TextChoices):
    PLAN = "plan", _("Treatment plan")
    TOUCH_UP = "touch_up", _("Touch-up")


class PlanState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    APPROVED = "approved", _("Approved")
    AGREED = "agreed", _("Agreed")
    IN_TREATMENT = "in_treatment", _("In treatment")
    COMPLETE = "complete", _("Complete")
    STOPPED = "stopped", _("Stopped")


# In these states a version whose agreement was taken back is signed anew, without a new version.
ANEW = (PlanState.AGREED, PlanState.IN_TREATMENT)


class Look(models.TextChoices):
    SHAVED = "shaved", _("Shaved look")
    KEPT_HAIR = "kept_hair", _("Density among kept hair")
    SCAR = "scar", _("Scar")


class PlanQuerySet(models.QuerySet):
    def open(self):
        return self.exclude(state__in=[PlanState.COMPLETE, PlanState.STOPPED])


class TreatmentPlan(Identified):
    """Two or three sessions for one patient, or one touch-up session of an earlier plan."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="plans")
    kind = models.CharField(max_length=10, choices=PlanKind.choices, default=PlanKind.PLAN)
    parent_plan = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="touch_ups")
    state = models.CharField(max_length=14, choices=PlanState.choices, default=PlanState.DRAFT)
    current_version = models.ForeignKey(
        "PlanVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    practitioner = models.ForeignKey("smpclinic.User", on_delete=models.PROTECT, related_name="plans")
    stopped_reason = models.CharField(max_length=400, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=PlanKind.PLAN, parent_plan__isnull=True)
                | Q(kind=PlanKind.TOUCH_UP, parent_plan__isnull=False),
                name="touch_up_has_a_parent",
            ),
            models.CheckConstraint(
                condition=~Q(state=PlanState.STOPPED) | ~Q(stopped_reason=""),
                name="stopped_plan_has_a_reason",
                violation_error_message=_("Say why the plan is stopped."),
            ),
            models.CheckConstraint(
                condition=Q(state=PlanState.DRAFT) | Q(state=PlanState.STOPPED) | Q(current_version__isnull=False),
                name="plan_past_draft_has_a_version",
            ),
        ]

    def __str__(self):
        return _("Plan for %(patient)s") % {"patient": self.patient}

    def get_absolute_url(self):
        return reverse("planning:plan", args=[self.public_id])

    def newest_version(self) -> "PlanVersion":
        """The version being drafted, else the newest approved one (one query)."""
        return self.versions.order_by("-number").first()


class PlanVersion(Identified):
    """What is planned. Immutable once ``approved_at`` is set; the database refuses a change."""

    plan = models.ForeignKey(TreatmentPlan, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    session_count = models.PositiveSmallIntegerField(_("sessions"), default=3)
    look = models.CharField(_("look"), max_length=10, choices=Look.choices, default=Look.SHAVED)
    hairline_shape = models.CharField(_("hairline shape"), max_length=12, blank=True)
    hairline_points = models.JSONField(default=list, blank=True)
    hairline_height_mm = models.PositiveSmallIntegerField(
        _("hairline height above the glabella"), null=True, blank=True
    )
    hairline_photo = models.ForeignKey(
        "intake.Photo",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("photo the hairline is drawn on"),
    )
    # planning.hairline.OnPhoto as plain values; empty where the hairline is drawn on the map alone.
    hairline_on_photo = models.JSONField(default=dict, blank=True)
    shade_step = models.ForeignKey(
        "planning.ShadeStep", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("target shade")
    )
    head_circumference_cm = models.DecimalField(_("head circumference"), max_digits=4, decimal_places=1, default="57.0")
    consulted_before = models.BooleanField(_("paperwork done at an earlier consultation"), default=True)
    grade = models.ForeignKey("intake.PatternGrade", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    long_session_reason = models.CharField(_("reason for a session over 4 hours"), max_length=400, blank=True)
    note = models.TextField(_("note"), max_length=2000, blank=True)
    price_minor = models.PositiveBigIntegerField(_("price"), null=True, blank=True)
    # What the clinic's list asked for when this was saved; empty where it asked nothing.
    price_listed_minor = models.PositiveBigIntegerField(null=True, blank=True)
    price_reason = models.CharField(_("reason for another price"), max_length=200, blank=True)
    deposit_minor = models.PositiveBigIntegerField(_("deposit"), null=True, blank=True)
    currency = models.CharField(max_length=3, default="EUR")
    # The clinic's treatment defaults this version was estimated with; empty: those the program came with.
    protocol = models.JSONField(default=dict, blank=True)
    estimate_minutes = models.JSONField(default=list)
    estimate_working = models.JSONField(default=list)
    drafted_by = models.ForeignKey("smpclinic.User", on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    approved_by = models.ForeignKey("smpclinic.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    sealed = models.OneToOneField(
        "smpclinic.SealedRecord", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["plan", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="plan_version_once"),
            models.CheckConstraint(
                # A touch-up's single session is let through here and held to its plan's kind by the guard.
                condition=Q(session_count__in=(1, 2, 3)),
                name="plan_sessions_two_or_three",
                violation_error_message=_("A plan has two or three sessions."),
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True, approved_by__isnull=True)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
                name="plan_approval_has_time_and_name",
            ),
        ]

    def __str__(self):
        return _("%(plan)s, version %(number)s") % {"plan": self.plan, "number": self.number}

    @property
    def is_approved(self) -> bool:
        return self.approved_at is not None

    def minutes_of(self, number: int) -> int:
        """Planned minutes of session ``number`` (1 the first)."""
        return self.estimate_minutes[number - 1]


class PlanZone(models.Model):
    """One zone of the scalp in one version of a plan: treated, a scar, or a mark that must not be treated."""

    class Treatment(models.TextChoices):
        TREAT = "treat", _("Treat")
        SCAR = "scar", _("Scar")
        DO_NOT_TREAT = "do_not_treat", _("Do not treat")

    version = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="zones")
    zone = models.CharField(_("zone"), max_length=30)
    treatment = models.CharField(max_length=14, choices=Treatment.choices, default=Treatment.TREAT)
    area_cm2 = models.DecimalField(_("area"), max_digits=5, decimal_places=1)
    measured_by = models.CharField(_("how measured"), max_length=12, blank=True)
    assessor = models.ForeignKey(
        "smpclinic.User",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("measured by"),
    )
    # Where a scar or mark lies on the map: [view, x, y] of planning.scalp_views; empty: the zone's own place.
    spot = models.JSONField(default=list, blank=True)
    length_cm = models.DecimalField(_("length"), max_digits=4, decimal_places=1, null=True, blank=True)
    width_cm = models.DecimalField(_("width"), max_digits=4, decimal_places=1, null=True, blank=True)
    part_percent = models.PositiveSmallIntegerField(_("part treated"), default=100)
    among_hair = models.BooleanField(_("among kept hair"), default=False)
    dots_per_cm2 = models.PositiveSmallIntegerField(_("target dots per cm² of the whole plan"), default=90)
    shade_step = models.ForeignKey(
        "planning.ShadeStep", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.CharField(max_length=200, blank=True)
    # Sessions go from light to dark: why this place is planned lighter than what lies there. For staff, not printed.
    lighter_reason = models.CharField(_("why lighter than before"), max_length=200, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "zone"],
                condition=Q(treatment="treat"),
                name="plan_zone_treated_once",
                violation_error_message=_("This zone is already in the plan."),
            ),
            models.CheckConstraint(
                condition=Q(area_cm2__gt=0),
                name="plan_zone_area_positive",
                violation_error_message=_("The area must be more than 0 cm²."),
            ),
            models.CheckConstraint(
                condition=Q(part_percent__in=(25, 50, 75, 100)),
                name="plan_zone_part_by_quarters",
                violation_error_message=_("Treat 25, 50, 75 or 100 % of a zone."),
            ),
        ]

    def __str__(self):
        return self.zone


class PlannedSession(Identified):
    """Session n of a plan. It survives versions; one that a shorter version no longer has is dropped, not deleted."""

    plan = models.ForeignKey(TreatmentPlan, on_delete=models.PROTECT, related_name="planned_sessions")
    number = models.PositiveSmallIntegerField(null=True)
    is_dropped = models.BooleanField(default=False)

    class Meta:
        ordering = ["plan", "number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="planned_session_once"),
            models.UniqueConstraint(fields=["plan"], condition=Q(number__isnull=True), name="touch_up_session_once"),
            models.CheckConstraint(
                condition=Q(number__isnull=True) | Q(number__range=(1, 3)), name="planned_session_1_to_3"
            ),
        ]

    def __str__(self):
        return str(_("Session %(number)s") % {"number": self.number} if self.number else _("Touch-up"))


class AgreementQuerySet(models.QuerySet):
    def in_force(self):
        """Agreements whose consent was not taken back."""
        return self.filter(consent__withdrawn_at__isnull=True)

    def newest_of(self, version: PlanVersion) -> "Agreement | None":
        """The last one signed to a version, also where it was taken back (one query)."""
        return self.filter(plan_version=version).select_related("consent").order_by("-id").first()


class Agreement(models.Model):
    """The patient's signed treatment consent to exactly one version of a plan.

    Taken back and signed anew, a version has several; a guard lets only one of them be in force.
    """

    plan_version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="agreements")
    consent = models.OneToOneField("intake.Consent", on_delete=models.PROTECT, related_name="agreement")
    agreed_at = models.DateTimeField()

    objects = AgreementQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self):
        return f"{self.plan_version}"
