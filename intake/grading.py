"""How far the loss has come: the scales a practitioner grades by, with a plain line for each grade.

The patient only picks a picture; scales are suggested by sex and never tied to it.
Texts are our own words; Norwood's drawings are under copyright and are not used.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

NOT_GRADED = ""
SALT_WEIGHTS = {"top": Decimal("0.40"), "back": Decimal("0.24"), "right": Decimal("0.18"), "left": Decimal("0.18")}
_BASP = re.compile(r"(?P<basic>L|M[0-3]|C[0-3]|U[1-3])(?P<front>F[1-3])?(?P<crown>V[1-3])?(?P<late_front>F[1-3])?")


class Scale(StrEnum):
    NORWOOD = "norwood"
    LUDWIG = "ludwig"
    SINCLAIR = "sinclair"
    OLSEN = "olsen"
    BASP = "basp"
    SALT = "salt"
    AREATA = "areata"
    SCAR = "scar"
    FITZPATRICK = "fitzpatrick"


class Sex(StrEnum):
    FEMALE = "female"
    MALE = "male"
    NOT_SAID = "not_said"


@dataclass(frozen=True)
class Grade:
    code: str
    words: str


@dataclass(frozen=True)
class ScaleText:
    """A scale's name, whom it was made for, and its grades; free codes (BASP, SALT) are checked by rule."""

    scale: Scale
    name: str
    words: str
    grades: tuple[Grade, ...]


NORWOOD_GRADES = (
    Grade("I", "Full hairline, no loss to speak of."),
    Grade("II", "The temples have gone back a little, evenly on both sides."),
    Grade("IIa", "The whole front edge has gone back a little, the middle as well."),
    Grade("III", "Deep corners at the temples, bare or nearly so."),
    Grade("IIIa", "The front edge has gone back in one line, up to the depth of the corners."),
    Grade("III vertex", "Loss at the crown, with temples that may have gone back a little."),
    Grade("IV", "Deep corners and a bare crown, with a firm band of hair between them."),
    Grade("IVa", "The front edge has gone back past the middle of the top; the crown holds."),
    Grade("V", "Front and crown are large, with a thin narrow band between them."),
    Grade("Va", "The loss from the front reaches toward the crown in one piece."),
    Grade("VI", "Front and crown have joined; the sides still stand high."),
    Grade("VII", "Only a low band of hair is left, around the sides and back."),
)
LUDWIG_GRADES = (
    Grade("I", "The parting is wider and the top thinner, hidden by combing."),
    Grade("II", "The top is clearly thin and the scalp shows through; the front edge is kept."),
    Grade("III", "The top is bare or nearly so, behind a kept front edge."),
)
SINCLAIR_GRADES = (
    Grade("1", "The parting is narrow, as it always was."),
    Grade("2", "The parting is wider."),
    Grade("3", "The parting is wider and the hair on both sides of it is thin."),
    Grade("4", "A bare place has opened at the front of the parting."),
    Grade("5", "The top is bare or nearly so."),
)
OLSEN_GRADES = (Grade("frontal", "The parting widens toward the forehead, in the shape of a fir tree."),)
AREATA_GRADES = (
    Grade("patchy", "One or several round bare patches."),
    Grade("ophiasis", "A bare band along the sides and the lower back of the head."),
    Grade("totalis", "All hair of the scalp is gone."),
    Grade("universalis", "All hair of scalp and body is gone."),
    Grade("diffuse", "Thinning all over, without clear patches."),
)
SCAR_GRADES = (
    Grade("fut_strip", "A line across the back of the head, from a strip transplant (FUT)."),
    Grade("fue_dots", "Many small pale dots, from a transplant by single grafts (FUE)."),
    Grade("trauma", "A scar from an injury or an operation."),
    Grade("burn", "A scar from a burn."),
    Grade("cicatricial", "A disease of the scalp has left scars where hair grew."),
)
FITZPATRICK_GRADES = (
    Grade("I", "Very fair; always burns, never tans."),
    Grade("II", "Fair; burns easily, tans a little."),
    Grade("III", "Medium; burns at times, tans slowly."),
    Grade("IV", "Olive; seldom burns, tans well."),
    Grade("V", "Brown; very seldom burns, tans darkly."),
    Grade("VI", "Deep brown to black; does not burn in ordinary sun."),
)
SALT_BANDS = (
    Grade("S0", "No hair lost."),
    Grade("S1", "Less than a quarter of the scalp hair lost."),
    Grade("S2", "A quarter to less than half lost."),
    Grade("S3", "Half to less than three quarters lost."),
    Grade("S4", "Three quarters or more lost, but not all."),
    Grade("S5", "All scalp hair lost."),
)
_SALT_BAND_FROM = (("S4", 75), ("S3", 50), ("S2", 25))

