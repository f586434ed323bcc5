"""One invented patient's way through the clinic, by the program's own actions, on the days they would have happened."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils import timezone

from intake import actions as intake
from intake.actors import by_link
from intake.models import Intake, Patient
from intake.rules import intake_rules
from planning.actions import booking
from planning.actions.calls import take_call
from planning.actions.money import note_payment
from planning.actions.plan import agree_plan, approve_plan, draft_plan
from planning.actions.touch_up import draft_touch_up
from planning.availability import local_to_minutes
from planning.models import Appointment, AppointmentKind, ShadeStep, TreatmentPlan
from planning.models.plan import Look
from planning.near_places import next_places
from planning.openings import series_for
from planning.places import ChosenPlace
from planning.scheduling import Wishes
from planning.zones import zones_for_grade
from smpclinic.actors import Actor, staff
from smpclinic.demo.clinic import DemoClinic
from smpclinic.demo.clock import at
from smpclinic.demo.people import Person
from smpclinic.demo.pictures import HAIRLINE_ON_FRONT
from smpclinic.demo.treatment import come_and_go, treat
from smpclinic.models import ClinicProfile, Room, User

PLACES_OFFERED = 12


class Journey:
    """A patient from the call on; each step sets the clock to its own day. ``now`` is the real present."""

    def __init__(self, clinic: DemoClinic, person: Person, rng: random.Random, *, now: datetime):
        self.clinic, self.person, self.rng, self.now = clinic, person, rng, now
        self.zone = ClinicProfile.current().zone
        self.practitioner = rng.choice(clinic.practitioners)
        self.skin_type = rng.choice(("II", "III", "IV"))
        self.photograph: Callable[[Journey, Intake, Actor], None] | None = None  # for those who want photos
        self.patient: Patient | None = None
        self.plan: TreatmentPlan | None = None
        self.main_plan: TreatmentPlan | None = None

    @contextmanager
    def on(self, day: date, hour: int = 9, minute: int = 0) -> Iterator[None]:
        moment = datetime.combine(day, time(hour, minute), self.zone)
        with at(min(moment, self.now)):
            yield

    def call(self, day: date) -> Appointment:
        """The phone rings: name, phone, the next consultation with this practitioner."""
        with self.on(day, 9, self.rng.randrange(60)):
            offered = next_places(minutes=45, users=[self.practitioner], limit=PLACES_OFFERED)
            place = self.rng.choice(offered)
            chosen = ChosenPlace(place.starts_min, self._user(place.practitioner), Room.objects.get(pk=place.room))
            by = staff(self.clinic.reception)
            visit = take_call(
                full_name=self.person.full_name, phone=self.person.phone, email=self.person.email, place=chosen, by=by
            )
        self.patient = visit.patient
        return visit

    def has_passed(self, visit: Appointment) -> bool:
        return visit.ends_at <= self.now

    def consult(self, visit: Appointment) -> None:
        """The patient comes, and the visit is done."""
        come_and_go(visit, clinic=self.clinic)

    def take_intake(self, day: date, *, accept: bool = True) -> None:
        """The questionnaire with every question answered, and the consents; what waits for review came by link."""
        by = staff(self.clinic.reception)
        with self.on(day, 10):
            intake.edit_patient(
                patient=self.patient,
                born_on=self.person.born_on,
                sex=self.person.sex,
                large_print=self.person.wants_large_print,
                by=by,
            )
            self.patient.refresh_from_db()
            record = intake.start_intake(patient=self.patient, by=by)
            teller = by if accept else by_link(self.patient)
            intake.save_answers(intake=record, answers=self._answers(), by=teller)
            for kind in ("privacy", "messages", "photos_record", "photos_marketing"):
                is_wanted = kind in ("privacy", "messages") or (kind == "photos_record" and self.photograph is not None)
                self.consent(kind, granted=is_wanted, by=teller)
            if self.photograph is not None:
                self.photograph(self, record, teller)
            intake.submit_intake(intake=record, by=teller)
            if accept:
                intake.accept_intake(intake=record, by=staff(self.practitioner))

    def assess(self, day: date) -> None:
        by = staff(self.practitioner)
        with self.on(day, 11):
            intake.grade_pattern(
                patient=self.patient, scale=self.person.scale, grade=self.person.grade, assessed_on=day, by=by
            )
            intake.record_hair(
                patient=self.patient,
                by=by,
                observed_on=day,
                level=self.person.level,
                calibre=self.person.calibre,
                skin_type=self.skin_type,
                head_circumference_cm=Decimal(self.person.circumference_cm),
                is_shaved=self.person.scale == "norwood",
            )

    def draft(self, day: date, *, sessions: int = 3) -> None:
        with self.on(day, 11, 30):
            zones = [self._zone(choice) for choice in zones_for_grade(self.person.scale, self.person.grade)]
            fields = self._fields(sessions)
            try:
                self.plan = self._drafted(fields, zones)
            except ValidationError:
                # A session of over four hours wants the practitioner's reason.
                reason = "The whole top in one go, as agreed with the patient."
                self.plan = self._drafted(fields | {"long_session_reason": reason}, zones)

        self.main_plan = self.plan

    def _drafted(self, fields: dict, zones: list[dict]) -> TreatmentPlan:
        by = staff(self.practitioner)
        return draft_plan(patient=self.patient, practitioner=self.practitioner, fields=fields, zones=zones, by=by)

    def approve(self, day: date) -> None:
        with self.on(day, 11, 45):
            approve_plan(plan=self.plan, by=staff(self.practitioner))
            self.plan.refresh_from_db()

    def agree(self, day: date) -> None:
        with self.on(day, 12):
            agree_plan(
                plan=self.plan,
                signed_name=self.person.full_name,
                witness=self.practitioner,
                by=staff(self.practitioner),
            )
            self.plan.refresh_from_db()
        with self.on(day, 12, 10):
            paid_on = timezone.localdate()
            desk = staff(self.clinic.reception)
            note_payment(plan=self.plan, amount_minor=20_000, paid_on=paid_on, method="card", note="Deposit", by=desk)

    def book(self, day: date, *, earliest: date, near: datetime | None = None) -> list[Appointment]:
        """Reception books every session of the plan in one go; the first as near to ``near`` as there is a place."""
        with self.on(day, 12, 15):
            sessions = list(self.plan.planned_sessions.filter(is_dropped=False).order_by("number"))
            numbers = [each.number or 1 for each in sessions]
            wishes = Wishes(from_min=self.rng.choice((None, 9 * 60, 12 * 60, 15 * 60)))
            version = self.plan.current_version
            found = series_for(version, users=[self.practitioner], wishes=wishes, earliest=earliest)
            proposed = list(found.series[0].places)
            if near:
                proposed[0] = self._place_near(near, version.minutes_of(numbers[0]))
            places = [
                booking.Place(
                    session,
                    self._user(place.practitioner),
                    Room.objects.get(pk=place.room),
                    place.starts_min,
                    version.minutes_of(number),
                )
                for session, number, place in zip(sessions, numbers, proposed, strict=True)
            ]
            return booking.book_series(plan=self.plan, places=places, by=staff(self.clinic.reception))

    def _place_near(self, near: datetime, minutes: int):
        """The free place of this practitioner that is nearest to that moment."""
        near_min = local_to_minutes(near.date(), near.time(), self.zone)
        return next_places(
            minutes=minutes, patient=self.patient, users=[self.practitioner], near_min=near_min, limit=1
        )[0]

    def check_healing(self, moment: datetime) -> Appointment:
        """A short look at the result, booked a week before for the free place nearest to that moment."""
        near = local_to_minutes(moment.date(), moment.time(), self.zone)
        with self.on(min(moment.date(), timezone.localdate(self.now, self.zone)) - timedelta(days=7), 10):
            place = next_places(minutes=15, patient=self.patient, near_min=near, limit=1)[0]
            return booking.book_appointment(
                kind=AppointmentKind.HEALING_CHECK,
                patient=self.patient,
                practitioner=self._user(place.practitioner),
                room=Room.objects.get(pk=place.room),
                starts_min=place.starts_min,
                minutes=15,
                by=staff(self.clinic.reception),
            )

    def treat_what_has_passed(self) -> int:
        """Live through every session whose time is over; returns how many were signed."""
        ahead = Appointment.objects.filter(patient=self.patient, counts_for_gap=True, state="booked").with_people()
        passed = [visit for visit in ahead if self.has_passed(visit)]
        sessions = [treat(visit, clinic=self.clinic, rng=self.rng, now=self.now) for visit in passed]
        self.plan.refresh_from_db()
        return sum(session.is_signed for session in sessions)

    def touch_up(self, day: date) -> None:
        """A single session, a while after the plan was completed."""
        by = staff(self.practitioner)
        with self.on(day, 10):
            zones = [
                self._zone(choice) | {"part_percent": 25}
                for choice in zones_for_grade(self.person.scale, self.person.grade)
            ]
            self.plan = draft_touch_up(
                parent_plan=self.main_plan, practitioner=self.practitioner, fields=self._fields(1), zones=zones, by=by
            )
        self.approve(day)
        self.agree(day)
        self.book(day, earliest=day + timedelta(days=3))

    def _user(self, pk: int) -> User:
        return User.objects.prefetch_related("qualifications", "staff_roles").get(pk=pk)

    def _answers(self) -> dict:
        health = {rule.code: {"answer": "no"} for rule in intake_rules()}
        if self.person.has_diabetes:
            health["diabetes"] = {"answer": "yes", "detail": "Type 2, well controlled"}
        reasons = ["receding", "thinning"] if self.person.scale == "norwood" else ["thinning"]
        return {
            "reasons": reasons,
            "causes": [self.person.cause],
            "course": "gradual",
            "onset_on": self.person.cause.get("since"),
            "family_history": self.person.cause.get("detail", ""),
            "health": health,
            "wishes": "A natural look that nobody notices.",
        }

    def consent(self, kind: str, *, granted: bool, by: Actor) -> None:
        intake.give_consent(
            patient=self.patient,
            kind=kind,
            granted=granted,
            signed_name=self.person.full_name,
            witness=self.clinic.reception,
            by=by,
        )

    def _fields(self, sessions: int) -> dict:
        among_hair = self.person.scale == "ludwig"
        return {
            "session_count": sessions,
            "look": Look.KEPT_HAIR if among_hair else Look.SHAVED,
            "hairline_shape": "" if among_hair else self.rng.choice(("natural", "soft", "receded")),
            "shade_step": ShadeStep.objects.order_by("number")[min(5, 7 - self.person.level)],
            "head_circumference_cm": Decimal(self.person.circumference_cm),
            "grade": self.patient.grades.first(),
            "consulted_before": True,
            **self._line_on_photo(among_hair=among_hair),
            "price_minor": 35_000 if sessions == 1 else None,  # a touch-up is not on the price list
            "deposit_minor": 20_000,
        }

    def _line_on_photo(self, *, among_hair: bool) -> dict:
        photo = None if among_hair else self.patient.photos.filter(view="front").first()
        return {"hairline_photo": photo, "hairline_on_photo": HAIRLINE_ON_FRONT} if photo else {}

    def _zone(self, choice) -> dict:
        return {"zone": choice.zone, "part_percent": choice.part_percent, "among_hair": choice.surface == "among_hair"}
