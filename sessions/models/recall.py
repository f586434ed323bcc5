"""A recall: which product or lots, why, and who has been told of it, by whom, how and when."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from smpclinic.models import Lot
from smpclinic.models.audit import Acted
from smpclinic.models.identity import Identified


class Recall(Identified, Acted):
    """Chosen lots of a product, or all of them: those that came since included."""

    product = models.ForeignKey("smpclinic.Product", on_delete=models.PROTECT, related_name="recalls")
    all_lots = models.BooleanField(_("all lots"), default=False)
    lots = models.ManyToManyField("smpclinic.Lot", related_name="recalls", blank=True, verbose_name=_("lots"))
    reason = models.CharField(_("who recalled it and why"), max_length=200)
    at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("recall")
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="recall_has_a_reason"),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_reason="")
                | Q(lifted_at__isnull=False) & ~Q(lifted_reason=""),
                name="recall_lifted_with_a_reason",
            ),
        ]

    def __str__(self):
        return f"{self.product}"

    def get_absolute_url(self):
        return reverse("sessions:recall", args=[self.public_id])

    @property
    def is_lifted(self) -> bool:
        return self.lifted_at is not None

    def lots_meant(self):
        """The lots it is about (one query)."""
        return Lot.objects.filter(product=self.product_id) if self.all_lots else self.lots.all()


class ToldBy(models.TextChoices):
    LETTER = "letter", _("Letter")
    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Phone")
    IN_PERSON = "in_person", _("In person")
    NOT_REACHED = "not_reached", _("Tried, not reached")


class RecallTelling(Acted):
    """One patient told, or tried to be told, of one recall. Rows are added, never changed."""

    recall = models.ForeignKey(Recall, on_delete=models.PROTECT, related_name="tellings")
    patient = models.ForeignKey("intake.Patient", on_delete=models.PROTECT, related_name="recall_tellings")
    way = models.CharField(_("how"), max_length=12, choices=ToldBy.choices)
    note = models.CharField(_("note"), max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("told of a recall")
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(way__in=ToldBy.values), name="recall_telling_way_known"),
        ]

    def __str__(self):
        return self.get_way_display()
