"""The default screening rules: one for each condition, and the three questions of the day.

They are the start of a clinic's own table; a manager edits them. Waits are counted in
calendar months from the day something ended.
"""

from intake.screening import (
    AGE,
    BLOCKING,
    NEVER_OVERRIDDEN,
    Action,
    Asked,
    Detail,
    Kind,
    Option,
    Rule,
)

CAUTION, LETTER = Kind.CAUTION, Kind.DOCTORS_LETTER
KEEP_MEDICINE_REMARK = "Never advise anyone to stop a prescribed medicine."
KEEP_MEDICINE = f"a doctor's letter is needed. {KEEP_MEDICINE_REMARK}"

SKIN_RULES = (
    Rule(
        "keloid",
        "Keloid or raised scars",
        "Have you ever had a keloid, or scars that grew thick and raised?",
        (Action(Kind.BLOCK),),
        (Detail.WORDS,),
    ),
    Rule(
        "scalp_skin_disease",
        "Skin disease of the scalp",
        "Do you have psoriasis, eczema or dermatitis on your scalp at the moment?",
        (Action(Kind.UNTIL_CLEARED, days=14),),
        (Detail.WORDS,),
    ),
    # A block until cleared: it blocks like any other, and nobody can override it.
    Rule(
        "scalp_infection",
        "Infection of the scalp",
        "Do you have an infection, herpes or warts on your scalp?",
        (Action(Kind.UNTIL_CLEARED, "no treatment until the infection is cleared.", days=14),),
        (Detail.WORDS,),
        overridable=False,
    ),
    Rule(
        "scalp_lesion",
        "Mole or lesion",
        "Is there a mole, a growth or a changed spot on your scalp, or has skin cancer been suspected there?",
        (Action(Kind.DO_NOT_TREAT_MARK), Action(LETTER)),
        (Detail.WORDS,),
    ),
    Rule(
        "scalp_damage",
        "Sunburn or broken skin",
        "Is your scalp sunburnt, cut or grazed?",
        (Action(Kind.UNTIL_CLEARED, days=14),),
        (Detail.WORDS,),
    ),
)
HEALTH_RULES = (
    Rule(
        "pregnant_or_breastfeeding",
        "Pregnant or breastfeeding",
        "Are you pregnant or breastfeeding?",
        (Action(Kind.BLOCK),),
    ),
    Rule("diabetes", "Diabetes", "Do you have diabetes?", (Action(CAUTION, "skin may heal slowly."),), (Detail.WORDS,)),
    Rule(
        "epilepsy_or_fainting",
        "Epilepsy or fainting",
        "Do you have epilepsy, or do you faint easily?",
        (Action(CAUTION, "treat lying down, with breaks, and never alone."),),
        (Detail.WORDS,),
    ),
    Rule(
        "vitiligo",
        "Vitiligo",
        "Do you have vitiligo (patches of skin without colour)?",
        (Action(CAUTION, "treated skin may lose its colour."),),
        (Detail.WORDS,),
    ),
    Rule(
        "heart_valve_disease",
        "Heart valve disease",
        "Do you have a disease of a heart valve, or an artificial valve?",
        (Action(LETTER),),
        (Detail.WORDS,),
    ),
    Rule(
        "high_blood_pressure",
        "High blood pressure",
        "Do you have high blood pressure?",
        (
            Action(CAUTION, "controlled: measure before the session.", only_if=("controlled",)),
            Action(LETTER, KEEP_MEDICINE, only_if=("uncontrolled", "not_known", "")),
        ),
        (Detail.OPTION, Detail.WORDS),
        (
            Option("controlled", "well controlled"),
            Option("uncontrolled", "not controlled"),
            Option("not_known", "not known"),
        ),
    ),
    Rule(
        "weakened_immunity",
        "Weakened immunity or slow healing",
        "Is your immune system weakened, or do wounds heal slowly, for any reason? You need not say why.",
        (Action(LETTER),),
    ),
    Rule(
        "temporary_alopecia",
        "Loss that may be temporary",
        "Has a doctor said that your hair is expected to grow back?",
        (Action(CAUTION, "regrowth can leave darker patches."),),
        (Detail.WORDS,),
    ),
)
MEDICINE_RULES = (
    Rule(
        "blood_thinning",
        "Blood thinning or bleeding",
        "Do you take blood thinners or aspirin, or do you have a bleeding disorder?",
        (Action(LETTER, KEEP_MEDICINE),),
        (Detail.WORDS,),
    ),
    Rule(
        "isotretinoin",
        "Isotretinoin",
        "Do you take isotretinoin (for example Roaccutane), or have you taken it in the last year?",
        (Action(Kind.WAIT_UNTIL, months=6),),
        (Detail.ENDED_ON,),
    ),
    Rule(
        "topical_retinoid",
        "Retinoid on the scalp",
        "Do you use a retinoid cream or lotion (for example tretinoin) on your scalp?",
        (Action(CAUTION, "skin may be thin and easily irritated."),),
        (Detail.WORDS,),
    ),
    Rule(
        "chemotherapy_or_radiation",
        "Chemotherapy or radiation",
        "Have you had chemotherapy or radiation treatment, or is one planned?",
        (
            Action(Kind.WAIT_UNTIL, months=6),
            Action(LETTER, KEEP_MEDICINE),
            Action(Kind.BLOCK, starting_within_days=28),
        ),
        (Detail.STARTED_ON, Detail.ENDED_ON, Detail.WORDS),
    ),
    Rule(
        "allergy_product",
        "Allergy to pigment, nickel or latex",
        "Are you allergic to pigments, nickel or latex?",
        (Action(Kind.PATCH_TEST), Action(Kind.PRODUCT_BLOCK)),
        (Detail.WORDS,),
    ),
    Rule(
        "allergy_anaesthetic",
        "Allergy to an anaesthetic",
        "Have you ever reacted badly to an anaesthetic, by cream or injection?",
        (Action(Kind.PRODUCT_BLOCK), Action(LETTER)),
        (Detail.WORDS,),
    ),
)
PROCEDURE_RULES = (
    Rule(
        "laser_tattoo_removal",
        "Laser tattoo removal",
        "Has a tattoo or pigment on your scalp been removed by laser?",
        (Action(Kind.WAIT_UNTIL, days=90),),
        (Detail.ENDED_ON,),
    ),
    Rule(
        "chemical_peel",
        "Chemical peel",
        "Have you had a chemical peel on your scalp?",
        (Action(Kind.WAIT_UNTIL, days=42),),
        (Detail.ENDED_ON,),
    ),
    Rule(
        "botulinum_toxin",
        "Botulinum toxin",
        "Have you had botulinum toxin (for example Botox) in your scalp?",
        (Action(Kind.WAIT_UNTIL, months=2),),
        (Detail.ENDED_ON,),
    ),
    Rule(
        "hair_transplant",
        "Hair transplant",
        "Have you had a hair transplant where you want to be treated?",
        (
            Action(Kind.WAIT_UNTIL, months=6, only_if=("fue",)),
            Action(Kind.WAIT_UNTIL, months=12, only_if=("fut",)),
        ),
        (Detail.OPTION, Detail.ENDED_ON),
        (Option("fue", "single grafts (FUE)"), Option("fut", "strip (FUT)")),
    ),
)
INFORMATION_RULES = (
    Rule(
        "mri_planned",
        "MRI planned",
        "Is an MRI scan planned?",
        (Action(Kind.INFORMATION, "tell the MRI staff about the pigment before the scan."),),
    ),
    Rule(
        "blood_donor",
        "Blood donor",
        "Do you give blood?",
        (Action(Kind.INFORMATION, "a blood service may ask for a pause after treatment; the patient asks there."),),
    ),
)
SESSION_DAY_QUESTIONS = (
    Rule(
        "alcohol_or_drugs_today",
        "Alcohol or drugs today",
        "Have you had alcohol or drugs today?",
        (Action(Kind.BLOCK, "no treatment today."),),
        asked=Asked.EVERY_SESSION,
    ),
    Rule(
        "no_food_in_4_hours",
        "No food in 4 hours",
        "Has it been more than 4 hours since you last ate?",
        (Action(CAUTION, "offer something to eat first."),),
        asked=Asked.EVERY_SESSION,
    ),
    Rule(
        "nsaid_in_24_hours",
        "Painkiller in 24 hours",
        "Have you taken ibuprofen, diclofenac, naproxen or a similar painkiller in the last 24 hours?",
        (Action(CAUTION, "it may bleed more."),),
        asked=Asked.EVERY_SESSION,
    ),
)
DEFAULT_RULES = SKIN_RULES + HEALTH_RULES + MEDICINE_RULES + PROCEDURE_RULES + INFORMATION_RULES


