"""How often something was tried: sign-in, a link's date of birth, a PIN."""

from django.db import models
from django.db.models import Q


class TryCount(models.Model):
    """One counter. ``key_hash`` is a keyed hash: no name and no address is kept here.

    Moments are whole seconds since 1970, so that one SQL statement can compare and
    change them alike on SQLite and PostgreSQL.
    """

    bucket = models.CharField(max_length=40)
    key_hash = models.CharField(max_length=64)
    tries = models.PositiveIntegerField()
    window_ends_s = models.BigIntegerField()
    next_try_s = models.BigIntegerField(default=0)

    class Meta:
        app_label = "smpclinic"
        indexes = [models.Index(fields=["window_ends_s"], name="trycount_window_ends")]
        constraints = [
            models.UniqueConstraint(fields=["bucket", "key_hash"], name="trycount_one_per_key"),
            models.CheckConstraint(condition=Q(tries__gte=1), name="trycount_counts_from_one"),
        ]

    def __str__(self):
        return f"{self.bucket}: {self.tries}"
