"""What every record that people or links refer to has in common."""

import uuid

from django.db import models


class Identified(models.Model):
    """Big integers inside; ``public_id`` in addresses and in sealed content."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True
