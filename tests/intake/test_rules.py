"""The manager edits the screening: versions are kept, findings follow from then on, and some things stay forbidden."""

from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from intake import actions
from intake.defaults import install
from intake.figures import Figures
from intake.findings import findings_for, judged_findings
from intake.models import KeptFindings, ScreeningRule
from intake.rules import day_rules, figures_in_force, rule_from, rule_of_version
from intake.screening import Action, Asked, Kind, Rule
from smpclinic.actors import staff
from smpclinic.models import AuditEntry
from smpclinic.roles import Role
from tests import sql
from tests.make import make_clinic, make_manager, make_patient, make_practitioner, make_user
from tests.smpclinic.guarded import covers

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(db):
    install()
    make_clinic()
    return make_manager(display_name="Mara Manager")


@pytest.fixture
def office(client, manager):
    client.force_login(manager)
    return client


def row_of(code) -> ScreeningRule:
    return ScreeningRule.objects.get(code=code)


def edit(code, *, by, seen=None, is_active=True, section=None, **changes):
    row = row_of(code)
    rule = replace(rule_from(row), **changes)
    return actions.edit_rule(
        row=row,
        rule=rule,
        section=section or row.section,
        is_active=is_active,
        seen_number=seen or row.number,
        by=staff(by),
    )


def told(patient, by, **health):
    intake = actions.start_intake(patient=patient, by=staff(by))
    causes = [{"cause": "hereditary"}]
    actions.save_answers(
        intake=intake, answers={"reasons": ["thinning"], "causes": causes, "health": health}, by=staff(by)
    )
    return actions.submit_intake(intake=intake, by=staff(by))


class TestEditingARule:
    def test_the_wait_after_chemotherapy_is_raised_to_twelve_months(self, manager):
        patient = make_patient()
        answer = {"answer": "yes", "on_date": date(2026, 8, 31)}
        told(patient, make_user(), chemotherapy_or_radiation=answer)
        on = date(2026, 9, 3)
        waits = {f.earliest for f in findings_for(patient, on=on) if f.kind is Kind.WAIT_UNTIL}
        assert waits == {date(2027, 2, 28)}

        former = rule_from(row_of("chemotherapy_or_radiation"))
        edit("chemotherapy_or_radiation", by=manager, actions=(Action(Kind.WAIT_UNTIL, months=12), *former.actions[1:]))

        waits = {f.earliest for f in findings_for(patient, on=on) if f.kind is Kind.WAIT_UNTIL}
        assert waits == {date(2027, 8, 31)}

    def test_every_wording_is_kept_with_who_and_when(self, manager):
        before = rule_from(row_of("keloid"))
        edit("keloid", by=manager, question="Any keloid?")
        row = edit("keloid", by=manager, question="Any keloid, ever?")

        versions = list(row.versions.all())
        assert [version.number for version in versions] == [3, 2, 1]
        assert [rule_of_version(v).question for v in versions][:2] == ["Any keloid, ever?", "Any keloid?"]
        assert rule_of_version(versions[2]) == before
        assert (versions[2].changed_by, versions[1].changed_by) == (None, manager)
        assert AuditEntry.objects.filter(verb="changed", fields=["question"]).count() == 2

    def test_saving_what_stands_makes_no_version(self, manager):
        edit("keloid", by=manager)
        assert (row_of("keloid").number, row_of("keloid").versions.count()) == (1, 0)

    def test_the_second_of_two_managers_is_told_and_nothing_is_lost(self, manager):
        edit("keloid", by=manager, question="First")
        with pytest.raises(actions.RuleChanged) as clash:
            edit("keloid", by=make_manager(), seen=1, question="Second")
        assert clash.value.messages == ["Mara Manager changed this rule in between."]
        assert row_of("keloid").question == "First"

    @pytest.mark.parametrize(
        "change", [{"overridable": True}, {"is_active": False}, {"actions": (Action(Kind.CAUTION),)}]
    )
    def test_an_active_infection_always_stops_the_treatment(self, manager, change):
        with pytest.raises(ValidationError):
            edit("scalp_infection", by=manager, **change)
        assert row_of("scalp_infection").number == 1

    def test_a_practitioner_edits_no_rule(self, manager):
        with pytest.raises(ValidationError) as refusal:
            edit("keloid", by=make_practitioner(), question="Mine")
        assert refusal.value.messages == ["Only a manager changes the screening."]

    def test_a_question_switched_off_is_owed_by_nobody(self, manager):
        edit("blood_donor", by=manager, is_active=False)
        assert not [f for f in findings_for(make_patient(), on=timezone.localdate()) if f.code == "blood_donor"]

    def test_a_clinics_own_question_gets_a_code_of_its_own(self, manager):
        rule = Rule("", "Keloid", "And in the family?", (Action(Kind.CAUTION),))
        first = actions.add_rule(rule=rule, section="skin", by=staff(manager))
        second = actions.add_rule(rule=replace(rule, title="Боль"), section="skin", by=staff(manager))
        assert (first.code, second.code) == ("keloid_1", "rule")

    def test_a_question_of_the_day_is_asked_before_every_session(self, manager):
        rule = Rule("", "Fever today", "Do you have a fever?", (Action(Kind.BLOCK),), asked=Asked.EVERY_SESSION)
        actions.add_rule(rule=rule, section="today", by=staff(manager))
        assert "fever_today" in [rule.code for rule in day_rules()]

    def test_an_override_given_against_other_words_is_given_anew(self, manager):
        patient, practitioner = make_patient(), make_practitioner()
        told(patient, make_user(), keloid={"answer": "yes"})
        actions.override_finding(patient=patient, rule="keloid", reason="Old and flat.", by=staff(practitioner))

        def standing():
            today = timezone.localdate()
            return [j for j in judged_findings(patient, on=today) if j.finding.code == "keloid" and j.is_standing]

        assert standing() == []
        edit("keloid", by=manager, actions=(Action(Kind.BLOCK, "never treat keloid scars."),))
        assert len(standing()) == 1


