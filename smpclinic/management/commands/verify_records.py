"""Look at every sealed record: the chain, and whether what stands in the tables is still what was signed."""

from django.core.management.base import BaseCommand, CommandError

from sessions.verifying import problems
from smpclinic import chain
from smpclinic.models import SealedRecord


class Command(BaseCommand):
    help = "Compares signed records with their seals and names the first that differs (exit code 1)."

    def add_arguments(self, parser):
        parser.add_argument("--head", default="", help="a head of the chain printed on a paper: it must still be there")

    def handle(self, *args, head, **options):
        for words in problems(head=head):
            raise CommandError(f"{words[:1].upper()}{words[1:].rstrip('.')}. Records were changed outside the program.")
        count = SealedRecord.objects.count()
        self.stdout.write(f"All {count} sealed records are as they were signed. Head of the chain: {chain.head()}")
