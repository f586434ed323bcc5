"""One session of the demo, from the door to the signature, at the minutes it would have taken."""

import random
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from intake.rules import day_rules
from planning.actions import booking
from planning.models import Appointment, PlanZone
from planning.protocol import DEFAULT_PROTOCOL
from planning.zones.areas import TEMPLE_ZONES
from sessions import ready
from sessions.actions import mixing, opening, passes, signing
from sessions.models import Mix, TreatmentSession
from sessions.technique import defaults_for
from smpclinic.actors import Actor, staff
from smpclinic.demo.clinic import DemoClinic
from smpclinic.demo.clock import at
from smpclinic.models import ClinicProfile

PREPARATION_MIN, AFTERWARDS_MIN = 20, 10
SHARES = {1: (0.30,), 2: (0.55, 0.45), 3: (0.40, 0.33, 0.27)}


def treat(visit: Appointment, *, clinic: DemoClinic, rng: random.Random, now: datetime) -> TreatmentSession:
    """Arrive, prepare, treat zone by zone, note the reaction, sign; as far as it has come ``now``."""
    by = staff(visit.practitioner)
    with at(arrival(visit)):
        booking.change_state(appointment=visit, state="arrived", by=staff(clinic.reception))
    with at(visit.starts_at):
        session = _prepare(visit, by)
        mix = _mix(session, clinic, rng, by)
    end = _work(session, mix, rng, by, now)
    if end + timedelta(minutes=AFTERWARDS_MIN) > now:
        return session
    with at(end + timedelta(minutes=AFTERWARDS_MIN)):
        passes.use_lot(session=session, lot=rng.choice(clinic.needles), count=Decimal(1), by=by)
        passes.note_reaction(session=session, kinds=[rng.choice(("redness", "redness", "none"))], by=by)
        session.refresh_from_db()
        return signing.sign_session(session=session, by=by)


def begin(visit: Appointment, *, clinic: DemoClinic, now: datetime) -> None:
    """A patient who is here now: arrived, and the record not yet opened."""
    with at(min(now, arrival(visit))):
        booking.change_state(appointment=visit, state="arrived", by=staff(clinic.reception))


def come_and_go(visit: Appointment, *, clinic: DemoClinic) -> None:
    """A visit at which nothing is recorded: the patient comes, and it is done."""
    begins, ends = (visit.starts_at + timedelta(minutes=minutes) for minutes in (5, visit.minutes))
    for moment, state in ((arrival(visit), "arrived"), (begins, "in_treatment"), (ends, "done")):
        with at(moment):
            booking.change_state(appointment=visit, state=state, by=staff(clinic.reception))


def arrival(visit: Appointment) -> datetime:
    """Five minutes early, but not on the day before: who is first after midnight comes on time."""
    early = visit.starts_at - timedelta(minutes=5)
    return early if timezone.localdate(early, ClinicProfile.current().zone) == visit.day else visit.starts_at


def _prepare(visit: Appointment, by: Actor) -> TreatmentSession:
    session = opening.open_session(appointment=visit, by=by)
    is_first = not Appointment.objects.filter(patient=visit.patient, counts_for_gap=True, state="done").exists()
    today = {rule.code: "no" for rule in day_rules()}
    opening.ask_health(
        session=session,
        unchanged=True,
        today=today,
        healed_well=None if is_first else True,
        acknowledged=ready.warnings_to_read(visit.patient, on=visit.day),
        by=by,
    )
    opening.prepare_session(
        session=session,
        machine="Rotary pen",
        speed_hz=Decimal(120),
        voltage_v=Decimal("7.5"),
        room_cleaned=True,
        needles_opened_before_patient=True,
        ink_information_given=True,
        by=by,
    )
    return opening.start_treatment(session=session, by=by)


def _mix(session: TreatmentSession, clinic: DemoClinic, rng: random.Random, by: Actor) -> Mix:
    step = session.appointment.planned_session.plan.current_version.shade_step
    lot = rng.choice(clinic.pigments[:2])
    return mixing.mix_pigment(
        session=session,
        name=step.name,
        portions=[mixing.Portion(lot=lot, ml=step.pigment_ml)],
        diluent_ml=step.water_ml,
        shade_step=step if lot.product_id == step.product_id else None,
        by=by,
    )


def _work(session: TreatmentSession, mix: Mix, rng: random.Random, by: Actor, now: datetime) -> datetime:
    """Zone by zone, those that are finished ``now``; returns when the last would be."""
    version = session.appointment.planned_session.plan.current_version
    zones = list(version.zones.filter(treatment=PlanZone.Treatment.TREAT))
    starts = session.appointment.starts_at + timedelta(minutes=PREPARATION_MIN)
    pace = rng.uniform(58, 90)
    share = SHARES[version.session_count][(session.appointment.planned_session.number or 1) - 1]
    for zone in zones:
        dots = max(1, round(zone.dots_per_cm2 * share))
        area = (zone.area_cm2 * zone.part_percent / 100).quantize(Decimal("0.1"))
        stops = starts + timedelta(minutes=max(3, round(dots * float(area) / (pace * _slowness(zone)))))
        if stops <= now:
            _pass(session, zone.zone, mix, area, dots, starts, stops, rng, by)
        starts = stops + timedelta(minutes=2)
    return starts


def _slowness(zone: PlanZone) -> float:
    """Fine work takes longer: the factors of the estimate."""
    protocol = DEFAULT_PROTOCOL
    slow = [Decimal(1)]
    slow += [protocol.among_hair_factor] if zone.among_hair else []
    slow += [protocol.hairline_band_factor] if zone.zone == "hairline_band" else []
    slow += [protocol.temples_factor] if zone.zone in TEMPLE_ZONES else []
    return float(min(slow))


def _pass(session, zone: str, mix: Mix, area: Decimal, dots: int, starts, stops, rng: random.Random, by: Actor) -> None:
    usual = defaults_for(zone)
    with at(stops):
        passes.save_pass(
            session=session,
            fields={
                "zone": zone,
                "needle_group": str(usual.needle_group),
                "depth_mm": rng.choice((Decimal("0.8"), Decimal("1.0"), Decimal("1.2"))),
                "angle_degrees": usual.angle_degrees,
                "mix": mix,
                "area_cm2": area,
                "dots_per_cm2": dots,
                "started_at": starts,
                "stopped_at": stops,
            },
            by=by,
        )
