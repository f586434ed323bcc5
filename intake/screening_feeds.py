"""Facts told once: causes, medicines and treatments answer the health questions they touch.

That a cause or a medicine was not named proves nothing, and answers no question with no; only the plain no to
"Have you had a hair transplant?" does.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from intake.causes import Cause, CauseKind, TreatmentGroup, may_be_temporary
from intake.folding import fold
from intake.screening import Answer, Reply

CHEMOTHERAPY = "chemotherapy_or_radiation"
NO_TRANSPLANT = "none"

# Beginnings of folded medicine names, by the rule they answer.
MEDICINES = {
    "blood_thinning": (
        "warfarin", "coumadin", "marcumar", "phenprocoumon", "acenocoumarol", "apixaban", "eliquis", "rivaroxaban",
        "xarelto", "dabigatran", "pradaxa", "edoxaban", "lixiana", "heparin", "enoxaparin", "clexane", "clopidogrel",
        "plavix", "prasugrel", "ticagrelor", "brilique", "aspirin", "acetylsalicylic",
    ),
    "isotretinoin": ("isotretinoin", "roaccutane", "accutane", "aknenormin", "curacne"),
    CHEMOTHERAPY: ("chemotherapy", "cyclophosphamide", "docetaxel", "paclitaxel", "doxorubicin", "cisplatin"),
    "weakened_immunity": (
        "prednisolone", "prednisone", "azathioprine", "methotrexate", "ciclosporin", "cyclosporin", "tacrolimus",
        "mycophenol", "adalimumab", "humira", "baricitinib", "tofacitinib", "ritlecitinib",
    ),
    "topical_retinoid": ("tretinoin", "adapalene", "tazarotene"),
    "high_blood_pressure": (
        "amlodipine", "ramipril", "lisinopril", "enalapril", "perindopril", "losartan", "candesartan", "valsartan",
        "bisoprolol", "metoprolol", "hydrochlorothiazide",
    ),
    "diabetes": ("insulin", "metformin", "gliclazide", "empagliflozin", "dapagliflozin", "sitagliptin"),
    "epilepsy_or_fainting": ("valpro", "levetiracetam", "keppra", "lamotrigine", "carbamazepine", "phenytoin"),
}  # fmt: skip


@dataclass(frozen=True)
class Medicine:
    """One line of the patient's medicine list; a date that is not known is None."""

    name: str
    started_on: date | None = None
    ended_on: date | None = None
    is_ongoing: bool = False


@dataclass(frozen=True)
class Transplant:
    """A hair transplant; ``method`` is "fue", "fut", "" where it is not known, and ``NO_TRANSPLANT`` for a plain no."""

    method: str = ""
    done_on: date | None = None


def answers_from_causes(causes: Iterable[Cause], *, on: date) -> dict[str, Answer]:
    """The health questions that the causes already answer, by rule code.

    >>> cause = Cause(CauseKind.MEDICATION, TreatmentGroup.CHEMOTHERAPY, ended_on=date(2026, 1, 31))
    >>> answers_from_causes([cause], on=date(2026, 9, 3))["chemotherapy_or_radiation"].ended_on
    datetime.date(2026, 1, 31)
    """
    told: dict[str, Answer] = {}
    for cause in causes:
        if may_be_temporary(cause, on=on):
            told = joined(told, {"temporary_alopecia": _yes(cause.name, cause, on=on)})
        if cause.group in (TreatmentGroup.CHEMOTHERAPY, TreatmentGroup.RADIATION):
            told = joined(told, {CHEMOTHERAPY: _yes(cause.name or str(cause.group), cause, on=on)})
        if cause.group is TreatmentGroup.HYPERTENSION_DRUGS and not _has_ended(cause, on=on):
            told = joined(told, {"high_blood_pressure": _yes(cause.name, cause, on=on)})
        if cause.kind is CauseKind.MEDICATION and cause.name:
            taken = Medicine(cause.name, cause.started_on, cause.ended_on, cause.is_ongoing)
            told = joined(told, answers_from_medicines([taken], on=on))
    return told


