"""The invented clinic: whole, at every stage, the same for the same seed, and never among real patients."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from intake.models import Patient
from planning.models import Appointment, TreatmentPlan
from planning.models.plan import PlanState
from sessions.models import TreatmentSession
from smpclinic import chain
from smpclinic.database import guards, installation
from smpclinic.models import Lot, Room, User

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
    assert Lot.objects.filter(mix_uses__isnull=False).exists()
    assert Appointment.objects.filter(local_day__gt=timezone.now().timestamp() // 86400).exists()


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
