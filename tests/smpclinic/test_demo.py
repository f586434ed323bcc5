"""The invented clinic: whole, at every stage, the same for the same seed, and never among real patients."""

from datetime import datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from intake.actions.photos import may_keep_photos
from intake.models import Patient, Photo
from planning.models import Appointment, HealedPhoto, PlanVersion, TreatmentPlan
from planning.models.plan import PlanState
from sessions.models import TreatmentSession
from smpclinic import chain
from smpclinic.colour import Srgb
from smpclinic.database import guards, installation
from smpclinic.demo import pictures
from smpclinic.demo.build import SESSIONS_TODAY
from smpclinic.demo.hours import around_now, open_today
from smpclinic.demo.treatment import arrival
from smpclinic.models import Lot, Room, User
from tests.make import make_appointment, make_clinic

pytestmark = pytest.mark.django_db
PATIENTS = 14


@pytest.fixture
def demo_mode(settings, monkeypatch):
    settings.MODE = "demo"
    monkeypatch.setattr(installation, "mode", lambda: "demo")


def build(**options) -> str:
    told = StringIO()
    call_command("demo", patients=PATIENTS, stdout=told, **options)
    return told.getvalue()


def test_lives_through_every_stage_by_the_programs_own_actions(demo_mode):
    assert f"{PATIENTS} patients" in build()
    assert Patient.objects.count() == PATIENTS
    assert Room.objects.count() == 3
    assert User.objects.practitioners().count() == 4
    assert {"reception", "practitioner", "manager"} <= set(User.objects.values_list("username", flat=True))
    states = set(TreatmentPlan.objects.values_list("state", flat=True))
    assert states == {*PlanState.values} - {PlanState.STOPPED}
    assert TreatmentSession.objects.signed().count() >= PATIENTS
    assert Appointment.objects.on(timezone.localdate()).count() >= 3, "nobody comes today"
    assert Lot.objects.filter(mix_uses__isnull=False).exists()
    assert Appointment.objects.filter(local_day__gt=timezone.now().timestamp() // 86400).exists()
    a_few_are_photographed()


@pytest.mark.parametrize("hour", [0, 3, 8, 9, 12, 18, 19, 23])
def test_its_day_lies_around_now_within_its_hours(hour):
    make_clinic(time_zone="Europe/Madrid")
    now = datetime(2026, 11, 28, hour, 40, tzinfo=ZoneInfo("Europe/Madrid"))  # a Saturday
    opens, closes = open_today(hour * 60 + 40)
    moments = around_now(SESSIONS_TODAY, now)
    assert {moment.date() for moment in moments} == {now.date()}
    assert all(opens <= moment.hour * 60 + moment.minute <= closes - 60 for moment in moments)
    assert any(moment < now for moment in moments)
    assert any(moment > now for moment in moments) or hour == 23  # midnight ends the day


def a_few_are_photographed():
    """No more than a dozen invented pictures, each kept with its patient's consent."""
    photos = list(Photo.objects.all())
    assert {"front", "top", "treated"} <= {photo.view for photo in photos}
    assert len(photos) <= 12
    assert all(may_keep_photos(photo.patient) for photo in photos)
    assert HealedPhoto.objects.for_staff().exists()
    assert PlanVersion.objects.filter(hairline_photo__isnull=False).exists()


def test_the_same_figures_draw_the_same_bytes():
    skin, hair = Srgb(216, 174, 136), Srgb(34, 26, 22)
    for draw in (pictures.front, pictures.top):
        drawn = {draw(skin=skin, hair=hair, loss=loss) for loss in pictures.HAIR_BEGINS for _again in range(2)}
        assert len(drawn) == len(pictures.HAIR_BEGINS)
    assert len({pictures.healed(skin=skin, dot=hair, dots=900, seed=seed) for seed in (1, 1, 2)}) == 2


def test_leaves_a_whole_chain_and_whole_guards(demo_mode):
    build()
    assert chain.problems() == []
    assert guards.problems() == []


def test_is_built_once(demo_mode):
    build()
    assert "nothing was changed" in build()
    assert Patient.objects.count() == PATIENTS


def test_is_refused_in_a_clinic(settings):
    settings.MODE = "clinic"
    with pytest.raises(CommandError, match="not a demo"):
        build()
    assert not Patient.objects.exists()


@pytest.mark.parametrize("patients", [0, 100_001, -3])
def test_a_number_that_cannot_be_is_named(demo_mode, patients):
    with pytest.raises(CommandError, match=f"--patients {patients} cannot be"):
        call_command("demo", patients=patients)


@pytest.mark.parametrize(("hour", "early_min"), [(0, 0), (9, 5)])
def test_nobody_comes_on_the_day_before_the_visit(hour, early_min):
    make_clinic()
    starts_at = timezone.localtime().replace(hour=hour, minute=0, second=0, microsecond=0) + timedelta(days=1)
    visit = make_appointment(starts_at=starts_at)
    assert arrival(visit) == starts_at - timedelta(minutes=early_min)
