"""What the calendar does by itself."""

from planning.actions.closing import close_where_broken
from smpclinic.database import guards
from smpclinic.outbox import GiveUp, every, handler


@every(hours=24, offset_minutes=2 * 60 + 30)
@handler("watch_bookings")
def watch_bookings(item) -> None:
    """Compare the guards with what is written and the rows with the rules; a break closes booking and is seen."""
    problems = guards.problems()
    if closure := close_where_broken():
        problems.append(f"booking is closed: {closure.found} visits stand where they may not")
    if problems:
        raise GiveUp("; ".join(problems)[:300])
