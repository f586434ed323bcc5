"""Put the invented clinic together: patients at every stage, a month of visits around today, signed sessions behind."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from planning.actions import booking
from planning.clinic_protocol import clinic_protocol
from planning.learned import learn_anew
from planning.models import Appointment
from smpclinic.actors import staff
from smpclinic.demo.clinic import DemoClinic, make_clinic
from smpclinic.demo.hours import around_now
from smpclinic.demo.journey import Journey
from smpclinic.demo.outcomes import judge_results, tell_of_events
from smpclinic.demo.people import invent
from smpclinic.demo.photographs import is_photographed, photograph, show_healed
from smpclinic.demo.treatment import begin, come_and_go, treat
from smpclinic.models import ClinicProfile

SESSIONS_A_PATIENT = 2.5
FIRST_TOUCH_UPS_DAYS = 95
# Of sixty patients: who has just called, sent an intake, was assessed, has a draft, an approved or an agreed plan,
# has dates ahead, is being treated; everybody else has been treated before.
STAGES = (
    ("called", 0.07),
    ("submitted", 0.05),
    ("assessed", 0.03),
    ("drafted", 0.03),
    ("approved", 0.03),
    ("agreed", 0.03),
    ("booked", 0.15),
    ("treating", 0.13),
)

# Minutes from now, so that at any time of day some are done, some under way, some here and some still to come.
SESSIONS_TODAY = (-255, -210, -75, -45, 15, 135, 90, 180)
CHECKS_TODAY = (-285, -150, -120, 5, 75, 210)
WAITS_FROM = timedelta(minutes=20)


@dataclass
class Built:
    patients: int = 0
    signed: int = 0
    visits: int = 0
    booked: int = 0
    photographed: set[str] = field(default_factory=set)


@transaction.atomic
def build(*, seed: int, patients: int) -> Built:
    """The whole demo in one transaction: all of it or nothing."""
    rng = random.Random(seed)  # noqa: S311  a story, not a secret
    call_command("install_defaults")
    now = timezone.now()
    clinic = make_clinic(now)
    built = Built(patients=patients)
    treated = [
        journey
        for number, stage in enumerate(_stages(patients), start=1)
        if (journey := _live(clinic, rng, number, stage, now, built)).plan and stage == "treated"
    ]
    _healing_checks(treated, rng, now)
    built.signed += _today(clinic, rng, now)
    _outcomes(treated, clinic, built, now, wanted=round(patients * SESSIONS_A_PATIENT))
    show_healed(treated, rng)
    learn_anew(clinic_protocol())  # what the worker does after each signing
    built.visits = Appointment.objects.count()
    return built


def _outcomes(treated: list[Journey], clinic: DemoClinic, built: Built, now: datetime, *, wanted: int) -> None:
    """Touch-ups between the results that were judged before them and after; with dice of their own."""
    rng, plans = random.Random(wanted), [journey.main_plan for journey in treated]  # noqa: S311  as above
    with timezone.override(ClinicProfile.current().zone):
        today = timezone.localdate(now)
        judge_results(plans, rng, until=today - timedelta(days=FIRST_TOUCH_UPS_DAYS))
        _touch_ups(treated, rng, built, wanted=wanted)
        judge_results(plans, rng, until=today - timedelta(days=1), most=0.6)
        tell_of_events(clinic, today=today)


def _stages(patients: int) -> list[str]:
    stages = [stage for stage, share in STAGES for _ in range(max(1, round(share * patients)))]
    # Those treated before come first: they take the places of the past.
    return ["treated"] * max(0, patients - len(stages)) + list(reversed(stages))


def _live(clinic: DemoClinic, rng: random.Random, number: int, stage: str, now: datetime, built: Built) -> Journey:
    today = timezone.localdate(now, ClinicProfile.current().zone)
    journey = Journey(clinic, invent(rng, number, today), rng, now=now)
    if is_photographed(journey, stage, built.photographed):
        journey.photograph = photograph
    days_ago = {"treated": rng.randrange(150, 420), "treating": rng.randrange(14, 23), "called": rng.randrange(0, 3)}
    visit = journey.call(today - timedelta(days=days_ago.get(stage, rng.randrange(6, 14))))
    if stage == "called" or not journey.has_passed(visit):
        return journey
    journey.consult(visit)
    _prepare(journey, visit.day, stage, built)
    return journey


def _prepare(journey: Journey, day, stage: str, built: Built) -> None:
    """Everything from the intake to the dates, as far as this patient's stage goes."""
    journey.take_intake(day, accept=stage != "submitted")
    steps = [
        ("assessed", journey.assess),
        ("drafted", journey.draft),
        ("approved", journey.approve),
        ("agreed", journey.agree),
    ]
    reached = [name for name, _share in STAGES]
    for name, step in steps:
        if stage in reached and reached.index(stage) < reached.index(name):
            return
        step(day)
    if stage not in ("booked", "treating", "treated"):
        return
    if stage == "booked":
        _book_ahead(journey, day, built)
    else:
        journey.book(day, earliest=day + timedelta(days=3))
    built.signed += journey.treat_what_has_passed()


