"""Screening: the clinic's rules, and what staff decided about a finding."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from intake.models.patient import Patient
from smpclinic.models.identity import Identified


class ScreeningRule(models.Model):
    """One question and what a yes leads to; editable by the manager, read by ``intake.rules``."""

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
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["order", "code"]

    def __str__(self):
        return self.question


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


class DoctorLetter(Identified):
    """requested (printed) -> received (file, doctor, date) -> accepted."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="doctor_letters")
    rule = models.CharField(max_length=60)
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey("smpclinic.User", on_delete=models.PROTECT, related_name="+")
    doctor = models.CharField(_("doctor"), max_length=160, blank=True)
    dated_on = models.DateField(_("date of the letter"), null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    file = models.CharField(max_length=200, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey("smpclinic.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    def __str__(self):
        return f"{self.patient}: {self.rule}"
