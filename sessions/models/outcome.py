"""What became of a treatment: when to look again, what was seen then, and what went wrong."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from intake.models import Patient
from planning.models import TreatmentPlan
from sessions.models.record import TreatmentSession
from smpclinic.models.audit import Acted
from smpclinic.models.identity import Identified


class FollowUpQuerySet(models.QuerySet):
    def due(self, *, on, today):
        """Checks and touch-ups whose day comes until ``on``, of finished plans, that may be asked about today."""
        due = Q(due_on__lte=on) | Q(touch_up_on__lte=on)
        asked = Q(asked_again_on__isnull=True) | Q(asked_again_on__lte=today)
        return self.filter(due, asked, ended_reason="", plan__state__in=("complete", "stopped"))

    def visible_to(self, user):
        """Of the patients whom a member of staff may open."""
        return self.filter(plan__patient__in=Patient.objects.current().visible_to(user))


class FollowUp(models.Model):
    """When the result of one plan is looked at next: kept here so that the list of what is due is one short query."""

    plan = models.OneToOneField(TreatmentPlan, on_delete=models.PROTECT, related_name="follow_up")
    counted_from = models.DateField()
    months = models.PositiveSmallIntegerField()
    due_on = models.DateField(db_index=True)
    touch_up_on = models.DateField(null=True, blank=True, db_index=True)
    asked_again_on = models.DateField(null=True, blank=True)
    ended_reason = models.CharField(_("reason"), max_length=400, blank=True)

    objects = FollowUpQuerySet.as_manager()

    def __str__(self):
        return f"{self.plan}, {self.due_on}"


class Fading(models.TextChoices):
    NONE = "none", _("None")
    SLIGHT = "slight", _("Slight")
    MARKED = "marked", _("Marked")
    GONE = "gone", _("Nearly gone")


class ColourNow(models.TextChoices):
    TRUE = "true", _("As chosen")
    BLUE = "blue", _("Bluish")
    RED = "red", _("Reddish or brown")
    GREEN = "green", _("Greenish")
    LIGHT = "light", _("Too light")
    DARK = "dark", _("Too dark")


class DotsNow(models.TextChoices):
    CRISP = "crisp", _("Crisp")
    SOFT = "soft", _("Softer")
    BLURRED = "blurred", _("Run together")


class OutcomeCheckQuerySet(models.QuerySet):
    def standing(self):
        """Those that no correction has replaced."""
        return self.filter(is_replaced=False)


class OutcomeCheck(Identified):
    """The healed result as it was judged on one day. Month 0: seen in between, not one of the checks of the plan."""

    plan = models.ForeignKey(TreatmentPlan, on_delete=models.PROTECT, related_name="outcome_checks")
    counted_from = models.DateField()
    months = models.PositiveSmallIntegerField(_("which check"))
    seen_on = models.DateField(_("seen on"))
    look_score = models.PositiveSmallIntegerField(_("healed look"))
    satisfaction = models.PositiveSmallIntegerField(_("the patient's own mark"), null=True, blank=True)
    fading = models.CharField(_("fading"), max_length=10, choices=Fading.choices)
    colour = models.CharField(_("colour"), max_length=10, choices=ColourNow.choices)
    dots = models.CharField(_("dots"), max_length=10, choices=DotsNow.choices)
    wants_touch_up = models.BooleanField(_("a touch-up is due"), default=False)
    note = models.CharField(_("note"), max_length=1000, blank=True)
    is_replaced = models.BooleanField(default=False)  # by a corrected one of the same check
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey("smpclinic.User", on_delete=models.PROTECT, related_name="+")

    objects = OutcomeCheckQuerySet.as_manager()

    class Meta:
        ordering = ["-seen_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "counted_from", "months"],
                condition=Q(months__gt=0, is_replaced=False),
                name="outcome_check_once",
                violation_error_message=_("This check is noted already."),
            ),
            models.CheckConstraint(
                condition=Q(look_score__range=(1, 5)) & (Q(satisfaction__isnull=True) | Q(satisfaction__range=(1, 5))),
                name="outcome_scores_1_to_5",
                violation_error_message=_("Marks go from 1 to 5."),
            ),
            models.CheckConstraint(
                condition=Q(seen_on__gte=models.F("counted_from")),
                name="outcome_after_treatment",
                violation_error_message=_("A result is seen after the treatment, not before it."),
            ),
        ]

    def __str__(self):
        return f"{self.plan}, {self.seen_on}"


class EventKind(models.TextChoices):
    INFECTION = "infection", _("Infection")
    ALLERGY = "allergy", _("Allergic reaction, itchy lumps")
    SWELLING = "swelling", _("Swelling or redness that grows")
    SCAR = "scar", _("Scar or keloid")
    SPREAD = "spread", _("Pigment spread under the skin")
    COLOUR = "colour", _("Colour changed")
    FAINTED = "fainted", _("Fainted or felt ill")
    INJURY = "injury", _("Needle injury")
    OTHER = "other", _("Something else")


class Severity(models.TextChoices):
    MILD = "mild", _("Mild: watched")
    MODERATE = "moderate", _("Moderate: treated or seen by a doctor")
    SEVERE = "severe", _("Severe: hospital, or lasting harm")


class EventEnd(models.TextChoices):
    HEALED = "healed", _("Healed")
    TRACE = "trace", _("Healed, with a trace that stays")
    ELSEWHERE = "elsewhere", _("In the care of a doctor")
    NO_HARM = "no_harm", _("Turned out to be nothing")


class AdverseEventQuerySet(models.QuerySet):
    def open(self):
        """Not closed yet, the worst and oldest first."""
        worst = models.Case(models.When(severity="severe", then=0), models.When(severity="moderate", then=1), default=2)
        return self.filter(closed_at__isnull=True).order_by(worst, "noticed_on", "id")

    def visible_to(self, user):
        """Of the patients whom a member of staff may open."""
        return self.filter(patient__in=Patient.objects.current().visible_to(user))


class AdverseEvent(Identified, Acted):
    """Something that went wrong with a patient. What was reported stays; what was done about it is added below."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="adverse_events")
    session = models.ForeignKey(
        TreatmentSession,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="adverse_events",
        verbose_name=_("after which session"),
    )
    kind = models.CharField(_("what"), max_length=12, choices=EventKind.choices)
    severity = models.CharField(_("how bad"), max_length=10, choices=Severity.choices)
    noticed_on = models.DateField(_("noticed on"))
    words = models.TextField(_("what was seen or told"), max_length=2000)
    reported_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey("smpclinic.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ended_as = models.CharField(_("how it ended"), max_length=10, choices=EventEnd.choices, blank=True)

    objects = AdverseEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("adverse event")
        ordering = ["-noticed_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True, ended_as="")
                | (Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(ended_as="")),
                name="adverse_event_closed_whole",
                violation_error_message=_("Say how it ended."),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.patient}"

    def get_absolute_url(self):
        return reverse("sessions:event", args=[self.public_id])

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class AdverseEventStep(Acted):
    """What was done about an event, as it was done; never changed."""

    event = models.ForeignKey(AdverseEvent, on_delete=models.PROTECT, related_name="steps")
    words = models.TextField(_("what was done"), max_length=2000)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self):
        return self.words
