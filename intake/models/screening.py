"""Screening: the clinic's rules, and what staff decided about a finding."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from intake.clearance import LetterAnswer
from intake.models.patient import Patient
from smpclinic import kept
from smpclinic.models.audit import Acted
from smpclinic.models.identity import Identified


class ScreeningRule(models.Model):
    """One question and what a yes leads to; editable by the manager, read by ``intake.rules``."""

    KEPT = "screening rules"  # the name under which intake.rules keeps them (smpclinic.kept)

    code = models.CharField(max_length=60, unique=True)
    section = models.CharField(_("page of the questionnaire"), max_length=20, blank=True)
    title = models.CharField(_("short name"), max_length=120)
    question = models.CharField(_("question"), max_length=300)
    actions = models.JSONField(default=list)
    asks = models.JSONField(default=list, blank=True)
    options = models.JSONField(default=list, blank=True)
    asks_date = models.CharField(_("date asked for"), max_length=120, blank=True)
    every_session = models.BooleanField(_("asked again before each session"), default=True)
    overridable = models.BooleanField(_("may be overridden"), default=True)
    order = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(_("in use"), default=True)
    number = models.PositiveIntegerField(_("version"), default=1)
    changed_at = models.DateTimeField(null=True, blank=True)
    changed_by = models.ForeignKey("smpclinic.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["order", "code"]
        constraints = [models.CheckConstraint(condition=Q(number__gte=1), name="rule_version_from_one")]

    def __str__(self):
        return self.question

    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        kept.forget(self.KEPT)


class ScreeningRuleVersion(models.Model):
    """A rule as it stood: every wording and figure it ever had, by whom and from when. Never changed."""

    rule = models.ForeignKey(ScreeningRule, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    changed_at = models.DateTimeField(null=True)
    changed_by = models.ForeignKey("smpclinic.User", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["rule", "-number"]
        constraints = [models.UniqueConstraint(fields=["rule", "number"], name="rule_version_once")]

    def __str__(self):
        return f"{self.rule.title}, {self.number}"


class KeptFindings(Acted):
    """What screening found when something was decided, in the words of that day; a rule edited later changes nothing.

    ``findings`` are ``{"code", "kind", "words", "earliest", "settled", "rule"}``, ``rule`` the version of the rule.
    """

    class Occasion(models.TextChoices):
        INTAKE_ACCEPTED = "intake_accepted", _("Intake accepted")
        PLAN_APPROVED = "plan_approved", _("Plan approved")

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="kept_findings")
    occasion = models.CharField(max_length=20, choices=Occasion.choices)
    at = models.DateTimeField()
    findings = models.JSONField(default=list)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self):
        return f"{self.get_occasion_display()}: {self.patient}"


class ScreeningOverride(models.Model):
    """A named person went ahead in spite of a finding, and why. It holds for exactly the words it was given against."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="screening_overrides")
    rule = models.CharField(max_length=60)
    kind = models.CharField(max_length=30)
    words = models.TextField(max_length=2000)
    reason = models.CharField(_("reason"), max_length=400)
    by = models.ForeignKey("smpclinic.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self):
        return f"{self.rule}: {self.reason}"


class ScreeningClearance(models.Model):
    """A condition "until cleared" was looked at again and is gone; it holds until the question is answered anew."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="screening_clearances")
    rule = models.CharField(max_length=60)
    note = models.CharField(_("note"), max_length=400, blank=True)
    by = models.ForeignKey("smpclinic.User", on_delete=models.PROTECT, related_name="+")
    on_date = models.DateField()
    at = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return self.rule


class DoctorsAnswer(models.TextChoices):
    """What the doctor ticked on the paper; empty where the letter is in the doctor's own words."""

    CLEAR = LetterAnswer.CLEAR, _("Nothing stands against the treatment")
    WITH_CARE = LetterAnswer.WITH_CARE, _("It is possible, with something to mind")
    NOT_NOW = LetterAnswer.NOT_NOW, _("It should not be done now")
    OWN_WORDS = LetterAnswer.OWN_WORDS, _("In words of its own, for a practitioner to read")


class DoctorLetterQuerySet(models.QuerySet):
    def awaited(self):
        """Asked for, and not come yet."""
        return self.filter(received_at__isnull=True)

    def to_accept(self):
        """Come, not read by a practitioner yet, and no "not now" whose day is still ahead."""
        come = self.filter(received_at__isnull=False, accepted_at__isnull=True)
        not_now = Q(answer=DoctorsAnswer.NOT_NOW)
        return come.exclude(not_now & (Q(possible_from__isnull=True) | Q(possible_from__gt=timezone.localdate())))

    def overdue(self, *, on):
        """Awaited beyond the day they were expected by."""
        return self.awaited().filter(due_on__lt=on)


class DoctorLetter(Identified):
    """requested (printed) -> received (file, doctor, date, answer) -> accepted."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="doctor_letters")
    rule = models.CharField(max_length=60)
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey("smpclinic.User", on_delete=models.PROTECT, related_name="+")
    doctor = models.CharField(_("doctor"), max_length=160, blank=True)
    dated_on = models.DateField(_("date of the letter"), null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    file = models.CharField(max_length=200, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    answer = models.CharField(_("answer"), max_length=20, choices=DoctorsAnswer.choices, blank=True)
    to_mind = models.CharField(_("what to mind"), max_length=400, blank=True)
    possible_from = models.DateField(_("possible from"), null=True, blank=True)
    due_on = models.DateField(_("expected by"), null=True, blank=True)
    request = models.ForeignKey(
        "intake.IssuedDocument", null=True, blank=True, on_delete=models.PROTECT, related_name="letters"
    )
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey("smpclinic.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = DoctorLetterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(answer__in=DoctorsAnswer.values), name="letter_answer_known"),
        ]

    def __str__(self):
        return f"{self.patient}: {self.rule}"

    @property
    def media_type(self) -> str:
        """What kind of file the answer is; empty without one."""
        return "" if not self.file else "application/pdf" if self.file.endswith(".pdf") else "image/jpeg"
