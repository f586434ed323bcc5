"""The intake: versioned answers. A resubmission is a new version and never overwrites."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from intake.models.patient import Patient
from smpclinic.models.audit import Acted
from smpclinic.models.identity import Identified


class IntakeState(models.TextChoices):
    DRAFT = "draft", _("Being filled in")
    SUBMITTED = "submitted", _("To review")
    ACCEPTED = "accepted", _("Accepted")
    SENT_BACK = "sent_back", _("Sent back")


OPEN = (IntakeState.DRAFT, IntakeState.SENT_BACK)


class Intake(Identified):
    """One taking of the questionnaire, by staff, by link or on the kiosk."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="intakes")
    state = models.CharField(max_length=12, choices=IntakeState.choices, default=IntakeState.DRAFT)
    started_at = models.DateTimeField(auto_now_add=True)
    reviewed_by = models.ForeignKey("smpclinic.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    review_note = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=Q(state__in=IntakeState.values), name="intake_state_known")]

    def __str__(self):
        return f"{self.patient}, {self.get_state_display()}"

    def latest(self) -> "IntakeAnswers | None":
        """The newest version of the answers (one query)."""
        return self.versions.order_by("-number").first()


class Course(models.TextChoices):
    SUDDEN = "sudden", _("Suddenly")
    GRADUAL = "gradual", _("Little by little")
    STABLE = "stable", _("Stopped, no change now")
    NOT_KNOWN = "", _("Not known")


class IntakeAnswers(Identified, Acted):
    """One version of the answers: what was said, by whom, when."""

    intake = models.ForeignKey(Intake, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    pages = models.JSONField(_("pages answered so far"), default=list, blank=True)
    reasons = models.JSONField(_("what brings you"), default=list)
    onset_on = models.DateField(_("since when"), null=True, blank=True)
    course = models.CharField(_("how it came"), max_length=12, choices=Course.choices, blank=True)
    family_history = models.CharField(_("hair loss in the family"), max_length=400, blank=True)
    picture = models.CharField(_("picture chosen by the patient"), max_length=20, blank=True)
    treatments_now = models.TextField(_("treatments now"), max_length=1000, blank=True)
    treatments_chosen = models.JSONField(_("treatments now, chosen"), default=list, blank=True)
    transplant_on = models.DateField(_("hair transplant on"), null=True, blank=True)
    transplant_kind = models.CharField(_("kind of transplant"), max_length=10, blank=True)
    hair_told = models.JSONField(_("hair as the patient tells it"), default=dict, blank=True)
    wished_look = models.CharField(_("look wished for"), max_length=20, blank=True)
    wished_hairline = models.CharField(_("hairline wished for"), max_length=20, blank=True)
    wishes = models.TextField(_("wishes"), max_length=2000, blank=True)

    class Meta:
        ordering = ["intake", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["intake", "number"], name="intake_version_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="intake_version_from_one"),
        ]

    def __str__(self):
        return f"{self.intake}, {self.number}"


class HairLossCause(models.Model):
    """One cause of the hair loss, with its details; several may apply at once."""

    answers = models.ForeignKey(IntakeAnswers, on_delete=models.CASCADE, related_name="causes")
    cause = models.CharField(max_length=30)
    group = models.CharField(_("kind"), max_length=40, blank=True)
    name = models.CharField(_("which"), max_length=160, blank=True)
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)
    is_ongoing = models.BooleanField(_("still going on"), default=False)
    detail = models.CharField(_("details"), max_length=400, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gte=models.F("since")),
                name="cause_ends_after_it_starts",
                violation_error_message=_("It cannot end before it began."),
            )
        ]

    def __str__(self):
        return self.name or self.cause


class Medication(models.Model):
    answers = models.ForeignKey(IntakeAnswers, on_delete=models.CASCADE, related_name="medications")
    name = models.CharField(_("medicine"), max_length=160)
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)
    is_ongoing = models.BooleanField(_("still taken"), default=False)

    def __str__(self):
        return self.name


class HealthAnswer(models.Model):
    """The answer to one health question, stored one by one. ``answer`` empty = not asked yet, which counts as missing.

    ``on_date`` is the last day of a course or the day of a single procedure, ``started_on`` its first;
    ``answered_at`` stays as it was while the same answer is saved again.
    """

    class Answer(models.TextChoices):
        YES = "yes", _("Yes")
        NO = "no", _("No")
        NOT_SURE = "not_sure", _("Not sure")

    answers = models.ForeignKey(IntakeAnswers, on_delete=models.CASCADE, related_name="health")
    question = models.CharField(max_length=60)
    answer = models.CharField(max_length=10, choices=Answer.choices, blank=True)
    detail = models.CharField(max_length=400, blank=True)
    option = models.CharField(max_length=40, blank=True)
    started_on = models.DateField(null=True, blank=True)
    on_date = models.DateField(null=True, blank=True)
    is_ongoing = models.BooleanField(default=False)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["answers", "question"], name="health_answer_once")]

    def __str__(self):
        return f"{self.question}: {self.answer}"
