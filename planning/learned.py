"""What calibration has learned, kept as a table: worked out in the background, read by plans, never waited for."""

from collections.abc import Hashable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from planning.models import LearnedPace, LearnedZone, PaceSample
from planning.past_work import PastWork
from planning.protocol import Protocol
from planning.work_pace import TOUCH_UP, SessionPace, ShownPace, chosen_pace
from smpclinic.models import User

NUMBERS = (1, 2, 3, TOUCH_UP)
TENTH, HUNDREDTH = Decimal("0.1"), Decimal("0.01")


def learn_anew(protocol: Protocol) -> None:
    """Learn from every session that is signed and not void, and put the result in the place of the last one."""
    from planning.calibration import learn  # NumPy is needed here alone, not when the program starts

    learned = learn(list(_signed_work()), protocol=protocol)
    now = timezone.now()
    paces = [_pace_row(None, None, learned.clinic, now)] if learned.clinic.sessions else []
    paces += [_pace_row(person, number, pace, now) for (person, number), pace in learned.paces.items()]
    zones = [
        LearnedZone(
            zone=zone,
            among_hair=among_hair,
            needle_group=needle,
            ratio=Decimal(one.ratio).quantize(HUNDREDTH),
            sessions=one.sessions,
            learned_at=now,
        )
        for (zone, among_hair, needle), one in learned.zones.items()
    ]
    with transaction.atomic():
        LearnedPace.objects.all().delete()
        LearnedZone.objects.all().delete()
        LearnedPace.objects.bulk_create(paces)
        LearnedZone.objects.bulk_create(zones)


def _signed_work() -> Iterator[PastWork]:
    names = ("session_id", "practitioner_id", "session_number", "zone", "among_hair", "needle_group", "dots", "minutes")
    samples = PaceSample.objects.filter(is_void=False).order_by("-signed_at", "pk")
    for session, person, number, *where, dots, minutes, planned in samples.values_list(
        *names, "planned_minutes"
    ).iterator(5000):
        yield PastWork(session, person, number or TOUCH_UP, *where, dots, float(minutes), planned and float(planned))


def _pace_row(person: Hashable, number: int | None, pace, now) -> LearnedPace:
    return LearnedPace(
        practitioner_id=person,
        session_number=number,
        median=Decimal(pace.median).quantize(TENTH),
        low=Decimal(pace.low).quantize(TENTH),
        high=Decimal(pace.high).quantize(TENTH),
        sessions=pace.sessions,
        error_percent=None if pace.error is None else round(100 * pace.error),
        learned_at=now,
    )


def paces_for(practitioner: User | None, *, protocol: Protocol) -> Mapping[int, SessionPace]:
    """By session number, what a practitioner's sessions are booked by and what they have shown (two queries).

    Empty while the clinic has no signed session: then everything goes by the protocol's usual pace.
    """
    rows = (
        {row.session_number: row for row in LearnedPace.objects.filter(practitioner=practitioner)}
        if practitioner
        else {}
    )
    clinic = None
    if len(rows) < len(NUMBERS):
        clinic = LearnedPace.objects.filter(practitioner__isnull=True).first()
        if clinic is None:
            return {}
    ratios = _ratios()
    return {
        number: chosen_pace(protocol, _shown(rows.get(number) or clinic, ratios, is_own=number in rows))
        for number in NUMBERS
    }


def learned_at() -> datetime | None:
    """When the table was written last; None before any session was signed (one query)."""
    return LearnedPace.objects.filter(practitioner__isnull=True).values_list("learned_at", flat=True).first()


def _shown(row: LearnedPace, ratios: Mapping[tuple[str, bool], Decimal], *, is_own: bool) -> ShownPace:
    whose = _("of the practitioner") if is_own else _("of the clinic")
    return ShownPace(
        dots_per_min=row.median,
        words=_("the pace learned from %(count)s sessions %(whose)s") % {"count": row.sessions, "whose": whose},
        ratios=ratios,
        low_dots_per_min=row.low,
        high_dots_per_min=row.high,
        sessions=row.sessions,
        is_own=is_own,
        error_percent=row.error_percent,
        learned_at=row.learned_at,
    )


def _ratios() -> dict[tuple[str, bool], Decimal]:
    """By (zone, among hair), the zone's ratio and, with it, that of the needle group used most there (one query)."""
    zones: dict[tuple[str, bool], Decimal] = {}
    needles: dict[tuple[str, bool], LearnedZone] = {}
    for row in LearnedZone.objects.order_by("sessions"):
        if row.needle_group:
            needles[row.zone, row.among_hair] = row  # the last is the one with the most sessions
        else:
            zones[row.zone, row.among_hair] = row.ratio
    return {
        place: (ratio * needles[place].ratio if place in needles else ratio).quantize(HUNDREDTH)
        for place, ratio in zones.items()
    }
