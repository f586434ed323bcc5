"""How long a lot may be used: to its expiry, or so many months once it is open, whichever comes first."""

from datetime import date

from intake.dates import add_months


def open_until(opened_on: date | None, months_after_opening: int | None) -> date | None:
    """The last day of a lot's life once open; None while it is shut, or where the product names no months."""
    if opened_on is None or months_after_opening is None:
        return None
    return add_months(opened_on, months_after_opening)


def usable_until(*, expires_on: date | None, opened_on: date | None, months_after_opening: int | None) -> date | None:
    """The last day a lot may be used; None where nothing limits it.

    >>> usable_until(expires_on=date(2027, 1, 31), opened_on=date(2026, 3, 31), months_after_opening=6)
    datetime.date(2026, 9, 30)
    """
    ends = [expires_on, open_until(opened_on, months_after_opening)]
    return min((end for end in ends if end is not None), default=None)
