"""Who of the invented patients is photographed: few, so that the demo is built quickly; each picture is invented.

Somebody at the assessment and somebody with an agreed plan, from the front and from above; a few who were treated, of
how the work healed. Nobody else in the demo wants photos.
"""

import io
import random
from datetime import timedelta

from django.utils import timezone

from intake import actions as intake
from intake.hair_colours import hair_colour, skin_colour
from intake.models import Intake
from planning.ladder_page import cup_colour
from planning.mixing import on_skin
from planning.shade_settings import clinic_healed_look
from sessions.actions.pictures import HEALED_AFTER_DAYS, add_healed_photo
from sessions.models import TreatmentSession
from smpclinic.actors import Actor, staff
from smpclinic.demo import pictures
from smpclinic.demo.journey import Journey

STAGES = ("agreed", "assessed")
HEALED_PHOTOS = 6
HEALED_DAYS = 35
DOTS = 1500


def is_photographed(journey: Journey, stage: str, drawn: set[str]) -> bool:
    """The first of each stage in ``STAGES``; of those who agreed, one whose new front edge is drawn on the photo."""
    if stage not in STAGES or stage in drawn or (stage == "agreed" and journey.person.scale != "norwood"):
        return False
    drawn.add(stage)
    return True


def photograph(journey: Journey, record: Intake, by: Actor) -> None:
    """Front and top, asked for by the intake; the front one stands at the head of the record."""
    person = journey.person
    skin, hair = skin_colour(skin_type=journey.skin_type), hair_colour(level=person.level)
    loss = "full" if person.scale == "ludwig" else "bare" if person.grade in ("VI", "VII") else "receding"
    taken = [
        intake.add_photo(
            patient=journey.patient,
            view=view,
            upload=io.BytesIO(draw(skin=skin, hair=hair, loss=loss)),
            by=by,
            intake=record,
        )
        for view, draw in (("front", pictures.front), ("top", pictures.top))
    ]
    intake.choose_portrait(patient=journey.patient, photo=taken[0], by=by)


def show_healed(treated: list[Journey], rng: random.Random) -> None:
    """How signed sessions healed: every other patient lets others see it too, the rest agreed to their record alone."""
    shown = 0
    for journey in treated:
        session = TreatmentSession.objects.signed().filter(appointment__patient=journey.patient).latest("signed_at")
        treated_on = session.appointment.day
        seen_on = min(treated_on + timedelta(days=HEALED_DAYS), timezone.localdate(journey.now, journey.zone))
        if shown == HEALED_PHOTOS or seen_on < treated_on + timedelta(days=HEALED_AFTER_DAYS):
            continue
        shown += 1
        with journey.on(seen_on, 11):
            for kind, granted in (("photos_record", True), ("photos_marketing", shown % 2 == 1)):
                journey.consent(kind, granted=granted, by=staff(journey.clinic.reception))
            _healed(journey, session, rng.randrange(10_000))


def _healed(journey: Journey, session: TreatmentSession, seed: int) -> None:
    step, skin = journey.main_plan.current_version.shade_step, skin_colour(skin_type=journey.skin_type)
    dot = on_skin(clinic_healed_look().of(cup_colour(step)), skin)
    add_healed_photo(
        session=session,
        zone=session.passes.first().zone,
        view="treated",
        upload=io.BytesIO(pictures.healed(skin=skin, dot=dot, dots=DOTS, seed=seed)),
        shade_step=step,
        by=staff(journey.practitioner),
    )
