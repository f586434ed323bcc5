"""Whatever is done to a signed record is refused by the database, or found and named by ``verify_records``.

Seven kinds of tampering. Three are tried as any program would, with the guards up; four as somebody who owns the
database and the files, takes the guards down and puts them up again, but lacks the key. Each try is rolled back.
"""

import hashlib
import json
import random
from collections import Counter
from datetime import UTC, timedelta
from decimal import Decimal
from pathlib import Path
from unittest.mock import patch

import time_machine
from django.conf import settings
from django.db import DatabaseError, connection, models, transaction

from intake.models import Consent
from sessions import actions
from sessions.models import Amendment, TreatmentSession
from sessions.verifying import problems
from smpclinic import chain
from smpclinic.actors import staff
from smpclinic.database import guards
from smpclinic.models import AuditEntry, SealedRecord
from tests import make, sql
from tests.sessions import room

TRIES, QUICK_TRIES = 200, 6
RECORDS = 4
# What tells about the treatment in each table of a record.
TOLD = {
    "passes": ("zone", "needle_group", "depth_mm", "angle_degrees", "dots_per_cm2", "note", "stopped_at", "mix_id"),
    "reactions": ("kind", "pain", "note"),
    "lots": ("count", "lot_id"),
    "overrides": ("item", "reason"),
    "mixes": ("name", "diluent_ml"),
    "photos": ("moment", "photo_id"),
    "amendments": ("text", "reason", "field", "at"),
}
OF_THE_SESSION = ("machine", "note", "signed_at", "practitioner_id", "room_cleaned", "sealed_id")


def prove(*, full: bool, sabotage: bool, seed: int) -> dict[str, object]:
    room.install_day_questions()
    if sabotage:
        chain._mac = _without_a_key
    with time_machine.travel(room.NOW + timedelta(hours=1), tick=False):
        world = World(random.Random(seed))
        untouched = list(problems(head=world.head))
        told, first = Counter(), ""
        for kind, attempt in KINDS.items():
            for number in range(TRIES if full else QUICK_TRIES):
                outcome = world.try_it(attempt)
                told[outcome] += 1
                if outcome == "unseen":
                    first = first or f"{kind}, try {number + 1}: {world.did}"
    return {
        "broken": bool(untouched) or bool(told["unseen"]) or not told["blocked"] or not told["found"],
        "kinds": len(KINDS),
        "tries_of_each": TRIES if full else QUICK_TRIES,
        "blocked": told["blocked"],
        "found": told["found"],
        "unseen": told["unseen"],
        "first": first or "".join(untouched[:1]),
    }


class World:
    """Signed records with everything in them, an amendment beside each, and the head that the last paper shows."""

    def __init__(self, rng: random.Random):
        self.rng, self.did = rng, ""
        needle = make.make_lot(product=make.make_product(kind="needle", brand="Fine", name="0603"))
        self.sessions = [_signed(number, needle) for number in range(RECORDS)]
        self.head = chain.head()

    def try_it(self, attempt) -> str:
        """ "blocked", "found" or "unseen"; whatever was done is taken back."""
        files: dict[Path, bytes] = {}
        try:
            with transaction.atomic():
                try:
                    with transaction.atomic():
                        self.did = attempt(self, files)
                except DatabaseError:
                    return "blocked"
                # Whoever took the guards down puts them up again: they tell nothing.
                with patch.object(guards, "problems", list):
                    # The paper is looked at where nothing else can tell; the seals must do without it.
                    found = next(iter(problems(head=self.head if attempt is cut_off else "")), "")
                transaction.set_rollback(True)
        finally:
            for path, content in files.items():
                path.write_bytes(content)
        return "found" if found else "unseen"

    def session(self) -> TreatmentSession:
        return TreatmentSession.objects.get(pk=self.rng.choice(self.sessions).pk)

    def part(self) -> tuple[models.Model, str]:
        """A row of a signed record and a column of it that says something."""
        session = self.session()
        name = self.rng.choice([*TOLD, "session"])
        if name == "session":
            return session, self.rng.choice(OF_THE_SESSION)
        return self.rng.choice(list(getattr(session, name).all())), self.rng.choice(TOLD[name])

    def other_value(self, row: models.Model, column: str):
        """Another value of the same kind: a number more, a word more, a day more, a row of another record."""
        old = sql.values_of(row)[column]
        field = next(each for each in row._meta.concrete_fields if each.column == column)
        if field.is_relation:
            others = list(field.related_model.objects.exclude(pk=old).values_list("pk", flat=True))
            return self.rng.choice(others)
        if isinstance(field, models.DateTimeField):
            return getattr(row, field.attname) - timedelta(minutes=self.rng.randrange(1, 600))
        if isinstance(field, models.BooleanField):
            return not old
        if isinstance(field, models.CharField | models.TextField):
            return {"moment": "before" if old == "after" else "after"}.get(column, f"{old[:6]}x")
        step = self.rng.choice([1, 2])
        return step if old is None else type(old)(old + step) if column != "angle_degrees" else old - step