class TestWhatWasFound:
    def test_findings_kept_at_acceptance_stay_when_the_rule_is_edited(self, manager):
        patient, practitioner = make_patient(), make_practitioner()
        intake = told(patient, make_user(), diabetes={"answer": "yes"})
        actions.accept_intake(intake=intake, by=staff(practitioner))

        edit("diabetes", by=manager, actions=(Action(Kind.BLOCK),))

        kept = KeptFindings.objects.get(patient=patient)
        diabetes = next(found for found in kept.findings if found["code"] == "diabetes")
        assert (diabetes["kind"], diabetes["rule"]) == ("caution", 1)
        assert next(f for f in findings_for(patient, on=timezone.localdate()) if f.code == "diabetes").blocking

    @covers("findings_kept", "findings_frozen", "rule_version_kept")
    def test_neither_is_ever_changed(self, manager):
        row = edit("keloid", by=manager, question="Any keloid?")
        kept = actions.keep_findings(patient=make_patient(), occasion="intake_accepted", by=staff(manager))
        for record, column, words in (
            (row.versions.first(), "number", "never changed"),
            (kept, "actor_kind", "as it was found"),
        ):
            with sql.refused(words):
                sql.update(record, **{column: 9})
            with sql.refused(words):
                sql.delete(record)


class TestFigures:
    def test_the_minimum_age_is_raised_and_never_below_18(self, manager):
        actions.set_figures(figures=Figures(minimum_age_years=21), by=staff(manager))
        assert figures_in_force().minimum_age_years == 21
        with pytest.raises(ValidationError) as refusal:
            actions.set_figures(figures=Figures(minimum_age_years=17), by=staff(manager))
        assert refusal.value.message_dict == {"minimum_age_years": ["Write a number from 18 to 99."]}
        assert figures_in_force().minimum_age_years == 21

    def test_other_settings_of_the_clinic_stay(self, manager):
        make_clinic(settings={"longest": 5})
        clinic = actions.set_figures(figures=Figures(patch_test_wait_hours=72), by=staff(manager))
        assert clinic.settings["longest"] == 5
        assert figures_in_force().patch_test_wait_hours == 72


def sent(code, **changes):
    """The page of a rule as the browser sends it, with changes."""
    row = row_of(code)
    fields = {
        "seen": row.number,
        "title": row.title,
        "question": row.question,
        "section": row.section,
        "asks": row.asks,
        "options": "\n".join(words for _code, words in row.options),
        "overridable": "on" if row.overridable else "",
        "is_active": "on",
        "actions-TOTAL_FORMS": len(row.actions) + 1,
        "actions-INITIAL_FORMS": len(row.actions),
    }
    for number, action in enumerate(row.actions):
        only_if = [each or "-" for each in action.get("only_if", [])]
        fields |= {f"actions-{number}-{name}": value for name, value in (action | {"only_if": only_if}).items()}
    return {name: value for name, value in (fields | changes).items() if value not in ("", None)}


