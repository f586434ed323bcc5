"""Make the changes a tablet has kept, in its order and each exactly once, however often it sends them."""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sessions.actions.locking import ChangedMeanwhile, as_text, open_record, refuse_stale, whole_record
from sessions.actions.opening import prepare_session
from sessions.actions.passes import note_reaction, save_pass, start_clock, stop_clock
from sessions.models import AppliedChange, TreatmentSession, ZonePass
from smpclinic.actors import Actor
from smpclinic.saving import save_checked

SESSION, REACTION, PASS = "session", "reaction", "pass:"
ADD, CLOCK = "add", "clock"
PRESSES = ("start", "pause", "stop")


class Result(StrEnum):
    APPLIED = "applied"
    ALREADY = "already"
    REFUSED = "refused"
    CHANGED = "changed"


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change as its form read it.

    ``values``: columns and their new values (``press`` for a clock); ``was``: what the device last knew of them,
    empty where there was nothing to know; ``problems``: what the form refused, by field.
    """

    change_id: UUID
    device: UUID
    sequence: int
    target: str
    field: str
    values: Mapping[str, object] = dataclasses.field(default_factory=dict)
    was: Mapping[str, object] = dataclasses.field(default_factory=dict)
    made_at: datetime | None = None
    problems: Mapping[str, list[str]] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """What became of one change; ``words``: why it was not made, by field ("" for none in particular)."""

    change_id: UUID
    result: Result
    words: Mapping[str, list[str]] = dataclasses.field(default_factory=dict)


def apply_changes(*, session: TreatmentSession, changes: Iterable[Change], by: Actor) -> list[Outcome]:
    """Make each change in the order of its device, each in a transaction of its own; a refusal stops no other.

    A change that was made before is not made again. One field that somebody else changed meanwhile is refused
    (``Result.CHANGED``), other fields of the same row are merged.
    """
    outcomes = []
    for change in sorted(changes, key=lambda change: change.sequence):
        try:
            result = _apply_once(session, change, by)
        except ChangedMeanwhile as clash:
            outcomes.append(Outcome(change.change_id, Result.CHANGED, {change.field: clash.messages}))
        except ValidationError as refusal:
            outcomes.append(Outcome(change.change_id, Result.REFUSED, _by_field(refusal)))
        else:
            outcomes.append(Outcome(change.change_id, result))
    return outcomes


@transaction.atomic
def _apply_once(session: TreatmentSession, change: Change, by: Actor) -> Result:
    session = whole_record(session)
    if made := AppliedChange.objects.filter(change_id=change.change_id).first():
        if made.session_id != session.pk:
            raise ValidationError(_("This change belongs to another record."))
        return Result.ALREADY
    session = open_record(session)
    if change.problems:
        raise ValidationError(dict(change.problems))
    _make(session, change, by)
    made = AppliedChange(
        change_id=change.change_id,
        session=session,
        device=change.device,
        sequence=change.sequence,
        target=change.target,
        field=change.field,
        made_at=change.made_at,
        applied_at=timezone.now(),
        by=by.user,
    )
    save_checked(made)
    return Result.APPLIED


def _make(session: TreatmentSession, change: Change, by: Actor) -> None:
    if change.target == SESSION:
        _refuse_clash(session, change)
        prepare_session(session=session, by=by, seen=None, **change.values)
    elif change.target == REACTION:
        _note_reaction(session, change, by)
    elif change.field == ADD:
        save_pass(session=session, fields=change.values, new_id=UUID(change.target.removeprefix(PASS)), by=by)
    else:
        _change_pass(session, change, by)


def _change_pass(session: TreatmentSession, change: Change, by: Actor) -> None:
    row = session.passes.filter(public_id=change.target.removeprefix(PASS)).first()
    if row is None:
        raise ValidationError(_("This pass is not in the record: somebody took it out, or it was refused."))
    if change.field == CLOCK:
        _press_clock(session, row, change, by)
        return
    _refuse_clash(row, change)
    save_pass(session=session, number=row.number, fields=change.values, by=by)


def _press_clock(session: TreatmentSession, row: ZonePass, change: Change, by: Actor) -> None:
    """At the moment it was pressed: a tablet that was cut off sends it later."""
    act = start_clock if change.values["press"] == "start" else stop_clock
    at = min(max(change.made_at or timezone.now(), session.opened_at), timezone.now())
    act(session=session, number=row.number, at=at, by=by)


def _note_reaction(session: TreatmentSession, change: Change, by: Actor) -> None:
    now = reaction_now(session)
    if change.was and now not in (change.was, change.values):
        raise ChangedMeanwhile(_("The reaction was changed meanwhile by somebody else."))
    kinds = change.values["kinds"]
    rest = {name: change.values[name] for name in ("pain", "zone", "note")}
    note_reaction(session=session, kinds=kinds, by=by, **rest)  # type: ignore[arg-type]  # cleaned by ReactionForm


def reaction_now(session: TreatmentSession) -> dict[str, object]:
    """The reaction as ``note_reaction`` takes it."""
    rows = list(session.reactions.order_by("id"))
    return {
        "kinds": sorted(row.kind for row in rows),
        "pain": next((row.pain for row in rows if row.pain is not None), None),
        "zone": next((row.zone for row in rows if row.zone), ""),
        "note": next((row.note for row in rows if row.note), ""),
    }


def _refuse_clash(row: TreatmentSession | ZonePass, change: Change) -> None:
    """Where a value is neither what the device knew nor what it wants, somebody else set it."""
    seen = {
        name: as_text(was)
        for name, was in change.was.items()
        if not _same(getattr(row, name), was) and not _same(getattr(row, name), change.values.get(name))
    }
    refuse_stale(row, seen)


def _same(one: object, other: object) -> bool:
    return one == other or as_text(one) == as_text(other)


def _by_field(refusal: ValidationError) -> dict[str, list[str]]:
    if hasattr(refusal, "error_dict"):
        return {name if name != "__all__" else "": words for name, words in refusal.message_dict.items()}
    return {"": list(refusal.messages)}
