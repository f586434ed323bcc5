"""Locks that put bookings of the same practitioner, room or patient in one queue.

SQLite needs none of this: its transactions hold one file lock from the start. On PostgreSQL the exclusion constraints
alone would be right too, but two bookings that each wait for the other's row would deadlock; one order prevents it.
"""

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


def locked_visit(
    appointment: Appointment, *, practitioner: User | None = None, room: Room | None = None
) -> Appointment:
    """The visit read again under its locks: two people at two desks may both have this page open.

    The queues come first, those of the place it may move to included: whoever held the row while waiting for a queue
    would stop a booking that waits for the row at the head of that queue.
    """
    if connection.vendor == "postgresql":
        here = Appointment.objects.select_related("practitioner", "room", "patient").get(pk=appointment.pk)
        there = copy(here)
        there.practitioner, there.room = practitioner or here.practitioner, room or here.room
        lock_for_booking([here, there])
        hold(Appointment.objects.filter(pk=appointment.pk))
    return Appointment.objects.with_people().get(pk=appointment.pk)


def _keys(wanted):
    return ((PRACTITIONER, wanted.practitioner.pk), (ROOM, wanted.room.pk), (PATIENT, wanted.patient.pk))


def lock_patients(*patients: Patient) -> None:
    """Queue behind every booking for any of these patients, in the order all take."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for number in sorted(patient.pk for patient in patients):
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [(PATIENT << _CLASS_SHIFT) + number])
