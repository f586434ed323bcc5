"""The patient register."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from smpclinic.models.identity import Identified


class PatientQuerySet(models.QuerySet):
    def of(self, patient):
        """The record itself and those merged into it."""
        return self.filter(Q(pk=patient.pk) | Q(merged_into=patient))

    def current(self):
        """Patients whose record was not merged into another."""
        return self.filter(merged_into__isnull=True)

    def visible_to(self, user):
        """Whom a member of staff may open: all, or those of the user's locations where patients are not shared."""
        from smpclinic.models import ClinicProfile

        if ClinicProfile.current().patients_shared:
            return self
        return self.filter(Q(home_location__isnull=True) | Q(home_location__in=user.locations.all()))


class Sex(models.TextChoices):
    FEMALE = "female", _("Female")
    MALE = "male", _("Male")
    NOT_SAID = "not_said", _("Not said")


class Patient(Identified):
    """A person the clinic knows. Never hard-deleted; a duplicate gets ``merged_into``.

    Only name and phone are asked at registration; an unknown birth date is missing, and blocks approval as
    under-age would.
    """

    record_number = models.CharField(_("record number"), max_length=12, unique=True, editable=False)
    full_name = models.CharField(_("name"), max_length=160)
    preferred_name = models.CharField(_("preferred name"), max_length=80, blank=True)
    pronoun = models.CharField(_("pronoun"), max_length=30, blank=True)
    born_on = models.DateField(_("date of birth"), null=True, blank=True)
    sex = models.CharField(_("sex"), max_length=10, choices=Sex.choices, default=Sex.NOT_SAID)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    second_phone = models.CharField(_("second phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    address = models.TextField(_("postal address"), max_length=400, blank=True)
    doctor = models.CharField(_("doctor"), max_length=160, blank=True)
    id_kind = models.CharField(_("identity document seen"), max_length=60, blank=True)
    id_seen_by = models.ForeignKey("smpclinic.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    id_seen_at = models.DateTimeField(null=True, blank=True)
    may_leave_message = models.BooleanField(_("we may leave a message"), default=False)
    may_say_who_we_are = models.BooleanField(_("we may say who we are"), default=False)
    may_print_name_on_post = models.BooleanField(_("post may carry the clinic's name"), default=False)
    emergency_contact = models.CharField(_("emergency contact"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=10, default="en")
    large_print = models.BooleanField(_("large print"), default=False)
    notes = models.TextField(_("notes"), max_length=2000, blank=True)
    photo = models.ForeignKey("intake.Photo", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    home_location = models.ForeignKey(
        "smpclinic.Location", null=True, blank=True, on_delete=models.PROTECT, related_name="patients"
    )
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_from")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PatientQuerySet.as_manager()

    class Meta:
        ordering = ["full_name", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(full_name=""), name="patient_has_a_name"),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=models.F("id")),
                name="patient_not_merged_into_itself",
            ),
            models.CheckConstraint(condition=Q(sex__in=Sex.values), name="patient_sex_known"),
        ]

    def __str__(self):
        return self.full_name

    @property
    def called(self) -> str:
        """What to call this person."""
        return self.preferred_name or self.full_name

    def public_ids(self) -> list:
        """Under which the trail speaks of this person: this record and those merged into it (one query)."""
        return [self.public_id, *self.merged_from.values_list("public_id", flat=True)]

    @property
    def portrait_url(self) -> str:
        """Where the photo at the head of the record is; empty without one (a query where it is not loaded)."""
        return reverse("intake:photo", args=[self.photo.public_id]) if self.photo_id else ""

    def get_absolute_url(self):
        return reverse("patient", args=[self.public_id])


class AlertQuerySet(models.QuerySet):
    def standing(self):
        """Alerts that have not ended."""
        return self.filter(ended_at__isnull=True)


class PatientAlert(models.Model):
    """Something that everybody who opens the record must see. It ends, with a name and a time; it is never deleted."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="alerts")
    words = models.CharField(_("alert"), max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)
    raised_by = models.ForeignKey("smpclinic.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey("smpclinic.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = AlertQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(words=""), name="alert_says_something", violation_error_message=_("Write what to know.")
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=False) | Q(ended_by__isnull=True), name="alert_ended_by_at_a_time"
            ),
        ]

    def __str__(self):
        return self.words


class PatientMerge(Identified):
    """Two records turned out to be one person: ``loser`` goes on as ``winner``, for good.

    The row is written first. The database lets the loser's rows change their patient only because of it, and lets the
    loser be marked as merged only when nothing active is left behind.
    """

    winner = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="merges")
    loser = models.OneToOneField(Patient, on_delete=models.PROTECT, related_name="merge_away")
    at = models.DateTimeField()
    by = models.ForeignKey("smpclinic.User", null=True, on_delete=models.PROTECT, related_name="+")
    moved = models.JSONField(default=dict)
    taken = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(winner=models.F("loser")), name="merge_of_two_records"),
        ]

    def __str__(self):
        return f"{self.loser_id} -> {self.winner_id}"


class SearchTerm(models.Model):
    """One folded beginning to find a patient by: a name part, phone digits, birth date or record number."""

    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="search_terms")
    term = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["patient", "term"], name="search_term_once")]
        # Covers a range over the term and gives the patient without reading the row.
        indexes = [models.Index(fields=["term", "patient"], name="search_term_prefix")]

    def __str__(self):
        return self.term
