"""What a signed session teaches about pace; told downward by the act of signing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from planning.models import PaceSample
from smpclinic.models import User


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
            signed_at=signed_at,
        )
        for sample in samples
        if sample.dots > 0 and sample.minutes > 0
    )


def forget_session(session_id: UUID) -> None:
    """A voided session teaches nothing."""
    PaceSample.objects.filter(session_id=session_id).update(is_void=True)
