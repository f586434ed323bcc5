"""Whether everything that was ever signed is still what was signed: guards, chain, and each record against its seal."""

from collections.abc import Callable, Iterator

from planning import seals as plan_seals
from sessions import seals
from smpclinic import chain
from smpclinic.database import guards
from smpclinic.models import Outbox, SealedRecord
from smpclinic.models.outbox import OutboxState

NIGHTLY = "verify_records"
CHECKS: dict[str, Callable[[SealedRecord], str]] = {
    "plan_version": plan_seals.problem_with_version,
    "agreement": plan_seals.problem_with_agreement,
    "session": seals.problem_with_session,
    "amendment": seals.problem_with_amendment,
    "void": seals.problem_with_amendment,
}


def problems(*, head: str = "") -> Iterator[str]:
    """Everything found, the first first, in words. ``head``: one printed on a paper, which must still be there."""
    yield from guards.problems()
    yield from chain.problems()
    if head and not SealedRecord.objects.filter(mac=head).exists():
        yield f"the head {head} is not in the chain: records signed until then were cut off"
    yield from seals.missing_seals()
    yield from seals.foreign_seals()
    for row in SealedRecord.objects.filter(erased_at__isnull=True).order_by("id").iterator(chunk_size=200):
        check = CHECKS.get(row.kind)
        if check and (found := check(row)):
            yield f"sealed record {row.pk} ({row.kind}, {row.sealed_at:%Y-%m-%d %H:%M}): {found}"


def found_last_night() -> str:
    """What the newest nightly look found, in words; empty where it found nothing (one query)."""
    looked = Outbox.objects.filter(kind=NIGHTLY, state__in=(OutboxState.DONE, OutboxState.FAILED))
    newest = looked.order_by("-run_after", "-pk").first()
    return newest.last_error if newest and newest.state == OutboxState.FAILED else ""
