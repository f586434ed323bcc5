"""The clinic's profile and places."""

from copy import copy, deepcopy
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from smpclinic import kept
from smpclinic.models.identity import Identified


def validate_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(_("%(name)s is no time zone; use a name such as Europe/Madrid."), params={"name": name})


class Paper(models.TextChoices):
    A4 = "A4", _("A4")
    LETTER = "letter", _("Letter")


class ClinicProfile(models.Model):
    """The one row that says whose clinic this is."""

    name = models.CharField(_("clinic's name"), max_length=120)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    address = models.TextField(_("address"), max_length=400, blank=True)
    emergency_number = models.CharField(_("emergency number"), max_length=20, default="112")
    time_zone = models.CharField(_("time zone"), max_length=60, default="UTC", validators=[validate_time_zone])
    language = models.CharField(_("language"), max_length=10, default="en")
    locale = models.CharField(_("locale for dates and numbers"), max_length=20, default="en_GB")
    currency = models.CharField(
        _("currency"),
        max_length=3,
        default="EUR",
        validators=[RegexValidator(r"^[A-Z]{3}$", _("Use three letters, such as EUR."))],
    )
    paper = models.CharField(_("paper"), max_length=10, choices=Paper.choices, default=Paper.A4)
    minimum_age_years = models.PositiveSmallIntegerField(_("minimum age in years"), default=18)
    gap_days = models.PositiveSmallIntegerField(_("days between two sessions, at least"), default=2)
    patients_shared = models.BooleanField(_("patients are shared between locations"), default=True)
    settings = models.JSONField(_("treatment defaults"), default=dict, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="clinic_profile_is_one"),
            models.CheckConstraint(
                condition=Q(gap_days__gte=2),
                name="clinic_gap_at_least_two_days",
                violation_error_message=_("Sessions are at least 2 days apart; you may raise this, never lower it."),
            ),
            models.CheckConstraint(
                condition=Q(minimum_age_years__gte=18),
                name="clinic_minimum_age_at_least_18",
                violation_error_message=_("The minimum age is 18 or more."),
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        kept.forget("clinic profile")

    @classmethod
    def current(cls) -> "ClinicProfile":
        """This clinic's profile; a nameless default until set-up has saved one (one query in a piece of work)."""
        found = kept.once("clinic profile", lambda: cls.objects.filter(pk=1).first() or cls(pk=1, name=""))
        mine = copy(found)  # whoever fills a form with it may change it
        mine.settings = deepcopy(found.settings)
        return mine

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class Location(Identified):
    name = models.CharField(_("name"), max_length=80, unique=True)
    address = models.TextField(_("address"), max_length=400, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class Room(Identified):
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="rooms", verbose_name=_("location"))
    name = models.CharField(_("name"), max_length=80)
    equipment = models.CharField(_("what it has"), max_length=200, blank=True)
    cleaning_min = models.PositiveSmallIntegerField(_("minutes of cleaning after each visit"), default=15)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering = ["location", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["location", "name"],
                name="room_name_once_per_location",
                violation_error_message=_("This location already has a room of that name."),
            ),
            models.CheckConstraint(condition=Q(cleaning_min__lte=120), name="room_cleaning_at_most_two_hours"),
        ]

    def __str__(self):
        return self.name