def answers_from_medicines(medicines: Iterable[Medicine], *, on: date) -> dict[str, Answer]:
    """The health questions that the medicine list already answers, by rule code.

    A medicine stopped before ``on`` answers only the questions that count from its end.

    >>> sorted(answers_from_medicines([Medicine("Xarelto 20 mg")], on=date(2026, 9, 3)))
    ['blood_thinning']
    """
    told: dict[str, Answer] = {}
    for medicine in medicines:
        for code in codes_for_medicine(medicine.name):
            if code in ("isotretinoin", CHEMOTHERAPY) or not _has_ended(medicine, on=on):
                told = joined(told, {code: _yes(medicine.name, medicine, on=on)})
    return told


def answers_from_transplants(transplants: Iterable[Transplant], *, on: date) -> dict[str, Answer]:
    """The hair-transplant question, answered by every transplant that is told, or by the plain no to this question."""
    told: dict[str, Answer] = {}
    for transplant in transplants:
        answer = Answer(Reply.YES, transplant.method, ended_on=transplant.done_on, answered_on=on)
        if transplant.method == NO_TRANSPLANT:
            answer = Answer(Reply.NO, answered_on=on)
        told = joined(told, {"hair_transplant": answer})
    return told


def codes_for_medicine(name: str) -> tuple[str, ...]:
    """The rules that a medicine's name touches.

    >>> codes_for_medicine("Isotretinoin 20 mg"), codes_for_medicine("Vitamin D")
    (('isotretinoin',), ())
    """
    words = fold(name).split()
    return tuple(code for code, starts in MEDICINES.items() if any(word.startswith(starts) for word in words))


def joined(one: Mapping[str, Answer], other: Mapping[str, Answer]) -> dict[str, Answer]:
    """Two sets of told facts as one: every course of both stands, and yes before not known before no."""
    both = {code: _joined_answer(one[code], other[code]) for code in one.keys() & other.keys()}
    return {**one, **other, **both}


def completed(fed: Mapping[str, Answer], given: Mapping[str, Answer]) -> dict[str, Answer]:
    """The given answers, held against what was told elsewhere.

    A given yes stands, as it had the told facts before it; but a told course that ended later, or goes on,
    is kept beside it, and a told yes is never undone by a no.
    """
    answers = {**fed, **given}
    for code in fed.keys() & given.keys():
        if fed[code].reply is not Reply.YES:
            continue
        if given[code].reply is Reply.YES:
            later = tuple(course for course in _courses(fed[code]) if _outlasts(course, given[code]))
            answers[code] = replace(given[code], more=given[code].more + later)
        else:
            answers[code] = fed[code]
    return answers


def _courses(answer: Answer) -> tuple[Answer, ...]:
    return (replace(answer, more=()), *answer.more)


def _outlasts(course: Answer, given: Answer) -> bool:
    if given.ended_on is None or given.is_ongoing:
        return False
    return course.is_ongoing or (course.ended_on is not None and course.ended_on > given.ended_on)


def _joined_answer(one: Answer, other: Answer) -> Answer:
    if one.reply is not other.reply or one.reply is not Reply.YES:
        rank = (Reply.NO, Reply.UNKNOWN, Reply.YES)
        return max(one, other, key=lambda answer: rank.index(answer.reply))
    courses: dict[Answer, list[str]] = {}
    for course in _courses(one) + _courses(other):
        names = courses.setdefault(replace(course, words=""), [])
        names += [name for name in course.words.split(", ") if name and name not in names]
    first, *rest = (replace(course, words=", ".join(names)) for course, names in courses.items())
    return replace(first, more=tuple(rest))


def _yes(words: str, told: Cause | Medicine, *, on: date) -> Answer:
    return Answer(
        Reply.YES,
        started_on=told.started_on,
        ended_on=told.ended_on,
        is_ongoing=told.is_ongoing,
        words=words,
        answered_on=on,
    )


def _has_ended(told: Cause | Medicine, *, on: date) -> bool:
    return told.ended_on is not None and told.ended_on < on and not told.is_ongoing
