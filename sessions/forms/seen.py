"""What a form showed when it was opened comes back with it, so that a stale save is noticed."""

import json

from django import forms
from django.db import models

from sessions.actions.locking import seen_values

LONGEST_SEEN = 8000


class SeenField(forms.CharField):
    """The values of a row as the person saw them; whatever is not whole counts as nothing seen of that row."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs):
        super().__init__(required=False, max_length=LONGEST_SEEN, **kwargs)

    def to_python(self, value):
        text = super().to_python(value)
        try:
            told = json.loads(text or "{}")
        except (ValueError, RecursionError):
            return {}
        return {str(name): str(was) for name, was in told.items()} if isinstance(told, dict) else {}


class SeenForm(forms.Form):
    """A form over the fields ``SEEN`` of one row. The model's field names are the form's."""

    SEEN: tuple[str, ...] = ()

    seen = SeenField()

    def __init__(self, *args, row: models.Model | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.row = row
        if row is not None and row.pk:
            self.initial["seen"] = self._current()

    def seen_before(self) -> dict[str, str] | None:
        """For the action: what was seen of this form's own fields; None where the row is new."""
        if self.row is None or not self.row.pk:
            return None
        told = self.cleaned_data.get("seen", {})
        return {name: told.get(name, "") for name in self.SEEN}

    def look_again(self) -> None:
        """After a stale save: what is shown now counts as seen, what was typed stays."""
        self.row.refresh_from_db()
        self.data = self.data.copy()
        self.data[self.add_prefix("seen")] = self._current()

    def _current(self) -> str:
        return json.dumps(seen_values(self.row, list(self.SEEN)))
