"""Default texts, screening rules and shade ladder: put in what is missing, change nothing that is there."""

from django.core.management.base import BaseCommand
from django.db import transaction

import intake.defaults
import planning.defaults


class Command(BaseCommand):
    help = "Installs the default texts, rules and shade ladder; what the clinic has changed stays as it is."

    @transaction.atomic
    def handle(self, *args, **options):
        for room in (intake.defaults, planning.defaults):
            room.install()
