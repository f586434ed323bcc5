"""What a patient can name as the cause, and what follows."""

from datetime import date

import pytest

from intake.causes import (
    CAUSES,
    GROUP_WORDS,
    TEMPORARY_LOSS_CAUTION,
    Asks,
    Cause,
    CauseKind,
    TreatmentGroup,
    asks,
    cause_in_words,
    cautions_for,
    choice_for,
    may_be_temporary,
    problems_with_causes,
)

ON = date(2026, 9, 3)
MEDICINE, TRAUMA = CauseKind.MEDICATION, CauseKind.TRAUMA


def test_the_list_offers_every_cause_once_hereditary_first_and_not_known_last():
    assert [choice.kind for choice in CAUSES] == list(CauseKind)
    assert (CAUSES[0].kind, CAUSES[-1].kind) == (CauseKind.HEREDITARY, CauseKind.NOT_KNOWN)
    assert len({choice.words for choice in CAUSES}) == len(CAUSES)


def test_medicines_are_offered_by_the_groups_that_cause_loss():
    assert set(GROUP_WORDS) == set(TreatmentGroup)
    assert [str(group) for group in TreatmentGroup] == [
        "antidepressants",
        "oral_contraceptives",
        "hypertension_drugs",
        "chemotherapy",
        "radiation",
        "other",
    ]


def test_a_medicine_asks_for_name_since_and_until():
    assert {Asks.GROUP, Asks.NAME, Asks.SINCE, Asks.UNTIL} <= set(choice_for(MEDICINE).asks)


def test_trauma_asks_what_happened_and_when_and_not_until():
    assert asks(TRAUMA, Asks.NAME)
    assert asks(TRAUMA, Asks.SINCE)
    assert not asks(TRAUMA, Asks.UNTIL)


def test_a_cause_reads_as_one_line():
    assert cause_in_words(Cause(CauseKind.HEREDITARY)) == "Hereditary"
    taken = Cause(MEDICINE, TreatmentGroup.HYPERTENSION_DRUGS, "ramipril", date(2020, 1, 2), is_ongoing=True)
    assert cause_in_words(taken) == (
        "Medication or medical treatment: Medicines for high blood pressure (ramipril), "
        "since 2 January 2020, still going on"
    )
    other = Cause(MEDICINE, TreatmentGroup.OTHER, "lithium", ended_on=date(2021, 5, 1))
    assert cause_in_words(other) == "Medication or medical treatment: lithium, until 1 May 2021"


@pytest.mark.parametrize("kind", [MEDICINE, TRAUMA])
def test_loss_by_medicine_or_trauma_may_be_temporary_for_12_months(kind):
    told = {day: may_be_temporary(Cause(kind, started_on=day), on=ON) for day in (date(2025, 9, 4), date(2025, 9, 3))}
    assert told == {date(2025, 9, 4): True, date(2025, 9, 3): False}


def test_a_leap_day_onset_is_12_months_old_on_the_last_of_february():
    cause = Cause(TRAUMA, started_on=date(2028, 2, 29))
    assert may_be_temporary(cause, on=date(2029, 2, 27))
    assert not may_be_temporary(cause, on=date(2029, 2, 28))


@pytest.mark.parametrize("kind", [kind for kind in CauseKind if kind not in (MEDICINE, TRAUMA)])
def test_no_other_cause_is_called_temporary(kind):
    assert not may_be_temporary(Cause(kind, started_on=ON), on=ON)


def test_an_unknown_onset_is_not_called_temporary():
    assert not may_be_temporary(Cause(TRAUMA), on=ON)


def test_a_caution_names_the_cause_and_one_is_given_for_each():
    recent = Cause(TRAUMA, name="bereavement", started_on=date(2026, 3, 1))
    old = Cause(TRAUMA, started_on=date(2020, 3, 1))
    assert cautions_for([old, recent], on=ON) == [
        f"Emotional or psychological trauma: bereavement, since 1 March 2026. {TEMPORARY_LOSS_CAUTION}"
    ]


def test_several_causes_at_once_are_fine():
    causes = [
        Cause(CauseKind.HEREDITARY, detail="father"),
        Cause(MEDICINE, TreatmentGroup.ANTIDEPRESSANTS, "sertraline", date(2024, 1, 1), date(2025, 1, 1)),
        Cause(MEDICINE, TreatmentGroup.CHEMOTHERAPY, started_on=date(2026, 12, 1)),
        Cause(TRAUMA, started_on=ON),
    ]
    assert problems_with_causes(causes, on=ON) == []


def test_at_least_one_cause_is_chosen_and_not_known_is_one():
    assert problems_with_causes([], on=ON) == ['Choose at least one cause, or "Not known".']
    assert problems_with_causes([Cause(CauseKind.NOT_KNOWN)], on=ON) == []


def test_not_known_stands_alone():
    causes = [Cause(CauseKind.NOT_KNOWN), Cause(CauseKind.HEREDITARY)]
    assert problems_with_causes(causes, on=ON) == ['"Not known" cannot stand beside another cause.']


@pytest.mark.parametrize(
    ("cause", "problem"),
    [
        (Cause(MEDICINE), "Medication or medical treatment: say which medicine or treatment it was."),
        (Cause(MEDICINE, TreatmentGroup.OTHER, " "), "Medication or medical treatment: give it a name."),
        (Cause(CauseKind.OTHER), "Something else: give it a name."),
        (Cause(TRAUMA, TreatmentGroup.RADIATION), "Emotional or psychological trauma has no kind of medicine."),
        (
            Cause(MEDICINE, TreatmentGroup.RADIATION, started_on=date(2025, 2, 2), ended_on=date(2025, 2, 1)),
            "Medication or medical treatment: it ended on 1 February 2025, before it began.",
        ),
        (
            Cause(MEDICINE, TreatmentGroup.RADIATION, ended_on=date(2026, 9, 2), is_ongoing=True),
            "Medication or medical treatment: it ended on 2 September 2026, yet is marked as still going on.",
        ),
        (
            Cause(TRAUMA, started_on=date(2026, 9, 4)),
            "Emotional or psychological trauma: 4 September 2026 is in the future.",
        ),
    ],
)
def test_a_wrong_cause_is_explained(cause, problem):
    assert problems_with_causes([cause], on=ON) == [problem]


def test_a_course_may_end_on_the_day_it_began_and_go_on_until_today():
    one_day = Cause(MEDICINE, TreatmentGroup.RADIATION, started_on=date(2025, 2, 2), ended_on=date(2025, 2, 2))
    until_today = Cause(MEDICINE, TreatmentGroup.RADIATION, ended_on=ON, is_ongoing=True)
    assert problems_with_causes([one_day, until_today, Cause(TRAUMA, started_on=ON)], on=ON) == []
