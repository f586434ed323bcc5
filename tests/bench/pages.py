"""What a page costs beside a bare one, and how many queries it sends."""

import io
from collections.abc import Iterator
from datetime import timedelta

from django.core.management import call_command
from django.db import transaction
from django.test import override_settings
from django.urls import reverse

from intake.actions import start_intake
from intake.questionnaire import HEALTH, Questionnaire
from planning.models import Appointment, TreatmentPlan
from smpclinic.actors import staff
from smpclinic.models import User
from tests import make
from tests.bench.limits import Figure
from tests.bench.timing import medians_ms
from tests.bench.web import Browser, counted_queries

ROUNDS = 40
TWENTY_ROWS = "bare view of 20 rows"
DEMO_PATIENTS = 12
PRACTITIONERS, VISITS_EACH = 20, 15
VISITS_ON_DAYS = (1, 3, PRACTITIONERS * VISITS_EACH)
EVERY_MIN, LENGTH_MIN = 40, 25


def measure() -> Iterator[Figure]:
    with override_settings(ROOT_URLCONF="tests.bench.bare"):
        yield from _measured()


def _measured() -> Iterator[Figure]:
    call_command("demo", patients=DEMO_PATIENTS, stdout=io.StringIO())
    days = _days_of_visits()
    addresses = _addresses(days)
    people = {name: Browser(User.objects.get(username=name)) for name in ("reception", "practitioner")}
    calls = {name: lambda who=who, where=where: people[who].get(where) for name, (who, where) in addresses.items()}
    taken = medians_ms(calls, rounds=ROUNDS)
    bare = taken.pop("bare view")
    yield Figure("pages", "bare view, CPU ms", bare)
    rows = taken.pop(TWENTY_ROWS)
    yield Figure("pages", f"{TWENTY_ROWS}, CPU ms", rows)
    for name, value in taken.items():
        yield Figure("pages", f"{name}, CPU ms", value, value / bare)
    for name in ("day board, 300 visits", "week, 300 visits"):
        yield Figure("pages", f"{name}, against 20 rows, CPU ms", taken[name], taken[name] / rows)
    yield from _queries(calls, people["reception"], days)


def _addresses(days) -> dict[str, tuple[str, str]]:
    """Who asks for what: every name is a figure."""
    treated = Appointment.objects.filter(session__signed_at__isnull=False).order_by("id").first().patient
    draft = TreatmentPlan.objects.filter(current_version__isnull=True).first()
    asked = Questionnaire(start_intake(patient=treated, by=staff(User.objects.get(username="reception"))))
    longest = max(asked.sections, key=lambda name: len(asked.sections[name]))
    return {
        "bare view": ("reception", reverse("bench_bare", args=[treated.public_id])),
        "empty page in the frame": ("reception", reverse("bench_frame", args=[treated.public_id])),
        TWENTY_ROWS: ("reception", reverse("bench_rows", args=[days[-1]])),
        "day board, 300 visits": ("reception", _board(days[-1])),
        "week, 300 visits": ("reception", reverse("planning:week", args=[days[-1]])),
        "patient page": ("practitioner", reverse("patient", args=[treated.public_id])),
        "health questions, a form": ("reception", asked.url(f"{HEALTH}{longest}")),
        "contact details, a form": ("reception", reverse("intake:edit", args=[treated.public_id])),
        "plan, a form": ("practitioner", reverse("planning:edit", args=[draft.public_id])),
    }


def _board(day) -> str:
    return reverse("planning:day", args=[day])


def _queries(calls, reception, days) -> Iterator[Figure]:
    counts = []
    for day in days:
        with counted_queries() as sent:
            reception.get(_board(day))
        counts.append(len(sent))
    for count, visits in zip(counts, VISITS_ON_DAYS, strict=True):
        yield Figure("pages", f"day board, {visits} visit{'s' * (visits > 1)}, queries", count)
    yield Figure("pages", "day board, queries more for 300 visits than for 1", max(counts) - counts[0])
    for name in (
        "week, 300 visits",
        "patient page",
        "contact details, a form",
        "health questions, a form",
        "plan, a form",
    ):
        with counted_queries() as sent:
            calls[name]()
        yield Figure("pages", f"{name}, queries", len(sent))


@transaction.atomic
def _days_of_visits():
    """Days with 1, 3 and 300 visits; every third is a session of an agreed plan, the others are consultations."""
    location = make.make_location()
    staffed = [(make.make_practitioner(), make.make_room(location=location)) for _ in range(PRACTITIONERS)]
    days = []
    for week, visits in enumerate(VISITS_ON_DAYS):
        morning = make.MONDAY.replace(hour=7) + timedelta(weeks=week)
        for number in range(visits):
            practitioner, room = staffed[number % PRACTITIONERS]
            kind = "consultation" if number % 3 else "treatment"
            starts_at = morning + timedelta(minutes=EVERY_MIN * (number // PRACTITIONERS))
            make.make_appointment(
                kind=kind, practitioner=practitioner, room=room, starts_at=starts_at, minutes=LENGTH_MIN
            )
        days.append(morning.date())
    return days
