"""The default words of the care sheet and of the sheet before a session, by look.

A clinic edits and translates them. Marks in braces are filled with the patient's real dates
and times: ``{until}`` the last day of the period, ``{days}`` its days counted, ``{redness}``, ``{rarely_until}``,
``{two_days}``, ``{touch_up}``, ``{emergency}``.
"""

from dataclasses import dataclass
from enum import StrEnum


class Look(StrEnum):
    SHAVED = "shaved"
    KEPT_HAIR = "kept_hair"
    SCAR = "scar"


EVERY_LOOK = frozenset(Look)


@dataclass(frozen=True)
class RuleText:
    """One rule of the sheet and the looks it is for."""

    words: str
    looks: frozenset[Look] = EVERY_LOOK


@dataclass(frozen=True)
class PeriodText:
    """Rules from ``first_day`` to ``last_day`` after the session (day 0); None is for good."""

    code: str
    first_day: int
    last_day: int | None
    title: str
    rules: tuple[RuleText, ...]


@dataclass(frozen=True)
class BoxText:
    code: str
    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class CareTexts:
    day0: tuple[RuleText, ...]
    periods: tuple[PeriodText, ...]
    boxes: tuple[BoxText, ...]


SHAVED, KEPT, SCAR = frozenset({Look.SHAVED}), frozenset({Look.KEPT_HAIR}), frozenset({Look.SCAR})

DAY_0 = (
    RuleText("Redness and tightness are normal. They usually settle {redness}; rarely they last until {rarely_until}."),
    RuleText("Keep your scalp dry. Do not touch or scratch it."),
    RuleText("Wear only a clean, loose hat."),
    RuleText("Sleep on a clean pillowcase tonight."),
)
# The dates of each row stand beside it, so its rules do not say them again.
DAYS_1_TO_4 = (
    RuleText("Keep your scalp dry: no washing, no rain, no steam."),
    RuleText("No sport or work that makes you sweat."),
    RuleText("No sun on the scalp: wear your clean, loose hat outside."),
    RuleText("No shaving.", SHAVED | SCAR),
    RuleText("No cutting or colouring; comb the hair without touching the skin.", KEPT),
    RuleText("No creams, oils, sprays or other products on the scalp."),
    RuleText("Leave the scar alone: no rubbing, no massage.", SCAR),
)
DAYS_5_TO_10 = (
    RuleText("Rinse with lukewarm water and pat dry."),
    RuleText("Small flakes and dots that look lighter are normal. Do not pick at them."),
    RuleText("Once no scabs are left you may use a clipper; no razor yet.", SHAVED),
    RuleText("No fibres, concealer, dye, extensions or hot dryer.", KEPT),
    RuleText("Use minoxidil again only when your practitioner says so.", KEPT),
    RuleText("Do not rub, stretch or massage the scar; no razor over it.", SCAR),
    RuleText("Still no sun on the scalp, no pool and no sauna."),
)
DAYS_11_TO_30 = (
    RuleText("Wash with a mild shampoo."),
    RuleText("No sun on the scalp and no sunbed."),
    RuleText("No pool and no sauna."),
)
AFTER_DAY_30 = (
    RuleText("Use sun cream SPF 50 on the scalp every day: sun fades the pigment."),
    RuleText("No acids or peels on the scalp."),
    RuleText("Tell laser and MRI staff that your scalp is pigmented."),
    RuleText("Pigment fades with the years: have it looked at for a touch-up around {touch_up}."),
)
BOXES = (
    BoxText(
        "normal",
        "Normal",
        (
            "Redness and a tight feeling that settle {redness}.",
            "Small flakes, and dots that look lighter, in the first ten days.",
        ),
    ),
    BoxText(
        "call_us",
        "Call us",
        (
            "It gets worse instead of better after {two_days}.",
            "Redness that grows, itching, or bumps.",
            "Itchy lumps, even months or years later.",
        ),
    ),
    BoxText(
        "doctor_today",
        "See a doctor today",
        ("Pus or a bad smell.", "Pain or swelling that rises.", "Red streaks on the skin.", "Fever."),
    ),
    BoxText(
        "emergency",
        "Emergency: {emergency}",
        ("Trouble breathing.", "A swollen face, lips or tongue."),
    ),
)
DEFAULT_TEXTS = CareTexts(
    day0=DAY_0,
    periods=(
        PeriodText("days_1_to_4", 1, 4, "{days}", DAYS_1_TO_4),
        PeriodText("days_5_to_10", 5, 10, "{days}", DAYS_5_TO_10),
        PeriodText("days_11_to_30", 11, 30, "{days}", DAYS_11_TO_30),
        PeriodText("after_day_30", 31, None, "After day 30", AFTER_DAY_30),
    ),
    boxes=BOXES,
)

BEFORE_SESSION = (
    RuleText("Wash your scalp that day. No gel, wax, spray or fibres afterwards."),
    RuleText("Cut your hair at {cut_from} or later, so that we see how it grows. No razor on {day}.", SHAVED | SCAR),
    RuleText("If you have your hair cut, then at {cut_from} or later. No razor on {day}.", KEPT),
    RuleText("Eat before you come."),
    RuleText("No alcohol before the session: we cannot treat you if you have had any on {day}."),
    RuleText("Come without sunburn: keep your scalp out of the sun until then."),
    RuleText("Bring a loose, clean hat and the list of your medicines."),
    RuleText("Never stop a prescribed medicine for us. If you are unsure, call us."),
)
