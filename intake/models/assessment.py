"""What a practitioner saw: the grade of the pattern and the existing hair. Many rows a patient, so progress shows."""

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from intake.models.patient import Patient


class PatternGrade(models.Model):
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="grades")
    scale = models.CharField(_("scale"), max_length=20)
    grade = models.CharField(_("grade"), max_length=40)
    assessed_on = models.DateField(_("assessed on"))
    assessor = models.ForeignKey("smpclinic.User", on_delete=models.PROTECT, related_name="+")
    note = models.CharField(_("note"), max_length=400, blank=True)
    components = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["-assessed_on", "-id"]

    def __str__(self):
        return f"{self.scale} {self.grade}"


class Calibre(models.TextChoices):
    FINE = "fine", _("Fine")
    MEDIUM = "medium", _("Medium")
    COARSE = "coarse", _("Coarse")


class ColourKnownBy(models.TextChoices):
    """How a measured colour came about."""

    CARD = "card", _("Photo with a grey card")
    DEVICE = "device", _("Colour meter")
    EYE = "eye", _("By eye, against a chart")


class ExistingHair(models.Model):
    """The hair the result must blend with."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="hair")
    observed_on = models.DateField(_("seen on"))
    observer = models.ForeignKey("smpclinic.User", null=True, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField(
        _("natural level, 1 black to 10 lightest blond"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(10)],
    )
    measured_colour = models.CharField(
        _("measured colour"),
        max_length=7,
        blank=True,
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Write a colour as #2b2a29."))],
    )
    measured_skin = models.CharField(
        _("measured skin colour"),
        max_length=7,
        blank=True,
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Write a colour as #2b2a29."))],
    )
    colour_known_by = models.CharField(
        _("how the colour is known"), max_length=10, choices=ColourKnownBy.choices, blank=True
    )
    colour_photo = models.ForeignKey("intake.Photo", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    calibre = models.CharField(_("calibre"), max_length=10, choices=Calibre.choices, blank=True)
    is_shaved = models.BooleanField(_("kept shaved"), default=False)
    length_mm = models.PositiveSmallIntegerField(
        _("kept length"), null=True, blank=True, validators=[MaxValueValidator(1500)]
    )
    grey_percent = models.PositiveSmallIntegerField(
        _("grey share"), null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    skin_type = models.CharField(_("Fitzpatrick skin type"), max_length=3, blank=True)
    head_circumference_cm = models.DecimalField(
        _("head circumference"),
        max_digits=4,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(40), MaxValueValidator(75)],
    )
    density_by_zone = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["-observed_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(level__isnull=True) | Q(level__range=(1, 10)), name="hair_level_1_to_10"
            ),
            models.CheckConstraint(
                condition=Q(grey_percent__isnull=True) | Q(grey_percent__lte=100), name="hair_grey_at_most_100"
            ),
        ]

    def __str__(self):
        return f"{self.patient}, {self.observed_on}"
