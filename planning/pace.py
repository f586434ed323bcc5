"""What a signed session teaches about pace; told downward by the act of signing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from planning.models import PaceSample, PlanVersion
from smpclinic.models import Outbox, User
from smpclinic.models.outbox import OutboxState
from smpclinic.outbox import enqueue

LEARN_PACE = "learn_pace"


@dataclass(frozen=True)
class Sample:
    """Dots placed in one zone and the minutes of work they took, pauses left out."""

    practitioner: User
    session_number: int | None
    zone: str
    needle_group: str
    dots: int
    minutes: int
    among_hair: bool = False
    planned_minutes: Decimal | None = None


def note_session(samples: Sequence[Sample], *, session_id: UUID, signed_at: datetime) -> None:
    """Keep the samples of one signed session."""
    PaceSample.objects.bulk_create(
        PaceSample(
            practitioner=sample.practitioner,
            session_number=sample.session_number,
            session_id=session_id,
            zone=sample.zone,
            needle_group=sample.needle_group,
            dots=sample.dots,
            minutes=sample.minutes,
            among_hair=sample.among_hair,
            planned_minutes=sample.planned_minutes,
            signed_at=signed_at,
        )
        for sample in samples
        if sample.dots > 0 and sample.minutes > 0
    )
    learn_later()


def forget_session(session_id: UUID) -> None:
    """A voided session teaches nothing."""
    PaceSample.objects.filter(session_id=session_id).update(is_void=True)
    learn_later()


def planned_minutes(version: PlanVersion | None, number: int | None) -> dict[str, Decimal]:
    """By zone, the needle time a version planned for a session; empty for one saved before that was kept."""
    lines = [line for line in (version.estimate_working if version else ()) if line["number"] == (number or 1)]
    return {zone: Decimal(minutes) for line in lines for zone, minutes in line.get("zones", {}).items()}


def learn_later() -> None:
    """What was learned follows in the background; a plan goes by what is there. One item in wait serves all."""
    if not Outbox.objects.filter(kind=LEARN_PACE, state=OutboxState.WAITING).exists():
        enqueue(LEARN_PACE)
