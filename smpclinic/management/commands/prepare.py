"""Make the data folder ready to serve: every step does nothing where there is nothing to do."""

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection

from smpclinic.actions.setup import is_set_up, setup_code
from smpclinic.translations import compile_messages


class Command(BaseCommand):
    help = "Migrate, install default texts and rules, fill an empty demo, compile translations, collect static files."

    def handle(self, *args, **options):
        self._reach_database()
        call_command("migrate", interactive=False, verbosity=0)
        call_command("install_defaults", verbosity=0)
        if settings.MODE == "demo" and not apps.get_model("intake", "Patient").objects.exists():
            self.stdout.write("Inventing a clinic for the demo ...")
            self.stdout.flush()
            call_command("demo", verbosity=0)
        compile_messages(settings.LOCALE_PATHS)
        call_command("collectstatic", interactive=False, verbosity=0, clear=False)
        if not is_set_up():
            self.stdout.write(f"This clinic is new: open /setup/ at the address below, with the code {setup_code()}.")

    def _reach_database(self):
        try:
            connection.ensure_connection()
        except OperationalError as error:
            raise CommandError(f"The database cannot be opened: {' '.join(str(error).split())}") from error
