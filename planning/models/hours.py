"""When people and rooms can be booked: weekly hours, time off, holidays. Local minutes of the day, local dates."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

WEEKDAYS = [
    (0, _("Monday")),
    (1, _("Tuesday")),
    (2, _("Wednesday")),
    (3, _("Thursday")),
    (4, _("Friday")),
    (5, _("Saturday")),
    (6, _("Sunday")),
]


class WeeklyHours(models.Model):
    """Opening hours of a location (no user) or working hours of somebody there; several rows a day make a break."""

    location = models.ForeignKey("smpclinic.Location", on_delete=models.CASCADE, related_name="hours")
    user = models.ForeignKey("smpclinic.User", null=True, blank=True, on_delete=models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField(_("day"), choices=WEEKDAYS)
    starts_min = models.PositiveSmallIntegerField(_("from"))
    ends_min = models.PositiveSmallIntegerField(_("to"))

    class Meta:
        ordering = ["location", "user", "weekday", "starts_min"]
        constraints = [
            models.CheckConstraint(condition=Q(weekday__range=(0, 6)), name="hours_weekday_known"),
            models.CheckConstraint(
                condition=Q(ends_min__gt=models.F("starts_min")) & Q(ends_min__lte=1440),
                name="hours_end_after_start",
                violation_error_message=_("Hours must end after they start, by midnight."),
            ),
        ]

    def __str__(self):
        return f"{self.get_weekday_display()} {self.starts_min // 60:02}:{self.starts_min % 60:02}"


class TimeOff(models.Model):
    """Somebody is away, or (no user) the clinic or a location is closed; whole local days unless minutes are given."""

    user = models.ForeignKey("smpclinic.User", null=True, blank=True, on_delete=models.CASCADE, related_name="time_off")
    location = models.ForeignKey(
        "smpclinic.Location", null=True, blank=True, on_delete=models.CASCADE, related_name="closures"
    )
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    starts_min = models.PositiveSmallIntegerField(_("from"), null=True, blank=True)
    ends_min = models.PositiveSmallIntegerField(_("to"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=120, blank=True)

    class Meta:
        ordering = ["first_day"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=models.F("first_day")),
                name="time_off_ends_after_it_starts",
                violation_error_message=_("Time off cannot end before it starts."),
            ),
            models.CheckConstraint(
                condition=Q(starts_min__isnull=True, ends_min__isnull=True)
                | Q(ends_min__gt=models.F("starts_min"), ends_min__lte=1440),
                name="time_off_part_of_a_day",
            ),
        ]

    def __str__(self):
        return self.reason or f"{self.first_day} - {self.last_day}"

    @property
    def hours(self) -> str:
        """The part of each day, as "09:00-12:30"; empty for whole days."""
        if self.starts_min is None:
            return ""
        return f"{self.starts_min // 60:02}:{self.starts_min % 60:02}–{self.ends_min // 60:02}:{self.ends_min % 60:02}"
