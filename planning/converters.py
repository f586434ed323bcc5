"""A date in an address."""

from datetime import date


class DayConverter:
    """2026-11-26; anything that is no date is no page."""

    regex = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)  # ValueError means "no such page" to Django

    def to_url(self, value: date) -> str:
        return value.isoformat()
