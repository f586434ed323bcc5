"""The pages of a plan: who may open them, what they do, and that a stale or double press does no harm."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from intake.actions import withdraw_consent
from intake.models import Consent
from planning.actions.plan import approve_plan, discard_draft, revise_plan
from planning.models import Agreement, TreatmentPlan
from planning.treatment_consent import wording_for
from smpclinic.actors import staff
from smpclinic.models import AccessEntry
from tests.make import PASSWORD, make_appointment, make_manager, make_patient, make_practitioner, make_user
from tests.planning.plan_makers import (
    NORWOOD_III_VERTEX,
    NORWOOD_VI,
    agreed,
    approved,
    drafted,
    install_treatment_text,
    whole_fields,
)
from tests.planning.test_plan_forms import posted

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true", "HX-Target": "estimate"}


@pytest.fixture
def practitioner(client):
    user = make_practitioner()
    client.force_login(user)
    return user


def url(name, subject):
    return reverse(f"planning:{name}", args=[subject.public_id])


def saved(practitioner=None, **fields):
    return posted(practitioner, save="yes", **fields)


def text_of(response) -> str:
    return response.content.decode()


class TestDrafting:
    def test_the_zones_of_the_latest_grade_stand_there_chosen(self, client, practitioner):
        patient = make_patient()
        patient.grades.create(scale="norwood", grade="III", assessed_on="2026-01-05", assessor=practitioner)

        page = client.get(url("draft", patient))

        chosen = [form.zone.code for form in page.context["editor"].zones if form.is_chosen]
        assert chosen == ["hairline_band", "left_temple", "right_temple"]
        assert "graded on 5 January 2026" in text_of(page)
        assert AccessEntry.objects.get().what == "plan editor"

    def test_saving_makes_one_plan_and_goes_to_its_page(self, client, practitioner):
        patient = make_patient()

        answer = client.post(url("draft", patient), saved(practitioner))

        plan = TreatmentPlan.objects.get()
        assert (answer.status_code, answer.url) == (302, plan.get_absolute_url())
        assert plan.newest_version().estimate_minutes == [60, 60, 60]

    def test_the_same_form_sent_twice_makes_one_plan(self, client, practitioner):
        patient = make_patient()
        sent = saved(practitioner, new_id=str(uuid4()))

        answers = [client.post(url("draft", patient), sent) for _time in range(2)]

        assert TreatmentPlan.objects.count() == 1
        assert answers[0].url == answers[1].url

    def test_what_is_wrong_comes_back_as_it_was_typed(self, client, practitioner):
        page = client.post(url("draft", make_patient()), saved(practitioner, price="a lot", note="Keep this."))

        assert page.status_code == 200
        assert not TreatmentPlan.objects.exists()
        for shown in ("Enter a number.", 'value="a lot"', "Keep this.", "Nothing typed is lost"):
            assert shown in text_of(page)

    def test_a_session_over_four_hours_asks_for_the_reason_at_its_field(self, client, practitioner):
        zones = {f"{zone['zone']}-treat": "on" for zone in NORWOOD_VI}

        page = client.post(url("draft", make_patient()), saved(practitioner, session_count="2", **zones))

        assert page.context["form"].errors["long_session_reason"]

    def test_without_the_save_button_nothing_is_saved(self, client, practitioner):
        client.post(url("draft", make_patient()), posted(practitioner))

        assert not TreatmentPlan.objects.exists()

    def test_an_open_plan_is_pointed_to(self, client, practitioner):
        plan = drafted()

        page = client.get(url("draft", plan.patient))

        assert plan.get_absolute_url() in text_of(page)


class TestRunningEstimate:
    def test_it_answers_with_the_part_alone(self, client, practitioner):
        page = client.post(url("draft", make_patient()), posted(practitioner), headers=HTMX)

        assert "<html" not in text_of(page)
        assert "How this is worked out" in text_of(page)
        assert "In 2 sessions:" in text_of(page)
        assert {"HX-Request", "HX-Target"} <= {name.strip() for name in page["Vary"].split(",")}
        assert not TreatmentPlan.objects.exists()

    def test_it_says_what_is_missing(self, client, practitioner):
        page = client.post(url("draft", make_patient()), posted(practitioner, vertex__treat=""), headers=HTMX)

        assert "Choose at least one zone or scar to treat." in text_of(page)

    def test_a_session_over_four_hours_is_said_at_once(self, client, practitioner):
        zones = {f"{zone['zone']}-treat": "on" for zone in NORWOOD_VI}

        page = client.post(url("draft", make_patient()), posted(practitioner, session_count="2", **zones), headers=HTMX)

        assert "More than 4 hours" in text_of(page)


class TestChanging:
    def token(self, client, plan):
        return client.get(url("edit", plan)).context["form"]["token"].value()

    def test_a_change_is_saved(self, client, practitioner):
        plan = drafted()

        client.post(url("edit", plan), saved(practitioner, token=self.token(client, plan), note="Mine."))

        assert plan.newest_version().note == "Mine."

    def test_the_second_writer_is_told_what_differs_and_may_then_save(self, client, practitioner):
        plan = drafted()
        token = self.token(client, plan)
        revise_plan(
            plan=plan, fields=whole_fields(note="Theirs."), zones=NORWOOD_III_VERTEX, by=staff(plan.practitioner)
        )

        told = client.post(url("edit", plan), saved(practitioner, token=token, note="Mine.", price="1300"))

        assert told.status_code == 409
        assert plan.newest_version().note == "Theirs."
        for shown in (
            str(plan.practitioner),
            "Note: saved as Theirs., here Mine.",
            "Price: saved as €1,450.00, here €1,300.00.",
            "Mine.</textarea>",
            "Save mine over it",
        ):
            assert shown in text_of(told)

        token = told.context["form"]["token"].value()
        client.post(url("edit", plan), saved(practitioner, token=token, note="Mine."))
        assert plan.newest_version().note == "Mine."

    def test_a_form_without_its_token_saves_nothing(self, client, practitioner):
        plan = drafted()

        answer = client.post(url("edit", plan), saved(practitioner, note="Mine."))

        assert answer.status_code == 409
        assert plan.newest_version().note == ""

    def test_a_closed_plan_goes_to_its_page(self, client, practitioner):
        plan = approved()
        plan.state, plan.stopped_reason = "stopped", "Enough."
        plan.save()

        assert client.get(url("edit", plan)).url == plan.get_absolute_url()


class TestPlanPage:
    def test_it_shows_the_plan_and_notes_the_read(self, client, practitioner):
        plan = drafted()

        page = client.get(plan.get_absolute_url())

        for shown in ("Vertex (crown)", "2 h 30 min", "1 h 45 min", "3 Medium light", "€1,450.00", "Natural"):
            assert shown in text_of(page)
        assert AccessEntry.objects.get().patient_id == plan.patient.public_id

    def test_it_says_what_keeps_it_from_approval(self, client, practitioner):
        plan = drafted(patient=make_patient(born_on=None), price_minor=None)

        page = client.get(plan.get_absolute_url())

        assert "The birth date is not known." in text_of(page)
        assert "Enter the price: the patient agrees to it." in text_of(page)
        assert "disabled" in text_of(page)

    @pytest.mark.parametrize("make", [drafted, approved, agreed])
    def test_it_opens_in_every_state(self, client, practitioner, make):
        assert client.get(make().get_absolute_url()).status_code == 200

    def test_a_booked_session_shows_its_day(self, client, practitioner):
        plan = agreed()
        make_appointment(planned_session=plan.planned_sessions.get(number=2))

        assert "Mon 8 Jan 2035" in text_of(client.get(plan.get_absolute_url()))

    def test_as_many_queries_for_one_zone_as_for_eight(self, client, practitioner):
        counts = []
        for zones in ([{"zone": "hairline_band"}], NORWOOD_VI):
            plan = drafted(zones=zones)
            with CaptureQueriesContext(connection) as queries:
                client.get(plan.get_absolute_url())
            counts.append(len(queries))

        assert counts[0] == counts[1]


class TestApproving:
    def approve(self, client, plan, token=None):
        page = client.get(plan.get_absolute_url())
        return client.post(url("approve", plan), {"token": token or page.context["token"]})

    def test_one_press_approves(self, client, practitioner):
        plan = drafted()

        assert self.approve(client, plan).status_code == 302
        plan.refresh_from_db()
        assert (plan.state, plan.current_version.approved_by) == ("approved", practitioner)

    def test_pressed_twice_it_is_approved_once(self, client, practitioner):
        plan = drafted()
        token = client.get(plan.get_absolute_url()).context["token"]

        answers = [client.post(url("approve", plan), {"token": token}).status_code for _time in range(2)]

        assert answers == [302, 409]
        assert plan.versions.count() == 1

    def test_somebody_unqualified_reads_why_not(self, client):
        client.force_login(make_practitioner(qualified=False))
        plan = drafted()

        page = self.approve(client, plan)

        assert "no qualification that is valid today" in text_of(page)
        assert plan.newest_version().approved_at is None

    @pytest.mark.parametrize("token", ["", "x" * 500, "0" * 20])
    def test_a_token_that_is_not_of_this_version_approves_nothing(self, client, practitioner, token):
        plan = drafted()

        client.post(url("approve", plan), {"token": token})

        assert plan.newest_version().approved_at is None


def turn(client, plan):
    """Turn the screen to the patient, and the page that stands there then."""
    return client.post(url("agree", plan), {"turn": "yes"}, follow=True)


class TestAgreeing:
    def test_the_patient_sees_the_plan_and_nothing_of_health(self, client, practitioner):
        install_treatment_text()
        plan = approved(note="Nervous.")

        page = turn(client, plan)

        for shown in ("3 Medium light", "€1,450.00", "I agree to the treatment in the plan.", str(plan.practitioner)):
            assert shown in text_of(page)
        for hidden in ("Nervous.", "Norwood", "site-nav"):
            assert hidden not in text_of(page)

    def test_signing_by_name_agrees(self, client, practitioner):
        install_treatment_text()
        plan = approved()
        shown = turn(client, plan).context["wording"].sha256

        client.post(url("agree", plan), {"signed_name": "Ada Test", "shown": shown})

        consent = Consent.objects.get()
        assert (consent.signed_name, consent.witness) == ("Ada Test", practitioner)
        assert "Thank you" in text_of(client.get(url("agree", plan)))

    def test_signing_twice_signs_once(self, client, practitioner):
        install_treatment_text()
        plan = approved()
        sent = {"signed_name": "Ada Test", "shown": wording_for(plan.current_version).sha256}
        turn(client, plan)

        for _time in range(2):
            client.post(url("agree", plan), sent)

        assert Agreement.objects.count() == Consent.objects.count() == 1

    @pytest.mark.parametrize("sent", [{"signed_name": ""}, {"strokes": "nonsense"}, {"shown": "0" * 64}])
    def test_what_is_not_right_is_not_signed(self, client, practitioner, sent):
        install_treatment_text()
        plan = approved()
        right = {"signed_name": "Ada Test", "shown": wording_for(plan.current_version).sha256}
        turn(client, plan)

        page = client.post(url("agree", plan), right | sent)

        assert page.status_code == 200
        assert not Consent.objects.exists()
        assert page.context["form"].errors

    def test_nothing_is_signed_on_a_screen_that_is_not_turned(self, client, practitioner):
        install_treatment_text()
        plan = approved()
        sent = {"signed_name": "Ada Test", "shown": wording_for(plan.current_version).sha256}

        page = client.post(url("agree", plan), sent)

        assert "Nothing else of the program can be opened" in text_of(page)
        assert not Consent.objects.exists()

    def test_a_turned_screen_reaches_nothing_else(self, client, practitioner):
        install_treatment_text()
        plan = approved()
        turn(client, plan)

        for other in (plan.get_absolute_url(), plan.patient.get_absolute_url(), "/", url("edit", plan), "/stock/"):
            assert client.get(other)["Location"] == url("agree", plan)
        assert client.post(url("stop", plan), {"reason": "Out of reach."})["Location"] == url("agree", plan)
        plan.refresh_from_db()
        assert plan.state == "approved"

    def test_the_password_turns_it_back_to_the_plan(self, client, practitioner):
        install_treatment_text()
        plan = approved()
        turn(client, plan)

        wrong = client.post("/turned/back/", {"password": "not it"})
        assert "That is not the password of" in text_of(wrong)
        assert client.get("/").status_code == 302
        assert client.post("/turned/back/", {"password": PASSWORD})["Location"] == plan.get_absolute_url()
        assert client.get(plan.get_absolute_url()).status_code == 200

    def test_passwords_are_tried_five_times(self, client, practitioner):
        install_treatment_text()
        turn(client, approved())

        answers = [client.post("/turned/back/", {"password": "not it"}).status_code for _try in range(6)]

        assert answers == [200] * 5 + [429]
        assert client.post("/turned/back/", {"password": PASSWORD}).status_code == 429

    def test_a_screen_that_was_not_turned_needs_no_turning_back(self, client, practitioner):
        assert client.get("/turned/back/")["Location"] == "/"

    def test_a_draft_has_nothing_to_sign(self, client, practitioner):
        assert client.get(url("agree", drafted())).status_code == 404

    def test_without_an_approved_text_nothing_is_signed(self, client, practitioner):
        page = client.get(url("agree", approved()))

        assert "no approved text" in text_of(page)


class TestStoppingAndDiscarding:
    def test_a_plan_is_stopped_with_a_reason(self, client, practitioner):
        plan = agreed()

        client.post(url("stop", plan), {"reason": "Moved abroad."})

        plan.refresh_from_db()
        assert (plan.state, plan.stopped_reason) == ("stopped", "Moved abroad.")

    def test_without_a_reason_it_is_asked_for(self, client, practitioner):
        plan = agreed()

        page = client.post(url("stop", plan), {"reason": " "})

        assert page.context["form"].errors["reason"]

    def test_a_booked_session_is_named(self, client, practitioner):
        plan = agreed()
        make_appointment(planned_session=plan.planned_sessions.get(number=2))

        page = client.post(url("stop", plan), {"reason": "Enough."})

        assert "Session 2 of 3 on 8 January 2035" in text_of(page)

    def test_a_draft_of_a_change_is_discarded(self, client, practitioner):
        plan = agreed()
        revise_plan(plan=plan, fields=whole_fields(), zones=NORWOOD_VI, by=staff(practitioner))

        client.post(url("discard", plan))

        plan.refresh_from_db()
        assert (plan.state, plan.versions.count()) == ("agreed", 1)


class TestTouchUp:
    def test_it_begins_with_the_zones_of_its_plan(self, client, practitioner):
        plan = agreed()
        plan.state = "complete"
        plan.save()

        page = client.get(url("touch_up", plan))

        assert sum(form.is_chosen for form in page.context["editor"].zones) == 4
        assert page.context["form"]["price"].value() is None

    def test_it_is_saved_as_one_session_of_its_plan(self, client, practitioner):
        plan = agreed()
        plan.state = "complete"
        plan.save()

        client.post(url("touch_up", plan), saved(practitioner, session_count="1"))

        touch_up = plan.touch_ups.get()
        approve_plan(plan=touch_up, by=staff(practitioner))
        assert client.get(touch_up.get_absolute_url()).status_code == 200

    def test_a_plan_that_is_not_complete_gets_none(self, client, practitioner):
        plan = agreed()

        assert client.get(url("touch_up", plan)).url == plan.get_absolute_url()


PAGES = [
    ("plan", "get", {"practitioner"}),
    ("edit", "get", {"practitioner"}),
    ("touch_up", "get", {"practitioner"}),
    ("approve", "post", {"practitioner"}),
    ("discard", "post", {"practitioner"}),
    ("stop", "get", {"practitioner"}),
    ("agree", "get", {"practitioner"}),
    ("plan_pdf", "get", {"practitioner", "reception"}),
]


@pytest.mark.parametrize(("name", "method", "allowed"), PAGES)
@pytest.mark.parametrize("role", ["reception", "practitioner", "manager"])
def test_a_page_opens_for_those_it_is_meant_for(client, monkeypatch, name, method, allowed, role):
    monkeypatch.setattr("planning.plan_sheet.render_pdf", lambda *args, **options: b"%PDF-")
    install_treatment_text()
    plan = approved()
    client.force_login({"practitioner": make_practitioner, "manager": make_manager}.get(role, make_user)())

    answer = getattr(client, method)(url(name, plan))

    assert (answer.status_code != 403) is (role in allowed)


def test_a_patient_of_another_location_is_not_found(client):
    from tests.make import make_clinic, make_location

    make_clinic(patients_shared=False)
    plan = drafted(patient=make_patient(home_location=make_location()))
    client.force_login(make_practitioner(locations=[make_location()]))

    assert client.get(plan.get_absolute_url()).status_code == 404
    assert client.get(url("draft", plan.patient)).status_code == 404


def test_an_agreement_taken_back_is_signed_anew_on_the_same_page(client, practitioner):
    plan = agreed(practitioner=practitioner)
    withdraw_consent(consent=Consent.objects.get(), note="", by=staff(practitioner))

    assert "Turn to the patient" in text_of(client.get(plan.get_absolute_url()))
    page = turn(client, plan)
    assert "You took your agreement back on" in text_of(page)
    assert "Thank you" not in text_of(page)

    client.post(url("agree", plan), {"signed_name": "Ada Anew", "shown": page.context["wording"].sha256})

    assert Agreement.objects.in_force().get().consent.signed_name == "Ada Anew"
    assert Agreement.objects.count() == 2
    assert "Thank you" in text_of(client.get(url("agree", plan)))


def test_a_version_whose_agreement_was_taken_back_is_not_agreed_by_discarding_a_draft(practitioner):
    plan = agreed(practitioner=practitioner)
    withdraw_consent(consent=Consent.objects.get(), note="", by=staff(practitioner))
    revise_plan(plan=plan, fields=whole_fields(), zones=NORWOOD_VI, by=staff(practitioner))

    discard_draft(plan=plan, by=staff(practitioner))

    plan.refresh_from_db()
    assert plan.state == "approved"
