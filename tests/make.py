"""Makers: one call makes a record that is right in itself; name only what the test is about.

Two calls never clash: each makes its own patient, practitioner and room unless it is given them.
"""

import itertools
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from intake.models import Consent, Patient, PatientMerge
from intake.register import next_record_number
from intake.search import save_terms
from planning.models import ACTIVE_STATES, Agreement, Appointment, PlannedSession, PlanVersion, PlanZone, TreatmentPlan
from sessions.models import TreatmentSession, ZonePass
from smpclinic import chain
from smpclinic.models import ClinicProfile, Location, Lot, Product, Qualification, Room, StaffRole, User
from smpclinic.roles import Role

PASSWORD = "correct horse battery staple"
# A Monday far enough away that nothing made here is ever in the past.
MONDAY = datetime(2035, 1, 8, 10, 0, tzinfo=UTC)

_numbers = itertools.count(1)


def make_clinic(**fields) -> ClinicProfile:
    """The clinic's profile (there is one)."""
    profile, _ = ClinicProfile.objects.update_or_create(pk=1, defaults={"name": "Clinic under test"} | fields)
    return profile


def make_user(*, roles=(Role.RECEPTION,), qualified=None, locations=(), password=PASSWORD, **fields) -> User:
    """A member of staff with ``roles``; practitioners are qualified from 2020 on unless ``qualified=False``."""
    number = next(_numbers)
    user = User.objects.create(
        **{"username": f"staff{number}", "display_name": f"Staff {number}", "password": make_password(password)}
        | fields
    )
    StaffRole.objects.bulk_create(StaffRole(user=user, role=role) for role in roles)
    user.locations.set(locations)
    if qualified if qualified is not None else Role.PRACTITIONER in roles:
        Qualification.objects.create(user=user, title="SMP practitioner", valid_from=date(2020, 1, 1))
    return user


def make_practitioner(**fields) -> User:
    return make_user(roles=(Role.PRACTITIONER,), **fields)


def make_manager(**fields) -> User:
    return make_user(roles=(Role.MANAGER,), **fields)


def make_location(**fields) -> Location:
    return Location.objects.create(**{"name": f"Location {next(_numbers)}"} | fields)


def make_room(*, location=None, **fields) -> Room:
    location = location or make_location()
    return Room.objects.create(location=location, **{"name": f"Room {next(_numbers)}", "cleaning_min": 15} | fields)


def make_patient(**fields) -> Patient:
    """A patient of 44 on the days used here, who can be found by search."""
    number = next(_numbers)
    patient = Patient.objects.create(
        **{
            "record_number": next_record_number(),
            "full_name": f"Patient {number}",
            "phone": f"+44 20 7946 {number % 10_000:04}",
            "born_on": date(1990, 5, 17),
        }
        | fields
    )
    save_terms(patient)
    return patient


def make_merge(winner, loser) -> PatientMerge:
    """``loser`` is part of ``winner`` from now on; nothing moves."""
    merge = PatientMerge.objects.create(winner=winner, loser=loser, at=timezone.now())
    loser.merged_into = winner
    loser.save()
    return merge


def make_product(**fields) -> Product:
    return Product.objects.create(**{"kind": "pigment", "brand": "Carbon", "name": f"Black {next(_numbers)}"} | fields)


def make_lot(*, product=None, **fields) -> Lot:
    product = product or make_product()
    return Lot.objects.create(
        product=product, **{"number": f"L{next(_numbers)}", "expires_on": date(2036, 1, 1)} | fields
    )


def make_plan(
    *,
    patient=None,
    practitioner=None,
    sessions=3,
    approved=True,
    agreed=False,
    zones=("frontal_third",),
    parent=None,
    **version,
) -> TreatmentPlan:
    """A plan with one version; ``approved`` gives it its planned sessions, ``agreed`` the patient's signature.

    ``parent`` makes a touch-up of that plan: one session without a number.
    """
    patient = patient or (parent.patient if parent else make_patient())
    practitioner = practitioner or make_practitioner()
    plan = TreatmentPlan.objects.create(
        patient=patient, practitioner=practitioner, kind="touch_up" if parent else "plan", parent_plan=parent
    )
    draft_version(plan, sessions=1 if parent else sessions, zones=zones, **version)
    if approved or agreed:
        approve(plan)
    if agreed:
        agree(plan)
    return plan


