"""Fill an empty demo installation with invented data."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from smpclinic.database import installation
from smpclinic.demo.build import build
from smpclinic.demo.clinic import TIME_ZONE
from smpclinic.kept import one_piece_of_work
from smpclinic.models import User


class Command(BaseCommand):
    help = "Builds the invented clinic in an empty demo installation; refused anywhere else."

    def add_arguments(self, parser):
        parser.add_argument("--seed", type=int, default=1, help="another number gives another clinic")
        parser.add_argument("--patients", type=int, default=60, help="how many invented patients (default 60)")

    def handle(self, *args, seed, patients, **options):
        if settings.MODE != "demo" or installation.mode() != "demo":
            raise CommandError("This is a clinic, not a demo: invented patients are refused here.")
        if not 1 <= patients <= 100_000:
            raise CommandError(f"--patients {patients} cannot be: use 1 to 100000.")
        if User.objects.exists():
            self.stdout.write("The demo is there already; nothing was changed.")
            return
        with timezone.override(TIME_ZONE), one_piece_of_work():
            built = build(seed=seed, patients=patients)
        self.stdout.write(f"Demo: {built.patients} patients, {built.visits} visits, {built.signed} signed sessions.")
