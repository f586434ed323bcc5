"""A date in an address. The calendar reaches over two centuries; arithmetic with days near its ends stays safe."""

from datetime import date

FIRST_DAY, LAST_DAY = date(1971, 1, 1), date(2170, 12, 31)


class DayConverter:
    """2026-11-26; anything that is no date is no page."""

    regex = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        day = date.fromisoformat(value)  # ValueError means "no such page" to Django
        if not FIRST_DAY <= day <= LAST_DAY:
            raise ValueError(f"{day} lies outside the calendar")
        return day

    def to_url(self, value: date) -> str:
        return value.isoformat()