def draft_version(plan, *, sessions=3, zones=("frontal_third",), number=1, **fields) -> PlanVersion:
    fields = {
        "estimate_minutes": [150] * sessions,
        "drafted_by": plan.practitioner,
        "drafted_at": timezone.now(),
    } | fields
    version = PlanVersion.objects.create(plan=plan, number=number, session_count=sessions, **fields)
    for zone in zones:
        PlanZone.objects.create(version=version, zone=zone, area_cm2=Decimal("60.0"))
    return version


def approve(plan) -> None:
    version = plan.newest_version()
    version.approved_by, version.approved_at = plan.practitioner, timezone.now()
    version.save()
    plan.current_version, plan.state = version, "approved"
    plan.save()
    numbers = [None] if plan.kind == "touch_up" else range(1, version.session_count + 1)
    for number in numbers:
        PlannedSession.objects.get_or_create(plan=plan, number=number)


def agree(plan, **signed) -> Agreement:
    consent = make_consent(patient=plan.patient, kind="treatment", witness=plan.practitioner, **signed)
    agreement = Agreement.objects.create(plan_version=plan.current_version, consent=consent, agreed_at=consent.at)
    plan.state = "agreed"
    plan.save()
    return agreement


def make_consent(*, patient=None, **fields) -> Consent:
    patient = patient or make_patient()
    return Consent.objects.create(
        patient=patient,
        **{
            "kind": "privacy",
            "granted": True,
            "exact_text": "I agree.",
            "text_sha256": "0" * 64,
            "at": timezone.now(),
            "signed_name": patient.full_name,
            "actor_kind": "staff",
            "actor_label": "Staff",
        }
        | fields,
    )


def make_appointment(
    *,
    starts_at=MONDAY,
    minutes=60,
    kind="treatment",
    patient=None,
    practitioner=None,
    room=None,
    planned_session=None,
    **fields,
) -> Appointment:
    """An appointment as the database keeps it. A treatment without ``planned_session`` gets a plan of its own."""
    if kind in ("treatment", "touch_up") and planned_session is None:
        plan = make_plan(patient=patient, practitioner=practitioner)
        plan = plan if kind == "treatment" else make_plan(parent=plan, practitioner=plan.practitioner)
        planned_session = plan.planned_sessions.first()
    if planned_session is not None:
        patient = patient or planned_session.plan.patient
        practitioner = practitioner or planned_session.plan.practitioner
    patient, practitioner, room = patient or make_patient(), practitioner or make_practitioner(), room or make_room()
    return Appointment.objects.create(
        patient=patient, practitioner=practitioner, room=room, kind=kind, planned_session=planned_session,
        **appointment_times(starts_at, minutes, cleaning_min=room.cleaning_min),
        **{
            "counts_for_gap": kind in ("treatment", "touch_up"),
            "active": fields.get("state", "booked") in ACTIVE_STATES,
            "booked_at": timezone.now(),
            "booked_by": practitioner,
        }
        | fields,
    )  # fmt: skip


def appointment_times(starts_at: datetime, minutes: int, *, cleaning_min: int = 15) -> dict[str, int]:
    """The integers of an appointment that starts at an aware moment, whose own offset is the clinic's."""
    starts_min = int(starts_at.timestamp()) // 60
    return {
        "starts_min": starts_min,
        "ends_min": starts_min + minutes,
        "room_until_min": starts_min + minutes + cleaning_min,
        "utc_offset_min": int(starts_at.utcoffset() / timedelta(minutes=1)),
        "local_day": (starts_at.date() - date(1970, 1, 1)).days,
    }


def make_session(*, appointment=None, passes=1, signed=False, **fields) -> TreatmentSession:
    """The record of a visit, with passes over the frontal zone; ``signed`` seals it."""
    appointment = appointment or make_appointment()
    session = TreatmentSession.objects.create(
        appointment=appointment,
        **{
            "practitioner": appointment.practitioner,
            "opened_at": timezone.now(),
            "opened_by": appointment.practitioner,
        }
        | fields,
    )
    for number in range(1, passes + 1):
        make_pass(session, number=number)
    if signed:
        sign(session)
    return session


def make_pass(session, **fields) -> ZonePass:
    return ZonePass.objects.create(
        session=session,
        **{"number": 1, "zone": "frontal_third", "needle_group": "3RL", "depth_mm": Decimal("0.5"), "angle_degrees": 45}
        | fields,
    )


@transaction.atomic
def sign(session) -> None:
    content = {"session": session.public_id, "passes": list(session.passes.values_list("zone", "depth_mm"))}
    session.sealed = chain.seal(kind="session", subject=session, content=content)
    session.signed_at, session.signed_by = timezone.now(), session.practitioner
    session.save()
