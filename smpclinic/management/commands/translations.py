"""Collect the words to translate, and say what a language still lacks."""

from django.core.management.base import BaseCommand, CommandError

from smpclinic.translations import LOCALE, PATIENT_SOURCES, compile_messages, freshen, missing


class Command(BaseCommand):
    help = "Brings locale/<language> up to the source and lists what has no translation; --check changes nothing."

    def add_arguments(self, parser):
        parser.add_argument("language", help="the language's code, such as es")
        parser.add_argument("--patients", action="store_true", help="only what patients see")
        parser.add_argument("--check", action="store_true", help="change no file; fail where something is missing")

    def handle(self, *args, **options):
        language = options["language"]
        if not options["check"]:
            freshen(language)
            compile_messages([LOCALE])
        lacking = missing(language, PATIENT_SOURCES if options["patients"] else ())
        for message in lacking:
            words = message.id if isinstance(message.id, str) else message.id[0]
            self.stdout.write(f"{message.locations[0][0]}: {words}")
        if options["check"] and lacking:
            raise CommandError(f"{len(lacking)} texts have no translation in {language}.")
        self.stdout.write(f"{len(lacking)} texts have no translation in {language}.")
