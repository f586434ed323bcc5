"""Give a practitioner a private calendar address, and take it back."""

import hashlib
import secrets

from django.db import transaction
from django.utils import timezone

from planning.models import CalendarFeed
from smpclinic import audit
from smpclinic.actors import Actor
from smpclinic.models import User

TOKEN_BYTES = 32


def hash_of(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def open_feed(*, user: User, by: Actor) -> str:
    """A new address's token, told this once; an earlier address stops working."""
    close_feed(user=user, by=by)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    feed = CalendarFeed.objects.create(user=user, token_sha256=hash_of(token), created_at=timezone.now())
    audit.record(by=by, verb="opened calendar feed", subject=feed)
    return token


@transaction.atomic
def close_feed(*, user: User, by: Actor) -> None:
    """End the user's address; without one, nothing happens."""
    for feed in CalendarFeed.objects.select_for_update().filter(user=user, revoked_at__isnull=True):
        feed.revoked_at = timezone.now()
        feed.save(update_fields=["revoked_at"])
        audit.record(by=by, verb="revoked calendar feed", subject=feed)
