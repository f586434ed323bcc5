"""Locks that put bookings of the same practitioner, room or patient in one queue.

SQLite needs none of this: its transactions hold one file lock from the start. On PostgreSQL the exclusion constraints
alone would be right too, but two bookings that each wait for the other's row would deadlock; one order prevents it.
"""

from collections.abc import Sequence
from copy import copy

from django.db import connection

from intake.models import Patient
from planning.models import Appointment
from smpclinic.database.holding import hold
from smpclinic.models import Room, User

PRACTITIONER, ROOM, PATIENT = 1, 2, 3
_CLASS_SHIFT = 48


def lock_for_booking(wanted) -> None:
    """Queue behind every other booking of these people and rooms, always in the order practitioner, room, patient."""
    if connection.vendor != "postgresql":
        return
    keys = sorted({key for each in wanted for key in _keys(each)})
    with connection.cursor() as cursor:
        for kind, number in keys:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [(kind << _CLASS_SHIFT) + number])


def locked_visit(appointment: Appointment) -> Appointment:
    """The visit read again under its locks: two people at two desks may both have this page open."""
    return locked_visits([(appointment, appointment.practitioner, appointment.room)])[0]


def locked_visits(wanted: Sequence[tuple[Appointment, User, Room]]) -> list[Appointment]:
    """Visits read again under their locks, each with whom and where it may move to.

    The queues come first, those of the places moved to included, and all in one order: whoever held a row while waiting
    for a queue would stop a booking that waits for the row at the head of that queue.
    """
    keys = [appointment.pk for appointment, _who, _where in wanted]
    if connection.vendor == "postgresql":
        here = Appointment.objects.select_related("practitioner", "room", "patient").in_bulk(keys)
        there = [copy(here[appointment.pk]) for appointment, _who, _where in wanted]
        for visit, (_appointment, who, where) in zip(there, wanted, strict=True):
            visit.practitioner, visit.room = who, where
        lock_for_booking([*here.values(), *there])
        hold(Appointment.objects.filter(pk__in=keys).order_by("pk"))
    found = Appointment.objects.with_people().in_bulk(keys)
    return [found[key] for key in keys]


def _keys(wanted):
    return ((PRACTITIONER, wanted.practitioner.pk), (ROOM, wanted.room.pk), (PATIENT, wanted.patient.pk))


def lock_patients(*patients: Patient) -> None:
    """Queue behind every booking for any of these patients, in the order all take."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for number in sorted(patient.pk for patient in patients):
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [(PATIENT << _CLASS_SHIFT) + number])
