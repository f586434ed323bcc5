"""A patient who has everything that any paper shows; each typed text can be chosen, for tests of hostile ones."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.core.management import call_command
from django.db import transaction

from intake.models import DoctorLetter, PatchTest, Photo
from planning.models import ShadeStep
from sessions.models import Amendment, Mix, MixComponent, MixLot, SessionLot, SessionPhoto
from smpclinic import chain, storage
from smpclinic.photos import small_jpeg
from tests import make
from tests.pictures import JPEG

NOW = datetime(2035, 1, 9, 9, 0, tzinfo=UTC)
MADRID = ZoneInfo("Europe/Madrid")
Chooser = Callable[[str], str]


def usual(text: str) -> str:
    """What stands in a field where nobody is hostile: the text itself."""
    return text


class Printed:
    """Treated the day before ``NOW`` with a mix of a lot, amended and photographed since; two sessions lie ahead."""

    def __init__(self, text: Chooser = usual):
        self.text = text
        call_command("install_defaults", verbosity=0)
        make.make_clinic(
            name=text("Clínica Sol"), phone=text("+34 910 222 333"), address=text("Calle Sol 1\nMadrid"),
            time_zone="Europe/Madrid",
        )  # fmt: skip
        self.patient = make.make_patient(
            full_name=text("Ana Quintero"),
            address=text("Calle Luna 2"),
            doctor=text("Dr House"),
            id_kind=text("Passport"),
        )
        self.doctor = make.make_practitioner(display_name=text("Dr Ruiz"))
        self.room = make.make_room(name=text("Room 1"), location=make.make_location(name=text("Centre")))
        self.plan = self._plan()
        self.session = self._session()
        self._photograph()
        self.visits = [self._visit(number, NOW + timedelta(days=7 * number)) for number in (2, 3)]
        self.letter = DoctorLetter.objects.create(
            patient=self.patient, rule="keloid", doctor=text("Dr House"), requested_at=NOW, requested_by=self.doctor
        )
        self.patch_test = PatchTest.objects.create(
            patient=self.patient, lot=self.ink, site=text("behind the ear"), placed_at=NOW,
            read_from=NOW + timedelta(days=2), performer=self.doctor,
        )  # fmt: skip

    def _plan(self):
        text = self.text
        plan = make.make_plan(
            patient=self.patient, practitioner=self.doctor, approved=False, shade_step=ShadeStep.objects.first(),
            note=text("Wishes few visits"), long_session_reason=text("Comes from far"),
        )  # fmt: skip
        plan.newest_version().zones.update(note=text("Old scar nearby"))
        make.approve(plan)
        make.agree(plan, exact_text=text("I agree."), signed_name=text("Ana Quintero"))
        return plan

    def _visit(self, number, starts_at, **fields):
        planned = self.plan.planned_sessions.get(number=number)
        return make.make_appointment(
            planned_session=planned, starts_at=starts_at.astimezone(MADRID), room=self.room,
            note=self.text("Rings at the side door"), **fields,
        )  # fmt: skip

    def _session(self):
        text = self.text
        visit = self._visit(1, NOW - timedelta(days=1), state="done")
        session = make.make_session(appointment=visit, note=text("Calm session"), machine=text("Rotary"))
        black = make.make_product(
            brand=text("Carbon"), name=text("Black"), base=text("Water"), supplier=text("Inks Ltd"), colour="#2b2a29",
            label_statement=text("CI 77266, water, glycerin."),
        )  # fmt: skip
        self.ink = make.make_lot(number=text("INK7"), product=black)
        mix = Mix.objects.create(session=session, name=text("light"), mixed_at=NOW, mixed_by=self.doctor)
        MixComponent.objects.create(mix=mix, lot=self.ink, ml="1.0")
        MixLot.objects.create(mix=mix, lot=self.ink, ml="1.0")
        session.passes.update(mix=mix, started_at=NOW, stopped_at=NOW + timedelta(minutes=40), note=text("Two layers"))
        needle = make.make_product(kind="needle", brand=text("Fine"), name=text("0603"))
        SessionLot.objects.create(session=session, lot=make.make_lot(product=needle, number=text("N77")), count=1)
        session.reactions.create(kind="redness", note=text("mild"), at=NOW)
        make.sign(session)
        self._amend(session)
        return session

    @transaction.atomic
    def _amend(self, session):
        text = self.text("The depth was 0.7 mm.")
        Amendment.objects.create(
            session=session, text=text, field=self.text("depth"), reason=self.text("Slip of the hand"), at=NOW,
            actor_kind="staff", actor_label="Dr Ruiz", actor_user=self.doctor,
            sealed=chain.seal(kind="amendment", subject=session, content={"text": text}),
        )  # fmt: skip

    def _photograph(self):
        kept = storage.store(small_jpeg(JPEG, longest_side_px=64), folder="photos", suffix="jpg")
        photo = Photo.objects.create(
            patient=self.patient,
            view="front",
            taken_at=NOW,
            file=kept.name,
            sha256=kept.sha256,
            width_px=9,
            height_px=9,
        )
        SessionPhoto.objects.create(session=self.session, photo=photo, moment="after")