class TestPages:
    @pytest.mark.parametrize("code", ["keloid", "high_blood_pressure", "hair_transplant", "chemotherapy_or_radiation"])
    def test_a_rule_sent_back_unchanged_stays_as_it_is(self, office, code):
        answer = office.post(reverse("intake:rule", args=[code]), sent(code))
        assert answer.status_code == 302
        assert row_of(code).number == 1

    def test_the_list_shows_what_follows_and_who_changed_it_last(self, office, manager):
        edit("keloid", by=manager, question="Any keloid at all?")
        page = office.get(reverse("intake:rules")).content.decode()
        assert "Any keloid at all?" in page
        assert "by Mara Manager on" in page
        assert "Block when it begins within 28 days" in page

    def test_a_figure_that_does_not_belong_to_the_action_is_refused_beside_it(self, office):
        page = office.post(reverse("intake:rule", args=["keloid"]), sent("keloid", **{"actions-0-months": 3}))
        assert "Only a wait counts months." in page.content.decode()
        assert row_of("keloid").number == 1

    def test_an_action_is_added_and_another_removed(self, office):
        changed = sent(
            "diabetes",
            **{"actions-0-kind": "", "actions-0-words": "", "actions-1-kind": "doctors_letter", "actions-1-words": ""},
        )
        office.post(reverse("intake:rule", args=["diabetes"]), changed)
        assert row_of("diabetes").actions == [{"kind": "doctors_letter"}]

    def test_a_choice_that_keeps_its_words_keeps_its_code(self, office):
        choices = "well controlled\nnot controlled\nnot known\nonly at the doctor's"
        office.post(reverse("intake:rule", args=["high_blood_pressure"]), sent("high_blood_pressure", options=choices))
        codes = [code for code, _words in row_of("high_blood_pressure").options]
        assert codes == ["controlled", "uncontrolled", "not_known", "only_at_the_doctors"]

    def test_the_second_manager_reads_what_changed_and_may_save_over_it(self, office, manager):
        stale = sent("keloid", question="Second?")
        edit("keloid", by=manager, question="First?")
        answer = office.post(reverse("intake:rule", args=["keloid"]), stale)
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "First?" in page
        assert "Second?" in page
        office.post(reverse("intake:rule", args=["keloid"]), stale | {"seen": 2})
        assert row_of("keloid").question == "Second?"

    @pytest.mark.parametrize(
        ("field", "value"), [("question", "x" * 10_000), ("title", "a\0b"), ("actions-0-days", "9" * 30)]
    )
    def test_hostile_input_changes_nothing(self, office, field, value):
        answer = office.post(reverse("intake:rule", args=["keloid"]), sent("keloid", **{field: value}))
        assert answer.status_code == 200
        assert row_of("keloid").number == 1

    def test_a_question_in_any_script_is_kept(self, office):
        office.post(reverse("intake:rule", args=["keloid"]), sent("keloid", question="هل لديك ندوب؟ 🙂"))
        assert row_of("keloid").question == "هل لديك ندوب؟ 🙂"


class TestOverridingByAManager:
    def test_a_manager_alone_sees_no_findings(self, office):
        assert office.get(reverse("intake:screening", args=[make_patient().public_id])).status_code == 403

    @pytest.mark.parametrize(
        ("roles", "may"),
        [((Role.RECEPTION,), False), ((Role.RECEPTION, Role.MANAGER), True), ((Role.PRACTITIONER,), True)],
    )
    def test_a_manager_who_also_works_at_the_desk_overrides_what_is_shown(self, client, manager, roles, may):
        patient, user = make_patient(), make_user(roles=roles)
        told(patient, user, keloid={"answer": "yes"})
        client.force_login(user)
        url = reverse("intake:screening", args=[patient.public_id])
        assert ("Go ahead in spite of it" in client.get(url).content.decode()) is may
        client.post(url, {"override": "yes", "rule": "keloid", "reason": "Flat and old."})
        assert patient.screening_overrides.exists() is may
