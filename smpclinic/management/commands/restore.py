"""``manage.py restore FOLDER``: bring a backup back into an empty place, or prove that it could be."""

import getpass
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from smpclinic.backup import rehearsal, restoring
from smpclinic.backup.sealing import NotSealed
from smpclinic.backup.shelf import Shelf
from smpclinic.backup.snapshot import SnapshotProblem


class Command(BaseCommand):
    help = "Brings a backup back into an empty data folder and database, and verifies all of it."

    def add_arguments(self, parser):
        parser.add_argument("folder", help="the folder of backups")
        parser.add_argument("--backup", default="", metavar="NAME", help="another one than the newest")
        parser.add_argument("--key-file", default="", metavar="FILE", help="the recovery key; asked for without it")
        parser.add_argument("--verify", action="store_true", help="restore into a throw-away place and remove it")

    def handle(self, *args, folder, backup, key_file, verify, **options):
        try:
            shelf = Shelf(Path(folder).resolve())
            index = restoring.newest(shelf, backup)
            recovery_key = self._key(key_file)
            if verify:
                restored = rehearsal.rehearse(shelf, index, recovery_key=recovery_key)
            else:
                restored = restoring.restore(shelf, index, recovery_key=recovery_key, say=self.stdout.write)
        except (restoring.RestoreProblem, SnapshotProblem, NotSealed, OSError) as error:
            raise CommandError(str(error)) from error
        told = "could be restored whole" if verify else "is restored whole"
        self.stdout.write(
            f"Backup {restored.made_at} {told}: {restored.rows} rows, {restored.files} files, "
            f"chain to {restored.chain_head[:16]}."
        )

    def _key(self, key_file):
        if key_file:
            return Path(key_file).read_text(encoding="utf-8").strip()
        return getpass.getpass("Recovery key: ").strip() if sys.stdin.isatty() else sys.stdin.readline().strip()
