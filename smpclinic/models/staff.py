"""The clinic's people: accounts, roles, qualifications."""

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from smpclinic.models.identity import Identified
from smpclinic.models.places import Location
from smpclinic.roles import Permission, Role, granted


class StaffQuerySet(models.QuerySet):
    def practitioners(self):
        """Active staff who treat patients, by name."""
        return self.filter(is_active=True, staff_roles__role=Role.PRACTITIONER).distinct().order_by("display_name")


class StaffManager(UserManager.from_queryset(StaffQuerySet)):
    pass


class User(Identified, AbstractUser):
    """A member of staff. Patients never have an account; they come by private link."""

    display_name = models.CharField(_("name"), max_length=120, blank=True)
    initials = models.CharField(_("initials"), max_length=4, blank=True)
    tint = models.PositiveSmallIntegerField(_("colour in the calendar"), default=0)
    locations = models.ManyToManyField(Location, blank=True, related_name="staff", verbose_name=_("locations"))

    objects = StaffManager()

    class Meta:
        ordering = ["display_name", "username"]
        constraints = [
            models.CheckConstraint(
                condition=Q(tint__range=(0, 7)),
                name="user_tint_in_palette",
                violation_error_message=_("Choose one of the eight calendar colours."),
            )
        ]

    def __str__(self):
        return self.display_name or self.username

    @cached_property
    def roles(self) -> frozenset[str]:
        """The set of roles, read once per loaded user."""
        return frozenset(row.role for row in self.staff_roles.all())

    @cached_property
    def permissions(self) -> frozenset[Permission]:
        return granted(self.roles) if self.is_active else frozenset()

    def has(self, permission: Permission) -> bool:
        return permission in self.permissions

    def is_qualified(self, *, on) -> bool:
        """Whether a qualification that allows treating is valid on the given local date."""
        return any(q.allows_treatment and q.is_valid(on=on) for q in self.qualifications.all())


class StaffRole(models.Model):
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="staff_roles")
    role = models.CharField(max_length=20, choices=Role.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "role"], name="staff_role_once"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="staff_role_known"),
        ]

    def __str__(self):
        return f"{self.user}: {self.get_role_display()}"


class Qualification(models.Model):
    """A certificate that lets a practitioner sign plans and sessions, while it is valid."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="qualifications")
    title = models.CharField(_("qualification"), max_length=120)
    issuer = models.CharField(_("issued by"), max_length=120, blank=True)
    number = models.CharField(_("certificate number"), max_length=60, blank=True)
    allows_treatment = models.BooleanField(_("allows planning and treating"), default=True)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    class Meta:
        ordering = ["user", "valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=models.F("valid_from")),
                name="qualification_ends_after_it_starts",
                violation_error_message=_("A qualification cannot end before it starts."),
            )
        ]

    def __str__(self):
        return f"{self.title} ({self.user})"

    def is_valid(self, *, on) -> bool:
        return self.valid_from <= on and (self.valid_until is None or on <= self.valid_until)
