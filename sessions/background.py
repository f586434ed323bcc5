"""What the session room does by itself."""

from sessions.actions.uploads import forget_old_uploads
from sessions.verifying import NIGHTLY, problems
from smpclinic.outbox import GiveUp, every, handler


@every(hours=24, offset_minutes=4 * 60)
@handler("forget_uploads")
def forget_uploads(item) -> None:
    """Photos that were sent in part and never finished are no part of any record."""
    forget_old_uploads()


@every(hours=24, offset_minutes=3 * 60 + 30)
@handler(NIGHTLY, most_attempts=1, lease_s=4 * 60 * 60)
def verify_records(item) -> None:
    """Compare every signed record with its seal; the first that differs stands on Today for who reads the trail."""
    for words in problems():
        raise GiveUp(words[:300])
