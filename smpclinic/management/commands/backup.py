"""``manage.py backup``: make a sealed backup now, or the key it is sealed for."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from smpclinic.backup import offsite, standing, taking
from smpclinic.backup.sealing import NotSealed, recipient_of
from smpclinic.backup.shelf import Shelf, ShelfProblem
from smpclinic.backup.snapshot import SnapshotProblem

KEEP_IT = """
This recovery key opens every backup made from now on. It is shown this once and kept nowhere on this machine.
Print it or write it down, and keep it where neither fire nor thief finds it together with the backups.
Without it no backup can be opened, by anybody.
"""


class Command(BaseCommand):
    help = "Makes a sealed backup of all rows, files and keys; --new-key makes the key that opens it."

    def add_arguments(self, parser):
        parser.add_argument("--to", default="", metavar="FOLDER", help="another folder than SMPCLINIC_BACKUPS")
        parser.add_argument("--new-key", action="store_true", help="make a recovery key and show it once")
        parser.add_argument("--key-of", default="", metavar="FILE", help="go on with the recovery key in this file")

    def handle(self, *args, to, new_key, key_of, **options):
        if new_key:
            self.stdout.write(taking.make_key())
            self.stderr.write(KEEP_IT)
            return
        try:
            if key_of:
                taking.keep_recipient(recipient_of(Path(key_of).read_text(encoding="utf-8")))
            shelf = Shelf(Path(to).resolve() if to else settings.BACKUPS)
            taken = standing.take_and_note(shelf, now=timezone.now())
            self.stdout.write(
                f"Backup {taken.index.made_at} is on {shelf.root}: {len(taken.index.files)} files "
                f"({taken.new_files} new), {taken.index.seconds} s; {taken.removed} old ones removed."
            )
            if not to and (copied := offsite.follow(shelf)) is not None:
                self.stdout.write(f"{copied} files copied to {settings.BACKUPS_OFFSITE}.")
        except (ShelfProblem, SnapshotProblem, NotSealed, OSError) as error:
            raise CommandError(str(error)) from error
