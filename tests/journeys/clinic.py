"""The clinic in which the journeys happen: people who can sign in, hours, stock, texts and rules."""

import io
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.core.management import call_command
from django.utils import timezone
from PIL import Image

from intake import actions as intake
from intake.rules import intake_rules
from planning.models import ShadeStep
from smpclinic.actors import staff
from tests.make import make_lot, make_patient, make_product
from tests.planning.booking_makers import MONDAY, OpenClinic, open_clinic

ZONE = ZoneInfo("Europe/Madrid")


def open_stocked_clinic(**profile) -> OpenClinic:
    """Two practitioners and reception, Monday to Saturday from 9 to 18, with pigment and needles in stock."""
    call_command("install_defaults")
    clinic = open_clinic(**{"name": "Clínica Aurora", "phone": "+34 910 555 010", "emergency_number": "112"} | profile)
    for user, name, initials in ((clinic.reception, "Carmen Soler", "CS"), (clinic.practitioner, "Dr Ruiz", "MR")):
        user.display_name, user.initials = name, initials
        user.save()
    label = "Water, carbon black (CI 77266), glycerin."
    carbon = make_product(brand="Scalp Ink", name="Carbon Black", colour="#2b2a2a", label_statement=label)
    make_lot(product=carbon, number="CB-2417")
    make_lot(product=make_product(kind="needle", brand="Fine Point", name="3RL"), number="FP-881")
    for step in ShadeStep.objects.filter(product__isnull=True):
        step.product = carbon
        step.save()
    return clinic


def moment(day: date = MONDAY, hour: int = 9, minute: int = 0) -> datetime:
    """A time on the clinic's own clock."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE)


def photo() -> dict:
    """A photo as a tablet would send it."""
    file = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").resize((640, 480)).save(file, "JPEG")
    return {"name": "scalp.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


def healthy_patient(clinic, **fields):
    """Somebody whose intake is accepted: every health question was answered with no."""
    by = staff(clinic.reception)
    patient = make_patient(**fields)
    taken = intake.start_intake(patient=patient, by=by)
    health = {rule.code: {"answer": "no"} for rule in intake_rules()}
    causes = [{"cause": "hereditary", "detail": "Father"}]
    intake.save_answers(intake=taken, answers={"reasons": ["baldness"], "causes": causes, "health": health}, by=by)
    name = patient.full_name
    intake.give_consent(
        patient=patient, kind="privacy", granted=True, signed_name=name, witness=clinic.reception, by=by
    )
    intake.submit_intake(intake=taken, by=by)
    intake.accept_intake(intake=taken, by=by)
    intake.grade_pattern(
        patient=patient,
        scale="norwood",
        grade="III vertex",
        assessed_on=timezone.localdate(),
        by=staff(clinic.practitioner),
    )
    return patient
