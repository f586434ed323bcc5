"""Every answer about one patient leaves who read what and when, or is not given.

Every address that leads to one patient is asked for, as every role with ``--full``, else as somebody who has them all.
An answer that shows something must stand in the access log: for that patient, under that name, at that moment, with
words. Then the log is made unwritable: pages still open and the read goes to a file; photos, papers and exports do not.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from smpclinic import access_backlog, audit
from smpclinic.models import AccessEntry
from smpclinic.roles import Role
from tests.addresses import Address, World, addresses

# Boards and lists name patients and are no look into a record (decision of the access log).
OF_A_BOARD = {"day", "monday"}
UNLOGGED = "patient page"
METHODS = ("get", "post")


@dataclass
class Told:
    """What the walk found."""

    asked: int = 0
    shown: int = 0
    names: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)


def prove(*, full: bool, sabotage: bool, seed: int) -> dict[str, object]:
    logging.disable()
    world, told = World(), Told()
    if sabotage:
        _leave_a_view_without_it()
    readers = [world.staff(*Role)] + ([world.staff(role) for role in Role] if full else [])
    for reader in readers:
        _walk(world, reader, told)
    refused, kept = _walk_without_a_log(world, readers[0], told)
    return {
        "broken": bool(told.problems) or not told.shown or not refused or not kept,
        "addresses": len(told.names),
        "answers": told.asked,
        "answers that show a patient": told.shown,
        "refused without a log": refused,
        "kept in the file meanwhile": kept,
        "problems": len(told.problems),
        "first_problems": told.problems[:5],
    }


def _about_one_patient() -> list[Address]:
    return [each for each in addresses() if each.is_about_a_patient or each.arguments - OF_A_BOARD]


def _walk(world: World, reader, told: Told) -> None:
    for address, method, response, logged, began in _answers(world, reader):
        told.asked += 1
        shown = _whom_it_shows(world, address, response)
        if shown:
            told.shown += 1
            told.names.add(address.name)
        told.problems += [
            f"{address.name} {method}: {patient} was read without a trace"
            for patient in shown
            if not any(_tells(entry, patient, reader, began) for entry in logged)
        ]


def _answers(world: World, reader, *, walked=None, methods=METHODS) -> Iterator[tuple]:
    """(address, method, answer, what it added to the log, when it was asked for); whatever it changed is taken back."""
    for address in walked or _about_one_patient():
        for method in methods:
            with transaction.atomic():
                client = Client(raise_request_exception=False)  # a kiosk would keep the next page from opening
                client.force_login(reader)
                began, last = timezone.now(), AccessEntry.objects.order_by("-id").values_list("id", flat=True).first()
                response = getattr(client, method)(world.path(address))
                response.told = response.getvalue()
                logged = list(AccessEntry.objects.filter(id__gt=last or 0))
                transaction.set_rollback(True)
            yield address, method, response, logged, began


def _whom_it_shows(world: World, address: Address, response) -> list:
    """The patients whom a 200 shows: the one of the address, and the other where it compares two."""
    if response.status_code != 200:
        return []
    is_named = world.patient.full_name.encode() in response.told
    shown = [world.patient.public_id] if address.is_about_a_patient or is_named else []
    return [*shown, world.other.public_id] if "other_id" in address.arguments else shown


def _tells(entry: AccessEntry, patient, reader, began) -> bool:
    who_and_what = (entry.patient_id, entry.actor_user_id) == (patient, reader.pk) and entry.what and entry.actor_label
    return bool(who_and_what) and began <= entry.at <= timezone.now()


def _walk_without_a_log(world: World, reader, told: Told) -> tuple[int, int]:
    """How many files were refused and how many reads were kept elsewhere while nothing could be logged."""
    real, path = AccessEntry.save, access_backlog._path()
    path.unlink(missing_ok=True)
    AccessEntry.save = _unwritable
    refused = 0
    try:
        shown = [address for address in addresses() if address.name in told.names]
        for address, method, response, _, _ in _answers(world, reader, walked=shown, methods=["get"]):
            is_page = response.headers.get("Content-Type", "").startswith("text/html")
            refused += response.status_code >= 500
            if address.is_about_a_patient and response.status_code == 200 and not is_page:
                told.problems.append(f"{address.name} {method}: a file was given while nothing could be logged")
    finally:
        AccessEntry.save = real
    return refused, len(path.read_text(encoding="utf-8").splitlines()) if path.exists() else 0


def _unwritable(self, *args, **kwargs):
    raise DatabaseError("the log cannot be written")


def _leave_a_view_without_it() -> None:
    real = audit.note_read

    def forgetful(request, *, patient, what, subject_id=""):
        if what != UNLOGGED:
            real(request, patient=patient, what=what, subject_id=subject_id)

    audit.note_read = forgetful