def _book_ahead(journey: Journey, day: date, built: Built) -> None:
    """Those with dates ahead begin today, over the whole day, and those whom it has no room for in the days after."""
    today = timezone.localdate(journey.now, journey.zone)
    moments = around_now(SESSIONS_TODAY, journey.now)
    number, built.booked = built.booked, built.booked + 1
    if number < len(moments):
        journey.practitioner = journey.clinic.practitioners[number % len(journey.clinic.practitioners)]
        journey.book(day, earliest=today, near=moments[number])
    else:
        journey.book(day, earliest=today + timedelta(days=1 + (number - len(moments)) // 2))


def _touch_ups(treated: list[Journey], rng: random.Random, built: Built, *, wanted: int) -> None:
    """Touch-ups of those whose plan is complete, a first and a second, until enough sessions are signed."""
    today = timezone.localdate()
    for days_ago in (80, 30):
        for journey in treated:
            if built.signed >= wanted or journey.main_plan.state != "complete":
                continue
            journey.touch_up(today - timedelta(days=days_ago + rng.randrange(12)))
            built.signed += journey.treat_what_has_passed()


def _healing_checks(treated: list[Journey], rng: random.Random, now: datetime) -> None:
    """Short visits of those treated before: several today, the others over the fortnights before and after."""
    here = timezone.localtime(now, ClinicProfile.current().zone)
    middle = len(treated) // 2
    today = dict(zip(range(middle, len(treated)), around_now(CHECKS_TODAY, now), strict=False))
    for number, journey in enumerate(treated):
        away = datetime.combine(here.date() + timedelta(days=number - middle), time(rng.randrange(9, 18)), here.tzinfo)
        visit = journey.check_healing(today.get(number, away))
        if journey.has_passed(visit):
            journey.consult(visit)


def _today(clinic: DemoClinic, rng: random.Random, now: datetime) -> int:
    """What has begun today: sessions as far as they are, who waits by now, one who never came; how many were signed."""
    visits = Appointment.objects.on(timezone.localdate(now, ClinicProfile.current().zone)).filter(state="booked")
    signed = missed = 0
    for visit in visits.with_people().order_by("starts_min"):
        if visit.is_treatment and visit.starts_at <= now:
            signed += treat(visit, clinic=clinic, rng=rng, now=now).is_signed
        elif visit.ends_at <= now and missed:
            come_and_go(visit, clinic=clinic)
        elif visit.ends_at <= now:
            missed = 1
            booking.change_state(appointment=visit, state="no_show", by=staff(clinic.reception))
        elif visit.starts_at <= now + WAITS_FROM:
            begin(visit, clinic=clinic, now=now)
    return signed
