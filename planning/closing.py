"""Whether visits may be booked now: the guards must stand, and the watch must have found nothing in the rows."""

import time

from django.utils.translation import gettext as _

from planning.models import BookingClosure
from smpclinic.database import guards
from smpclinic.health import check

SWEEP_EVERY_S = 60


class BookingClosed(Exception):
    """Nothing is booked or moved until what is wrong has been put right; the message says what."""


def reasons() -> list[str]:
    """Why booking is closed, in words; empty while it is open (two or three queries)."""
    found = [
        _("Booking is closed: %(reason)s. Ask whoever looks after the computer.") % {"reason": reason}
        for reason in guards.problems()[:1]
    ]
    if BookingClosure.objects.standing().exists():
        found.append(_("Booking is closed: visits stand where they may not. A manager sees which, and opens it again."))
    return found


def refuse_while_closed() -> None:
    """Raise BookingClosed while booking is closed."""
    if closed := reasons():
        raise BookingClosed(closed[0])


class _Sweeps:
    """``/healthz`` is open to strangers, so it makes the sweep at most once a minute in each process."""

    def __init__(self):
        self.done_at = float("-inf")

    def are_due(self) -> bool:
        is_due = time.monotonic() - self.done_at >= SWEEP_EVERY_S
        if is_due:
            self.done_at = time.monotonic()
        return is_due

    def forget(self) -> None:
        """Let the next question sweep again."""
        self.done_at = float("-inf")


sweeps = _Sweeps()


@check("bookings")
def booking_problems() -> list[str]:
    """Whether any visit stands where another stands; names nobody, as strangers may ask."""
    from planning.actions.closing import close_where_broken

    if sweeps.are_due():
        close_where_broken()
    closure = BookingClosure.objects.standing().first()
    return [f"booking is closed: {closure.found} visits stand where they may not"] if closure else []
