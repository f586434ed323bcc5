"""``manage.py move_database postgres://...``: from SQLite to PostgreSQL, compared row by row."""

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from smpclinic.database import moving


class Command(BaseCommand):
    help = "Copies this clinic's SQLite database into an empty PostgreSQL database and compares every row."

    def add_arguments(self, parser):
        parser.add_argument("url", help="postgres://user:password@host:5432/name")

    def handle(self, *args, url, **options):
        try:
            moved = moving.move(url, say=self.stdout.write)
        except (moving.MoveProblem, ImproperlyConfigured) as error:
            raise CommandError(f"{error} Nothing was changed here.") from error
        self.stdout.write(f"{moved.rows} rows of {moved.tables} tables are equal on both sides ({moved.digest[:16]}).")
        self.stdout.write(
            "From now on start with DATABASE_URL set to the new place; photos and keys stay in the data folder. "
            "Put the SQLite file away once you have made the first backup there."
        )
