"""A patient who is here now: an agreed plan, today's appointment, a stock; and a record at each of its stages."""

import html
import io
import re
from datetime import timedelta
from decimal import Decimal

from django.urls import reverse
from PIL import Image

from intake.rules import row_from
from intake.screening_rules import SESSION_DAY_QUESTIONS
from planning.models import PlannedSession
from sessions import actions
from sessions.actions import Portion
from smpclinic.actors import staff
from tests.make import MONDAY, make_appointment, make_lot, make_plan, make_practitioner, make_product

HEALTHY = {rule.code: "no" for rule in SESSION_DAY_QUESTIONS}
NOW = MONDAY + timedelta(minutes=5)


def install_day_questions() -> None:
    for order, rule in enumerate(SESSION_DAY_QUESTIONS):
        row_from(rule, section="", order=order).save()


def arrived(*, state="arrived", number=1, zones=("vertex",), plan=None, **fields):
    """An appointment of ``MONDAY`` whose patient is here, for a plan that was agreed to."""
    plan = plan or make_plan(agreed=True, zones=zones, practitioner=make_practitioner(display_name="Dr Lis"))
    planned = PlannedSession.objects.get(plan=plan, number=number)
    return make_appointment(
        planned_session=planned, practitioner=plan.practitioner, state=state, **{"starts_at": MONDAY, **fields}
    )


def opened(**fields):
    visit = arrived(**fields)
    return actions.open_session(appointment=visit, by=staff(visit.practitioner))


def ready_to_begin(**fields):
    """Everything settled but the photo, which is gone ahead without by name and reason."""
    session = opened(**fields)
    return settled(session)


def settled(session, *, was_treated=False):
    """Health asked, room ready. Healing is judged where the patient ``was_treated`` before: by this plan or another."""
    by = staff(session.practitioner)
    is_first = session.appointment.planned_session.number == 1 and not was_treated
    actions.ask_health(session=session, unchanged=True, today=HEALTHY, healed_well=None if is_first else True, by=by)
    actions.prepare_session(
        session=session,
        room_cleaned=True,
        needles_opened_before_patient=True,
        ink_information_given=True,
        by=by,
    )
    actions.override_item(session=session, item="before_photos", reason="Camera broken", by=by)
    return session


def begun(**fields):
    session = ready_to_begin(**fields)
    return actions.start_treatment(session=session, by=staff(session.practitioner))


def mixed(session, *, name="Mix 1", lot=None, ml="0.2", water="1.8"):
    lot = lot or make_lot()
    portion = Portion(lot=lot, ml=Decimal(ml))
    return actions.mix_pigment(
        session=session, name=name, portions=[portion], diluent_ml=Decimal(water), by=staff(session.practitioner)
    )


def pass_fields(**fields):
    usual = {"zone": "vertex", "needle_group": "3RL", "depth_mm": Decimal("1.0"), "angle_degrees": 90}
    return usual | {"area_cm2": Decimal("50.0"), "dots_per_cm2": 36} | fields


def worked(session, *, minutes=30, **fields):
    """A pass that began at ``NOW`` and took ``minutes``."""
    by = staff(session.practitioner)
    fields = {"started_at": NOW, "stopped_at": NOW + timedelta(minutes=minutes), "mix": mixed(session)} | fields
    return actions.save_pass(session=session, fields=pass_fields(**fields), by=by)


def ready_to_sign(*, minutes=30, **fields):
    session = begun(**fields)
    worked(session, minutes=minutes)
    by = staff(session.practitioner)
    needle = make_lot(product=make_product(kind="needle", brand="Fine", name="0603"), number=f"N{session.pk}")
    actions.use_lot(session=session, lot=needle, count=Decimal(1), by=by)
    actions.note_reaction(session=session, kinds=["redness"], by=by)
    return session


def signed(**fields):
    session = ready_to_sign(**fields)
    return actions.sign_session(session=session, by=staff(session.practitioner))


def jpeg(colour="grey"):
    file = io.BytesIO()
    Image.new("RGB", (400, 300), colour).save(file, "JPEG")
    file.seek(0)
    file.name = "photo.jpg"
    return file


def words(refusal) -> str:
    return " ".join(refusal.value.messages)


def at(session, page, *more) -> str:
    """The address of a page of a session."""
    if page == "start":
        return reverse("sessions:start", args=[session.appointment.public_id])
    return reverse(f"sessions:{page}", args=[session.public_id, *more])


def text(response) -> str:
    """The words of a page, without its tags."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", response.content.decode())))


def hidden(response, name) -> str:
    """What a hidden field of the page holds."""
    return html.unescape(re.search(rf'name="{name}" value="([^"]*)"', response.content.decode())[1])


def sent(**fields):
    """What the browser sends for a new pass."""
    told = {"needle_diameter_mm": "0.20", "depth_known_by": "dialled"} | pass_fields(**fields)
    return {name: str(value) for name, value in told.items()}