SCALES: Mapping[Scale, ScaleText] = {
    text.scale: text
    for text in (
        ScaleText(Scale.NORWOOD, "Norwood-Hamilton", "Temples and crown, then the whole top.", NORWOOD_GRADES),
        ScaleText(Scale.LUDWIG, "Ludwig", "Thinning of the top behind a kept front edge.", LUDWIG_GRADES),
        ScaleText(Scale.SINCLAIR, "Sinclair", "How wide the parting is, in five steps.", SINCLAIR_GRADES),
        ScaleText(Scale.OLSEN, "Olsen", "Frontal accentuation of thinning.", OLSEN_GRADES),
        ScaleText(Scale.BASP, "BASP", "Shape of the front edge, with density at front and crown.", ()),
        ScaleText(Scale.SALT, "SALT", "Share of scalp hair lost, by four views.", SALT_BANDS),
        ScaleText(Scale.AREATA, "Areata subtype", "The form of alopecia areata.", AREATA_GRADES),
        ScaleText(Scale.SCAR, "Scar", "Where a scar on the scalp comes from.", SCAR_GRADES),
        ScaleText(Scale.FITZPATRICK, "Fitzpatrick skin type", "How skin answers to sun.", FITZPATRICK_GRADES),
    )
}
FIRST_SCALES = (Scale.NORWOOD, Scale.LUDWIG, Scale.SINCLAIR)
MORE_SCALES = (Scale.OLSEN, Scale.BASP, Scale.SALT, Scale.AREATA, Scale.SCAR)

BASP_WORDS = {
    "L": "The front edge is straight, nothing lost.",
    "M0": "An M-shaped front edge as it always was.",
    "M1": "The corners have gone back by less than a third of the way to the top line.",
    "M2": "The corners have gone back by up to two thirds of the way.",
    "M3": "The corners have gone back by more than two thirds of the way.",
    "C0": "A rounded front edge as it always was.",
    "C1": "The middle of the front edge has gone back by less than a third of the way.",
    "C2": "The middle has gone back by up to two thirds of the way.",
    "C3": "The middle has gone back by more than two thirds of the way.",
    "U1": "The front edge lies behind the top line, before the bulge of the back.",
    "U2": "The front edge lies around the bulge of the back.",
    "U3": "The front edge lies below the bulge of the back.",
    "F1": "Hair toward the front is a little thin.",
    "F2": "Hair toward the front is clearly thin.",
    "F3": "Hair toward the front is very sparse or gone.",
    "V1": "The crown is a little thin.",
    "V2": "The crown is clearly thin.",
    "V3": "The crown is very sparse or bare.",
}

# The six plain pictures that a patient picks from; NOT_SURE is a full answer as well.
PICTURES = (
    Grade("full", "Nearly all my hair is there"),
    Grade("temples", "It goes back at the temples"),
    Grade("crown", "It is thin or bare at the crown"),
    Grade("front_and_crown", "The front and the crown are bare"),
    Grade("thin_top", "It is thin all over the top, the front edge is still there"),
    Grade("patches", "There are bare patches or a scar"),
)
NOT_SURE = Grade("not_sure", "I am not sure")

HAIR_LEVELS = (
    Grade("1", "Black"),
    Grade("2", "Very dark brown"),
    Grade("3", "Dark brown"),
    Grade("4", "Medium brown"),
    Grade("5", "Light brown"),
    Grade("6", "Dark blond"),
    Grade("7", "Medium blond"),
    Grade("8", "Light blond"),
    Grade("9", "Very light blond"),
    Grade("10", "Lightest blond"),
)
CALIBRES = (
    Grade("fine", "Fine: hardly felt between two fingers"),
    Grade("medium", "Medium: felt, soft"),
    Grade("coarse", "Coarse: firm and wiry"),
)


def scales_for(sex: Sex) -> tuple[Scale, ...]:
    """The order in which scales are offered; every scale is offered to everyone.

    >>> scales_for(Sex.FEMALE)[0], scales_for(Sex.NOT_SAID)[0]
    (<Scale.LUDWIG: 'ludwig'>, <Scale.NORWOOD: 'norwood'>)
    """
    women_first = (Scale.LUDWIG, Scale.SINCLAIR, Scale.NORWOOD)
    return (women_first if sex is Sex.FEMALE else FIRST_SCALES) + MORE_SCALES


