"""Whom a delay touches: each later visit waits for its practitioner and its room. Booked times never change.

Plain Python; minutes are UTC minutes since 1970.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Booked:
    """One visit of the day as it is booked. ``room_until_min`` includes the cleaning of the room."""

    key: int
    starts_min: int
    ends_min: int
    room_until_min: int
    practitioner: Hashable
    room: Hashable


def knock_on(visits: Iterable[Booked], *, late: int, minutes: int) -> dict[int, int]:
    """When the visits after a late one can really begin, by key; only those that begin later than booked.

    ``late`` is the key of the visit that ends ``minutes`` after its booked end. Pauses between visits swallow the
    delay. Raises KeyError where no visit has the key, ValueError for a delay below 0.

    >>> first, second = Booked(1, 600, 660, 675, "a", "r"), Booked(2, 660, 720, 735, "a", "s")
    >>> knock_on([first, second], late=1, minutes=15)
    {2: 675}
    """
    if minutes < 0:
        raise ValueError(f"A delay of {minutes} minutes is none.")
    known = {visit.key: visit for visit in visits}
    source = known[late]
    free = {
        ("who", source.practitioner): source.ends_min + minutes,
        ("room", source.room): source.room_until_min + minutes,
    }
    later = sorted(
        (visit for visit in known.values() if visit.key != late and visit.starts_min >= source.starts_min),
        key=lambda visit: (visit.starts_min, visit.key),
    )
    expected: dict[int, int] = {}
    for visit in later:
        who, room = ("who", visit.practitioner), ("room", visit.room)
        begins = max(visit.starts_min, free.get(who, 0), free.get(room, 0))
        delay = begins - visit.starts_min
        if delay:
            expected[visit.key] = begins
            free[who], free[room] = visit.ends_min + delay, visit.room_until_min + delay
    return expected
