"""How the demo's treatments turned out: results judged when their day came, and two events."""

import random
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from intake.dates import add_months
from planning.models import TreatmentPlan
from sessions import actions
from sessions.follow_up import next_check
from sessions.models import FollowUp, TreatmentSession
from smpclinic.actors import staff
from smpclinic.demo.clinic import DemoClinic
from smpclinic.demo.clock import at

LOOKS = (5, 5, 4, 4, 4, 3, 2)
# By the months since the treatment: pigment fades slowly.
FADING = {1: ("none", "none", "slight"), 6: ("none", "slight", "slight"), 12: ("slight", "slight", "marked")}


def judge_results(plans: Iterable[TreatmentPlan], rng: random.Random, *, until: date, most: float = 1.0) -> None:
    """Note the checks of complete plans whose day came ``until`` then; ``most`` is the part that came to them."""
    for follow_up in FollowUp.objects.filter(plan__in=list(plans), plan__state="complete").select_related("plan"):
        months = follow_up.months
        while (day := add_months(follow_up.counted_from, months)) <= until:
            if rng.random() < most:
                _judge(follow_up.plan, months, day, rng)
            months = next_check(months)


def _judge(plan: TreatmentPlan, months: int, day: date, rng: random.Random) -> None:
    look = rng.choice(LOOKS)
    judged = {
        "look_score": look,
        "satisfaction": min(5, look + rng.choice((0, 0, 1))),
        "fading": rng.choice(FADING.get(months, FADING[12])),
        "colour": "true" if look > 2 else rng.choice(("blue", "light")),
        "dots": "crisp" if look > 3 else "soft",
        "wants_touch_up": look < 3,
        "note": "",
    }
    zone = timezone.get_current_timezone()
    with at(datetime.combine(day, time(11), zone)):
        actions.note_check(plan=plan, seen_on=day, months=months, judged=judged, by=staff(plan.practitioner))


def tell_of_events(clinic: DemoClinic, *, today: date) -> None:
    """One event that was looked after and closed, one that waits."""
    sessions = TreatmentSession.objects.signed().select_related("appointment__patient", "practitioner")
    newest = list(sessions.order_by("-appointment__local_day")[:12])
    if len(newest) < 2:
        return
    old, new = newest[-1], newest[1]
    desk, treated = staff(clinic.reception), staff(old.practitioner)
    zone = timezone.get_current_timezone()
    noticed = min(old.appointment.day + timedelta(days=3), today)
    with at(datetime.combine(noticed, time(8, 30), zone)):
        words = "Called: the crown is red and swollen, more than yesterday."
        event = actions.report_event(
            patient=old.patient, session=old, kind="swelling", severity="mild", noticed_on=noticed, words=words, by=desk
        )
        actions.add_step(event=event, words="Photos sent; told to keep it dry and to call tomorrow.", by=treated)
        actions.close_event(event=event, ended_as="healed", words="Called: the swelling has gone.", by=treated)
    noticed = min(new.appointment.day + timedelta(days=1), today)
    actions.report_event(
        patient=new.patient, session=new, kind="allergy", severity="moderate", noticed_on=noticed,
        words="Itchy bumps behind the hairline since this morning.", by=desk,
    )  # fmt: skip
