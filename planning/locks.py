"""Locks that put bookings of the same practitioner, room or patient in one queue.

SQLite needs none of this: its transactions hold one file lock from the start. On PostgreSQL the exclusion constraints
alone would be right too, but two bookings that each wait for the other's row would deadlock; one order prevents it.
"""

from django.db import connection

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


def _keys(wanted):
    return ((PRACTITIONER, wanted.practitioner.pk), (ROOM, wanted.room.pk), (PATIENT, wanted.patient.pk))