def problems_with_rule(rule: Rule) -> list[str]:
    """What keeps a manager's rule from being saved, in words; empty is fine.

    >>> [problems_with_rule(rule) for rule in DEFAULT_RULES + SESSION_DAY_QUESTIONS if problems_with_rule(rule)]
    []
    """
    problems = [] if rule.question.strip() else [f"{rule.title}: write the question."]
    if not rule.actions:
        problems.append(f"{rule.title}: choose at least one action.")
    if rule.code == AGE:
        problems.append("The minimum age is a setting of its own, not a rule.")
    if rule.code in NEVER_OVERRIDDEN and rule.overridable:
        problems.append(f"{rule.title} can never be overridden.")
    if rule.code in NEVER_OVERRIDDEN and not any(action.kind in BLOCKING for action in rule.actions):
        problems.append(f"{rule.title} must keep an action that stops the treatment.")
    for action in rule.actions:
        problems += _problems_with_action(action, rule)
    return problems + _problems_with_options(rule) + _problems_of_the_day(rule)


def _problems_with_action(action: Action, rule: Rule) -> list[str]:
    problems = []
    if action.kind is Kind.MISSING:
        problems.append(f"{rule.title}: an answer still owed is no action.")
    if min(action.months, action.days, action.starting_within_days or 0) < 0:
        problems.append(f"{rule.title}: a time span cannot be negative.")
    if action.kind is Kind.WAIT_UNTIL and not action.months and not action.days:
        problems.append(f"{rule.title}: say how long to wait.")
    if action.kind is Kind.WAIT_UNTIL and Detail.ENDED_ON not in rule.asks:
        problems.append(f"{rule.title}: a wait counts from a day. Ask for the last day.")
    if action.starting_within_days is not None and Detail.STARTED_ON not in rule.asks:
        problems.append(f"{rule.title}: to know when it begins, ask for the first day.")
    if unknown := set(action.only_if) - {option.code for option in rule.options} - {""}:
        problems.append(f"{rule.title} has no option {', '.join(sorted(unknown))}.")
    return problems


def _problems_with_options(rule: Rule) -> list[str]:
    words = [option.words.casefold() for option in rule.options]
    if len(set(words)) < len(words):
        return [f"{rule.title}: two choices say the same."]
    if len(words) == 1 or bool(words) is not (Detail.OPTION in rule.asks):
        return [f"{rule.title}: to ask which one, write two choices or more; else leave both out."]
    return []


def _problems_of_the_day(rule: Rule) -> list[str]:
    """Before a session there is a yes or a no, and nothing to write."""
    counts = any(action.kind is Kind.WAIT_UNTIL or action.starting_within_days is not None for action in rule.actions)
    if rule.asked is Asked.EVERY_SESSION and (counts or rule.asks):
        return [f"{rule.title}: a question of every session is answered with yes or no alone, and has no wait."]
    return []
