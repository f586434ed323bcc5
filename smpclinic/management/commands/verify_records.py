"""Look at every sealed record: the chain, and whether what stands in the tables is still what was signed."""

from collections.abc import Callable, Iterator

from django.core.management.base import BaseCommand, CommandError

from planning import seals as plan_seals
from sessions import seals as session_seals
from smpclinic import chain
from smpclinic.database import guards
from smpclinic.models import SealedRecord

CHECKS: dict[str, Callable[[SealedRecord], str]] = {
    "plan_version": plan_seals.problem_with_version,
    "agreement": plan_seals.problem_with_agreement,
    "session": session_seals.problem_with_session,
    "amendment": session_seals.problem_with_amendment,
    "void": session_seals.problem_with_amendment,
}


class Command(BaseCommand):
    help = "Compares signed records with their seals and names the first that differs (exit code 1)."

    def add_arguments(self, parser):
        parser.add_argument("--head", default="", help="a head of the chain printed on a paper: it must still be there")

    def handle(self, *args, head, **options):
        for words in problems(head=head):
            raise CommandError(f"{words[:1].upper()}{words[1:].rstrip('.')}. Records were changed outside the program.")
        count = SealedRecord.objects.count()
        self.stdout.write(f"All {count} sealed records are as they were signed. Head of the chain: {chain.head()}")


def problems(*, head: str = "") -> Iterator[str]:
    """Everything found, the first first, in words: the guards, the chain, then each record against its seal."""
    yield from guards.problems()
    yield from chain.problems()
    if head and not SealedRecord.objects.filter(mac=head).exists():
        yield f"the head {head} is not in the chain: records signed until then were cut off"
    yield from session_seals.missing_seals()
    yield from session_seals.foreign_seals()
    for row in SealedRecord.objects.filter(erased_at__isnull=True).order_by("id").iterator(chunk_size=200):
        check = CHECKS.get(row.kind)
        if check and (found := check(row)):
            yield f"sealed record {row.pk} ({row.kind}, {row.sealed_at:%Y-%m-%d %H:%M}): {found}"
