"""What the session room does by itself."""

from sessions.actions.uploads import forget_old_uploads
from smpclinic.outbox import every, handler


@every(hours=24, offset_minutes=4 * 60)
@handler("forget_uploads")
def forget_uploads(item) -> None:
    """Photos that were sent in part and never finished are no part of any record."""
    forget_old_uploads()
