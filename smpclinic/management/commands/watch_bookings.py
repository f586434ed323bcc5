"""Look at every visit for what the guards should have refused; close booking, or open it again after the repair."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from planning import watch
from planning.actions.closing import close_where_broken, reopen_booking
from smpclinic.actors import SYSTEM
from smpclinic.database import guards
from smpclinic.models import ClinicProfile


class Command(BaseCommand):
    help = "Compares guards and visits with the rules. A difference closes booking; --reopen opens it once all is well."

    def add_arguments(self, parser):
        parser.add_argument("--reopen", action="store_true", help="open booking again, where nothing is wrong any more")

    def handle(self, *args, reopen, **options):
        with timezone.override(ClinicProfile.current().zone):
            found = [*guards.problems(), *(difference.words for difference in watch.differences())]
            for words in found:
                self.stdout.write(words)
            if reopen and not found:
                self._reopen()
            elif close_where_broken():
                raise CommandError("Booking is closed. Put right what is told above, then: watch_bookings --reopen")
            elif found:
                raise CommandError("Booking is closed while a guard is missing: manage.py migrate puts guards up.")
        self.stdout.write("Guards and visits are as they should be; booking is open.")

    def _reopen(self):
        try:
            reopen_booking(by=SYSTEM)
        except ValidationError as refusal:
            self.stdout.write(" ".join(refusal.messages))
