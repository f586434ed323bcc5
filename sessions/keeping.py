"""What a page needs so that its changes survive on the tablet: where they go, whose they are, their key.

The key is made for one person and one record and is never stored on the device: whoever else takes the tablet, or signs
in on it, can neither read nor send what lies there.
"""

import base64
import time
from dataclasses import dataclass

from django.urls import reverse
from django.utils.crypto import salted_hmac

from sessions.models import TreatmentSession

SALT = "smpclinic.sessions.keeping"


@dataclass(frozen=True)
class Keeping:
    """``owner`` tells people apart without naming them; ``now_ms``: the server's clock, in ms since 1970."""

    url: str
    record: str
    owner: str
    key: str
    now_ms: str


def keeping_of(session: TreatmentSession, user) -> Keeping:
    """For the pages of an open record; the key changes with the person, the record and the clinic's secret."""
    return Keeping(
        url=reverse("sessions:changes", args=[session.public_id]),
        record=str(session.public_id),
        owner=salted_hmac(f"{SALT}.owner", str(user.pk), algorithm="sha256").hexdigest()[:32],
        key=base64.b64encode(
            salted_hmac(f"{SALT}.key", f"{user.pk} {session.public_id}", algorithm="sha256").digest()
        ).decode(),
        now_ms=str(int(time.time() * 1000)),
    )