def _signed(number: int, needle) -> TreatmentSession:
    session = room.begun()
    by = staff(session.practitioner)
    room.worked(session)
    actions.use_lot(session=session, lot=needle, count=Decimal(1), by=by)
    actions.note_reaction(session=session, kinds=["redness"], by=by)
    make.make_consent(patient=session.patient, kind="photos_record", granted=True)
    actions.add_session_photo(
        session=session, moment="after", view="top", upload=room.jpeg((40 * number, 90, 90)), by=by
    )
    session = actions.sign_session(session=session, by=by)
    actions.amend_session(session=session, field="note", text=f"Pass {number} on the left", reason="Left out", by=by)
    return session


def change(world: World, _files) -> str:
    """Another value in a row of the record, by SQL."""
    row, column = world.part()
    sql.update(row, **{column: world.other_value(row, column)})
    return f"{row._meta.label}.{column}"


def remove(world: World, _files) -> str:
    row, _column = world.part()
    row = row if world.rng.random() < 0.7 else row.sealed if hasattr(row, "sealed") else row
    sql.delete(row)
    return f"{row._meta.label} removed"


def add(world: World, _files) -> str:
    """A row more in a signed record, or one that takes an old one's place by INSERT OR REPLACE."""
    session = world.session()
    row = world.rng.choice([*session.passes.all(), *session.reactions.all(), *session.lots.all(), *session.mixes.all()])
    replaces = connection.vendor == "sqlite" and world.rng.random() < 0.5
    if replaces:
        values = sql.values_of(row)
        sql.insert(row._meta.db_table, values, how="INSERT OR REPLACE")
    else:
        sql.insert_like(row, **({"number": 9} if hasattr(row, "number") else {}))
    return f"{row._meta.label} added"


def change_behind_the_guards(world: World, _files) -> str:
    guards.drop()
    if world.rng.random() < 0.3:
        row = world.rng.choice([*SealedRecord.objects.all()])
        content = row.content.replace("3RL", "7RL").replace("left", "right").replace('"version":1', '"version":2')
        sql.update(row, content=content, content_hash=chain._sha256(content))
        return f"content of {row.kind} {row.pk}" if content != row.content else change(world, _files)
    return change(world, _files)


def rewrite_with_its_chain(world: World, _files) -> str:
    """Another depth in the record and in its seal, every later link and the trail made to fit: all but the key."""
    guards.drop()
    session = world.session()
    row, sealed = session.passes.first(), session.sealed
    told = json.loads(sealed.content)
    depth = f"{row.depth_mm + 1}"
    told["passes"][0]["depth_mm"] = depth
    sql.update(row, depth_mm=depth)
    prev, new = None, chain.canonical(told)
    for link in SealedRecord.objects.filter(pk__gte=sealed.pk).order_by("pk"):
        old_mac, link.prev = link.mac, prev or link.prev
        if link.pk == sealed.pk:
            link.content, link.content_hash = new, chain._sha256(new)
        prev = link.mac = _without_a_key(link)
        sql.update(link, content=link.content, content_hash=link.content_hash, prev=link.prev, mac=link.mac)
        for entry in AuditEntry.objects.filter(details__seal=old_mac):
            sql.update(entry, details=json.dumps({"seal": link.mac}))
    return f"depth of {session}"


def cut_off(world: World, _files) -> str:
    """The newest records leave no trace in any table: only the head on the paper tells."""
    guards.drop()
    newest = SealedRecord.objects.order_by("-pk")[: world.rng.randrange(1, 5)]
    for sealed in newest:
        Amendment.objects.filter(sealed=sealed)._raw_delete("default")
        for session in TreatmentSession.objects.filter(sealed=sealed):
            sql.update(session, sealed_id=None, signed_at=None, signed_by_id=None)
        AuditEntry.objects.filter(details__seal=sealed.mac).order_by()._raw_delete("default")
        sql.delete(sealed)
    return "the newest records"


def swap_file_or_text(world: World, files: dict[Path, bytes]) -> str:
    """Another picture under the photo's name, or another text under the patient's signature."""
    guards.drop()
    session = world.session()
    if world.rng.random() < 0.5:
        path = Path(settings.PRIVATE_ROOT) / session.photos.first().photo.file
        files[path] = content = path.read_bytes()
        path.write_bytes(content[:-3] + bytes([world.rng.randrange(256)]) + content[-2:] + b" ")
        return f"{path.name}"
    consent = world.rng.choice(list(Consent.objects.filter(patient=session.patient, kind="photos_record")))
    text = f"{consent.exact_text} And to advertising."
    sql.update(consent, exact_text=text, text_sha256=hashlib.sha256(text.encode()).hexdigest())
    return f"text of {consent.kind}"


KINDS = {
    "changed": change,
    "removed": remove,
    "added": add,
    "changed behind the guards": change_behind_the_guards,
    "rewritten with its chain": rewrite_with_its_chain,
    "cut off": cut_off,
    "photo or consent text": swap_file_or_text,
}


def _without_a_key(row: SealedRecord) -> str:
    """The link of a plain hash chain, which anybody can make."""
    link = "|".join(
        (
            *(row.prev, row.kind, row.subject_type, str(row.subject_id), row.content_hash),
            row.sealed_at.astimezone(UTC).isoformat(),
        )
    )
    return hashlib.sha256(link.encode()).hexdigest()
