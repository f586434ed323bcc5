"""Locations and rooms: add one, change one, take one out of use."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from django.db import transaction

from planning.outside import told_of_hits
from smpclinic import audit
from smpclinic.actors import Actor
from smpclinic.models import Location, Room

LOCATION_FIELDS = ("name", "address", "is_active")
ROOM_FIELDS = ("location", "name", "equipment", "cleaning_min", "is_active")
Row = TypeVar("Row", Location, Room)


@transaction.atomic
def save_location(
    *, location: Location | None = None, by: Actor, hits_accepted: bool = False, **fields: object
) -> Location:
    """A new location (None) or a changed one. ValidationError names the field; HitsVisits as for hours."""
    return _save(location, Location, LOCATION_FIELDS, fields, by=by, hits_accepted=hits_accepted)


@transaction.atomic
def save_room(*, room: Room | None = None, by: Actor, hits_accepted: bool = False, **fields: object) -> Room:
    """A new room (None) or a changed one. The cleaning time holds for visits booked from now on."""
    return _save(room, Room, ROOM_FIELDS, fields, by=by, hits_accepted=hits_accepted)


def _save(
    row: Row | None,
    model: type[Row],
    names: Sequence[str],
    fields: Mapping[str, object],
    *,
    by: Actor,
    hits_accepted: bool,
) -> Row:
    verb = "added" if row is None else "changed"
    row = model() if row is None else model.objects.select_for_update().get(pk=row.pk)
    before = {} if verb == "added" else {name: getattr(row, name) for name in names}
    with told_of_hits(accepted=hits_accepted or verb == "added"):
        for name, value in fields.items():
            setattr(row, name, value)
        row.full_clean()
        row.save()
    if changed := audit.changes(before, fields):
        audit.record(by=by, verb=f"{verb} {model._meta.model_name}", subject=row, changed=changed)
    return row