def grade_shown(code: str) -> str:
    """A grade's code as people write it.

    >>> grade_shown("fut_strip"), grade_shown("patchy"), grade_shown("III vertex")
    ('FUT strip', 'Patchy', 'III vertex')
    """
    words = code.replace("_", " ")
    return f"{words[:3].upper()}{words[3:]}" if words.startswith(("fut ", "fue ")) else words[:1].upper() + words[1:]


def problems_with_grade(scale: Scale, code: str) -> list[str]:
    """What is wrong with a grade on a scale, in words; not graded (empty) is a grade.

    >>> problems_with_grade(Scale.LUDWIG, "IV")
    ['Ludwig has no grade IV. It has I, II, III.']
    """
    if code == NOT_GRADED:
        return []
    if scale is Scale.BASP:
        return problems_with_basp(code)
    grades = [grade.code for grade in SCALES[scale].grades]
    if code in grades:
        return []
    return [f"{SCALES[scale].name} has no grade {code}. It has {', '.join(grades)}."]


def grade_in_words(scale: Scale, code: str) -> str:
    """The plain line of a grade; a ``ValueError`` in words when the scale lacks it.

    >>> grade_in_words(Scale.BASP, "m2v1")
    'The corners have gone back by up to two thirds of the way. The crown is a little thin.'
    """
    if problems := problems_with_grade(scale, code):
        raise ValueError(problems[0])
    if code == NOT_GRADED:
        return "Not graded."
    if scale is Scale.BASP:
        canonical = basp_code(code)
        parts = re.findall(r"L|[MCUFV]\d", canonical)
        return " ".join(BASP_WORDS[part] for part in parts)
    return next(grade.words for grade in SCALES[scale].grades if grade.code == code)


def problems_with_basp(code: str) -> list[str]:
    """What is wrong with a BASP code: one basic type, then at most one F and one V.

    >>> problems_with_basp("M2V1"), len(problems_with_basp("V1"))
    ([], 1)
    """
    match = _basp_parts(code)
    if match is None or (match["front"] and match["late_front"]):
        return [f"{code!r} is not a BASP grade. Write a basic type (L, M0-M3, C0-C3, U1-U3), then F1-F3, V1-V3: M2V1."]
    return []


def basp_code(code: str) -> str:
    """A BASP code in its usual writing, F before V; a ``ValueError`` in words when it is none.

    >>> basp_code(" m2 v1 f3")
    'M2F3V1'
    """
    match = _basp_parts(code)
    if match is None or problems_with_basp(code):
        raise ValueError(problems_with_basp(code)[0])
    return match["basic"] + (match["front"] or match["late_front"] or "") + (match["crown"] or "")


def _basp_parts(code: str) -> re.Match[str] | None:
    return _BASP.fullmatch("".join(code.upper().split()))


def problems_with_salt(*, top: Decimal, back: Decimal, right: Decimal, left: Decimal) -> list[str]:
    """What is wrong with the four losses in percent, in words; empty is fine."""
    losses = {"top": top, "back": back, "right side": right, "left side": left}
    return [
        f"Loss on the {view} must be from 0 to 100 %, not {loss} %."
        for view, loss in losses.items()
        if not (loss.is_finite() and 0 <= loss <= 100)
    ]


def salt_score(*, top: Decimal, back: Decimal, right: Decimal, left: Decimal) -> Decimal:
    """SALT: the share of scalp hair lost, in percent, from the loss in percent on each of four views.

        score = 0.40 top + 0.24 back + 0.18 right + 0.18 left,   0 <= score <= 100

    Source: Olsen et al., Severity of Alopecia Tool. A ``ValueError`` in words outside 0-100.

    >>> salt_score(top=Decimal(50), back=Decimal(25), right=Decimal(0), left=Decimal(10))
    Decimal('27.80')
    """
    if problems := problems_with_salt(top=top, back=back, right=right, left=left):
        raise ValueError(" ".join(problems))
    losses = {"top": top, "back": back, "right": right, "left": left}
    return sum((SALT_WEIGHTS[view] * loss for view, loss in losses.items()), Decimal(0))


def salt_band(score: Decimal) -> str:
    """The band S0-S5 of a SALT score.

    >>> [salt_band(Decimal(score)) for score in ("0", "0.1", "25", "50", "75", "99.9", "100")]
    ['S0', 'S1', 'S2', 'S3', 'S4', 'S4', 'S5']
    """
    if not 0 <= score <= 100:
        raise ValueError(f"A SALT score is from 0 to 100, not {score}.")
    if score == 100:
        return "S5"
    if score == 0:
        return "S0"
    return next((band for band, lowest in _SALT_BAND_FROM if score >= lowest), "S1")
