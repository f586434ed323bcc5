"""``manage.py worker``: do the background work."""

import signal
import threading

from django.core.management.base import BaseCommand

from smpclinic.outbox.worker import Worker


class Command(BaseCommand):
    help = "Does the background work: e-mails, batches of documents, nightly tidying. Ctrl-C or SIGTERM ends it."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="do what is due now, then end")

    def handle(self, *args, once, **options):
        stop = threading.Event()
        for name in ("SIGINT", "SIGTERM"):
            signal.signal(getattr(signal, name), lambda number, frame: stop.set())
        worker = Worker(stop=stop)
        if once:
            self.stdout.write(f"{worker.run_once()} items done or tried.")
        else:
            worker.run()
