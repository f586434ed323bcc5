"""What the clinic has changed about a kind of visit; what it has not stays as planning.kinds says."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from planning.models.appointment import AppointmentKind

SHORTEST_MIN, LONGEST_MIN = 5, 240
# The others take their minutes from the plan and always need the qualification.
WITHOUT_A_PLAN = ("consultation", "patch_test", "patch_reading", "healing_check")


class VisitKind(models.Model):
    """The usual minutes of one kind of visit, and whether a valid qualification is asked for it."""

    kind = models.CharField(_("kind"), max_length=14, choices=AppointmentKind.choices, unique=True)
    minutes = models.PositiveSmallIntegerField(
        _("usual minutes"), validators=[MinValueValidator(SHORTEST_MIN), MaxValueValidator(LONGEST_MIN)]
    )
    needs_qualification = models.BooleanField(_("only with a valid qualification"), default=False)

    class Meta:
        verbose_name = _("kind of visit")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=WITHOUT_A_PLAN), name="visit_kind_without_a_plan"),
            models.CheckConstraint(
                condition=Q(minutes__range=(SHORTEST_MIN, LONGEST_MIN)),
                name="visit_kind_minutes_in_range",
                violation_error_message=_("A visit of this kind lasts 5 to 240 minutes."),
            ),
        ]

    def __str__(self):
        return self.get_kind_display()
