"""Read the changes a tablet sends: each value is cleaned by the field of the form it was typed in."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware
from django.utils.translation import gettext as _

from sessions.actions.changes import ADD, CLOCK, PASS, PRESSES, REACTION, SESSION, Change
from sessions.forms.closing import ReactionForm
from sessions.forms.materials import MachineForm
from sessions.forms.passes import PassForm
from sessions.forms.readiness import RoomForm
from sessions.forms.times import moment_on
from sessions.models import TreatmentSession

MOST_BYTES = 400_000
MOST_AT_ONCE = 200
SKIN = "skin"
COLUMNS = {
    "started": "started_at",
    "stopped": "stopped_at",
    "on": "anaesthetic_on_at",
    "off": "anaesthetic_off_at",
}
MACHINE = ("machine", "speed_hz", "voltage_v", "viscosity", "on", "off")


class _Head(forms.Form):
    """What every change says of itself."""

    id = forms.UUIDField()
    sequence = forms.IntegerField(min_value=0, max_value=2**31 - 1)
    target = forms.CharField(max_length=50)
    field = forms.CharField(max_length=40)

    def clean_target(self):
        target = self.cleaned_data["target"]
        if target not in (SESSION, REACTION):
            prefix, _colon, public_id = target.partition(":")
            if prefix + ":" != PASS:
                raise ValidationError(_("There is no such part of the record."))
            forms.UUIDField().clean(public_id)
        return target


def read_changes(body: bytes, session: TreatmentSession) -> list[Change]:
    """The changes in a request's body, in JSON; a ValidationError in words where it is none of ours.

    ``{"device": UUID, "changes": [{"id", "sequence", "target", "field", "value", "was", "at"}]}``
    """
    told = _json(body)
    rows = told.get("changes")
    if not isinstance(rows, list) or len(rows) > MOST_AT_ONCE or not all(isinstance(row, dict) for row in rows):
        raise ValidationError(_("These changes cannot be read. Reload the page; what you typed is kept."))
    device = forms.UUIDField().clean(told.get("device"))
    reader = _Reader(session)
    return [reader.read(row, device) for row in rows]


def _json(body: bytes) -> dict:
    if len(body) > MOST_BYTES:
        raise ValidationError(_("Too many changes at once."))
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise ValidationError(_("These changes cannot be read. Reload the page; what you typed is kept."))
    return told


class _Reader:
    """The forms of one record, made where a change needs them."""

    def __init__(self, session: TreatmentSession):
        self.session = session

    @cached_property
    def _pass_form(self) -> PassForm:
        return PassForm(session=self.session)

    @cached_property
    def _session_fields(self) -> dict[str, forms.Field]:
        machine, room = MachineForm(row=self.session).fields, RoomForm(row=self.session).fields
        fields = {name: machine[name] for name in MACHINE} | {name: room[name] for name in RoomForm.SEEN}
        return fields | {"note": ReactionForm.base_fields["note"]}

    def read(self, row: dict, device: UUID) -> Change:
        head = _Head({name: row.get(name) for name in _Head.base_fields})
        if not head.is_valid():
            raise ValidationError([words for errors in head.errors.values() for words in errors])
        told = head.cleaned_data
        values, was, problems = {}, {}, {}
        try:
            values = self._values(told["target"], told["field"], row.get("value"))
            was = self._was(told["target"], told["field"], row.get("was"))
        except ValidationError as refusal:
            problems = refusal.message_dict if hasattr(refusal, "error_dict") else {told["field"]: refusal.messages}
        return Change(
            change_id=told["id"],
            device=device,
            sequence=told["sequence"],
            target=told["target"],
            field=told["field"],
            values=values,
            was=was,
            made_at=_moment(row.get("at")),
            problems=problems,
        )

    def _values(self, target: str, name: str, value: object) -> dict[str, object]:
        if target == REACTION:
            return self._reaction(value)
        if target.startswith(PASS) and name == ADD:
            return self._new_pass(value, target.removeprefix(PASS))
        if target.startswith(PASS) and name == CLOCK:
            if value not in PRESSES:
                raise ValidationError(_("The clock is started, paused or stopped."))
            return {"press": value}
        if target == SESSION and name == SKIN:
            return {SKIN: self._skin(value)}
        fields = self._session_fields if target == SESSION else self._pass_form.fields
        if name not in fields or name in ("seen", "new_id"):
            raise ValidationError(_("There is no such field in the record."))
        return self._columns(name, fields[name].clean(value))

    def _was(self, target: str, name: str, was: object) -> dict[str, object]:
        """What the device knew; where that makes no sense it knew nothing, and anything found there is a clash."""
        if was is None or name in (ADD, CLOCK):
            return {}
        try:
            return {key: value for key, value in self._values(target, name, was).items() if key != "pauses"}
        except ValidationError:
            return {COLUMNS.get(name, name): None}

    def _columns(self, name: str, value: object) -> dict[str, object]:
        """A cleaned value as columns of the row; a pass without its start has no stop and no pauses either."""
        if name not in COLUMNS:
            return {name: value}
        columns: dict[str, object] = {COLUMNS[name]: moment_on(self.session.appointment.day, value)}  # type: ignore[arg-type]
        return columns | {"stopped_at": None, "pauses": []} if columns.get("started_at", 0) is None else columns

    def _new_pass(self, value: object, public_id: str) -> dict[str, object]:
        data = value if isinstance(value, Mapping) else {}
        form = PassForm(data | {"new_id": public_id}, session=self.session)
        if not form.is_valid():
            raise ValidationError({name: list(words) for name, words in form.errors.items()})
        return form.pass_fields()

    def _reaction(self, value: object) -> dict[str, object]:
        data = dict(value) if isinstance(value, Mapping) else {}
        form = ReactionForm(data | {"note": ""}, row=self.session)
        if not form.is_valid():
            raise ValidationError({name: list(words) for name, words in form.errors.items()})
        told = form.reaction()
        return told | {"kinds": sorted(told["kinds"])}

    def _skin(self, value: object) -> list[str]:
        given = value if isinstance(value, list) else []
        fields = MachineForm.base_fields
        resistances = {str(code) for code, _name in fields["resistance"].choices if code}
        states = fields["states"].clean([one for one in given if one not in resistances])
        return [*[one for one in given if one in resistances][:1], *states]


def _moment(told: object) -> datetime | None:
    try:
        moment = parse_datetime(told) if isinstance(told, str) else None
    except ValueError:
        return None
    return moment if moment is not None and is_aware(moment) else None
