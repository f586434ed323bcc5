"""The answers of an intake as people read them, page by page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from intake.causes import GROUP_WORDS, TreatmentGroup, choice_for
from intake.findings import cause_from
from intake.forms.steps import HAIRLINES, LOOKS, REASONS, TRANSPLANTS
from intake.grading import CALIBRES, HAIR_LEVELS, NOT_SURE, PICTURES
from intake.hair import TREATMENTS
from intake.models import HealthAnswer, IntakeAnswers
from intake.models.questionnaire import Course
from intake.rules import SECTIONS
from intake.screening import Rule
from smpclinic.local_dates import date_format

Fact = dict[str, str]
RulesByPage = Mapping[str, tuple[tuple[Rule, object], ...]]


@dataclass(frozen=True)
class Page:
    """One page of the questionnaire: where to change it, and what was said."""

    slug: str
    title: str
    facts: list[Fact]
    url: str = ""


def pages_in_words(version: IntakeAnswers, rules: RulesByPage) -> list[Page]:
    """Everything a version says, in the order it was asked (three queries)."""
    health = {row.question: row for row in version.health.all()}
    return [
        Page("reasons", _("What brings you"), [_fact(_("Reasons"), _chosen(REASONS, version.reasons))]),
        Page("causes", _("Causes"), _causes(version)),
        Page("pattern", _("Pattern and course"), _pattern(version)),
        Page("hair", _("Hair and treatments"), _hair(version)),
        Page("medicines", _("Medicines"), _medicines(version)),
        *(
            Page(
                f"health-{section}",
                str(SECTIONS[section]),
                [_health(rule, health.get(rule.code)) for rule, _row in asked],
            )
            for section, asked in rules.items()
        ),
        Page("wishes", _("Wishes"), _wishes(version)),
    ]


def _fact(name: object, value: object) -> Fact:
    return {"name": str(name), "value": str(value or "")}


def _chosen(choices, codes) -> str:
    words = dict(choices)
    return ", ".join(str(words.get(code, code)) for code in codes)


def _day(day: date | None) -> str:
    return date_format(day, "j F Y") if day else ""


def _causes(version: IntakeAnswers) -> list[Fact]:
    rows = sorted(version.causes.all(), key=lambda row: row.pk)
    if not rows:
        return [_fact(_("Causes"), "")]
    return [_fact(_("Cause"), "; ".join(filter(None, [_cause(row), row.detail]))) for row in rows]


def _cause(row) -> str:
    """A cause on one line, in the reader's language; ``intake.causes.cause_in_words`` is the one that is stored."""
    cause = cause_from(row)
    is_named = cause.group and cause.group is not TreatmentGroup.OTHER
    group = _(GROUP_WORDS[cause.group]) if cause.group and is_named else ""
    what = " ".join(filter(None, [group, f"({cause.name})" if group and cause.name else cause.name]))
    span = _span(cause.started_on, cause.ended_on, cause.is_ongoing and not cause.ended_on).removeprefix(", ")
    details = ", ".join(filter(None, [what, span]))
    words = _(choice_for(cause.kind).words)
    return f"{words}: {details}" if details else words


def _pattern(version: IntakeAnswers) -> list[Fact]:
    pictures = {grade.code: _(grade.words) for grade in (*PICTURES, NOT_SURE)}
    return [
        _fact(_("Picture chosen"), pictures.get(version.picture, "")),
        _fact(_("Since"), _day(version.onset_on)),
        _fact(_("How it came"), Course(version.course).label if version.course else ""),
        _fact(_("In the family"), version.family_history),
    ]


def _hair(version: IntakeAnswers) -> list[Fact]:
    transplant = _chosen(TRANSPLANTS, [version.transplant_kind])
    return [
        _fact(_("Hair as told"), hair_in_words(version.hair_told)),
        _fact(_("Treatments now"), _treatments(version)),
        _fact(_("Transplant"), ", ".join(filter(None, [transplant, _day(version.transplant_on)]))),
    ]


def _treatments(version: IntakeAnswers) -> str:
    return "; ".join(filter(None, [_chosen(TREATMENTS.items(), version.treatments_chosen), version.treatments_now]))


def hair_in_words(hair: Mapping[str, object]) -> str:
    """Facts about the hair on one line; what is not known is left out.

    >>> hair_in_words({"level": 4, "length_mm": 20, "grey_percent": 10})
    'Medium brown (level 4), 20 mm long, 10 % grey'
    """
    levels = {int(grade.code): _(grade.words) for grade in HAIR_LEVELS}
    calibres = {grade.code: _(grade.words).split(":")[0] for grade in CALIBRES}
    level, grey, length = hair.get("level"), hair.get("grey_percent"), hair.get("length_mm")
    parts = [
        _("%(words)s (level %(level)s)") % {"words": levels[level], "level": level} if level in levels else "",
        _("%(calibre)s hair") % {"calibre": calibres[hair["calibre"]]} if hair.get("calibre") in calibres else "",
        _("kept shaved") if hair.get("is_shaved") else "",
        _("%(length)s mm long") % {"length": length} if length is not None else "",
        _("%(grey)s %% grey") % {"grey": grey} if grey is not None else "",
    ]
    return ", ".join(filter(None, parts))


def _medicines(version: IntakeAnswers) -> list[Fact]:
    rows = sorted(version.medications.all(), key=lambda row: row.pk)
    if not rows:
        return [_fact(_("Medicines"), _("None told"))]
    return [_fact(_("Medicine"), f"{row.name}{_span(row.since, row.until, row.is_ongoing)}") for row in rows]


def _span(since: date | None, until: date | None, is_ongoing: bool) -> str:
    parts = [
        _("since %(day)s") % {"day": _day(since)} if since else "",
        _("until %(day)s") % {"day": _day(until)} if until else "",
        _("still going on") if is_ongoing else "",
    ]
    told = ", ".join(filter(None, parts))
    return f", {told}" if told else ""


def _health(rule: Rule, row: HealthAnswer | None) -> Fact:
    if row is None or not row.answer:
        return _fact(_(rule.question), "")
    options = {option.code: _(option.words) for option in rule.options}
    details = ", ".join(filter(None, [options.get(row.option, ""), row.detail]))
    words = f"{row.get_answer_display()}{_span(row.started_on, row.on_date, row.is_ongoing)}"
    return _fact(_(rule.question), f"{words}: {details}" if details else words)


def _wishes(version: IntakeAnswers) -> list[Fact]:
    return [
        _fact(_("Look"), _chosen(LOOKS, [version.wished_look])),
        _fact(_("Hairline"), _chosen(HAIRLINES, [version.wished_hairline])),
        _fact(_("In their words"), version.wishes),
    ]
