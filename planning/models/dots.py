"""The dots that signed sessions placed: written by the act of signing, read by plans."""

from django.db import models
from django.db.models import Q

from planning.models.plan import PlannedSession, TreatmentPlan
from planning.models.shade import ShadeStep


class DotsQuerySet(models.QuerySet):
    def of(self, patient):
        """What was placed on a patient, work recorded under records merged into it included; voided work left out."""
        plans = TreatmentPlan.objects.filter(Q(patient=patient) | Q(patient__merged_into=patient))
        return self.filter(planned_session__plan__in=plans, is_void=False)


class DotsDone(models.Model):
    """What one signed session placed in one zone: dots per cm2 of the area that the plan treats there.

    ``shade_step``: the darkest step of the ladder used there; none where no mix was of the ladder.
    """

    planned_session = models.ForeignKey(PlannedSession, on_delete=models.PROTECT, related_name="dots_done")
    session_id = models.UUIDField()
    zone = models.CharField(max_length=30)
    dots_per_cm2 = models.DecimalField(max_digits=6, decimal_places=1)
    shade_step = models.ForeignKey(ShadeStep, null=True, on_delete=models.PROTECT, related_name="+")
    performed_on = models.DateField()
    is_void = models.BooleanField(default=False)

    objects = DotsQuerySet.as_manager()

    class Meta:
        ordering = ["performed_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["session_id", "zone"], name="dots_done_once"),
            models.CheckConstraint(condition=Q(dots_per_cm2__gt=0), name="dots_done_positive"),
        ]

    def __str__(self):
        return f"{self.zone}: {self.dots_per_cm2}"
