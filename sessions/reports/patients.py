"""What brings patients here: the causes they told of, and the patterns that were graded."""

from django.db.models import Count, OuterRef, Subquery
from django.utils.translation import gettext as _

from intake.causes import CauseKind, choice_for
from intake.grading import SCALES, Scale, grade_shown
from intake.models import HairLossCause, IntakeAnswers, PatternGrade
from sessions.reports.bars import Value, bar_chart
from sessions.reports.report import Period, Report, Section, Table

MOST_CHARTED = 16


def patients_report(period: Period) -> Report:
    """Patients by cause and by pattern (two queries)."""
    notes = [
        _("A patient with two causes counts in both. The newest answers of each intake and the newest grade of each"
          " scale count."),
    ]  # fmt: skip
    return Report([_section(_("Causes"), _causes(period)), _section(_("Patterns"), _patterns(period))], notes)


def _causes(period: Period) -> list[tuple[str, int]]:
    begin, end = period.moments
    newest = IntakeAnswers.objects.filter(intake=OuterRef("answers__intake")).order_by("-number").values("pk")[:1]
    rows = HairLossCause.objects.filter(answers=Subquery(newest), answers__at__gte=begin, answers__at__lt=end)
    counted = rows.order_by().values("cause").annotate(patients=Count("answers__intake__patient", distinct=True))
    return sorted(((_(choice_for(CauseKind(row["cause"])).words), row["patients"]) for row in counted), key=_most)


def _patterns(period: Period) -> list[tuple[str, int]]:
    between = (period.first, period.last)
    same = PatternGrade.objects.filter(patient=OuterRef("patient"), scale=OuterRef("scale"), assessed_on__range=between)
    newest = same.order_by("-assessed_on", "-pk").values("pk")[:1]
    rows = PatternGrade.objects.filter(pk=Subquery(newest), assessed_on__range=between)
    counted = rows.order_by().values("scale", "grade").annotate(patients=Count("patient", distinct=True))
    named = [
        (f"{SCALES[Scale(row['scale'])].name} {grade_shown(row['grade'])}".strip(), row["patients"]) for row in counted
    ]
    return sorted(named, key=_most)


def _most(told: tuple[str, int]) -> tuple[int, str]:
    return -told[1], told[0]


def _section(title: str, told: list[tuple[str, int]]) -> Section:
    rows = [[name, f"{count}"] for name, count in told]
    table = Table(title, [title, _("Patients")], rows, figures=frozenset({1}))
    charted = told[:MOST_CHARTED]
    chart = bar_chart([Value(name, (count,)) for name, count in charted]) if charted else None
    words = "; ".join(f"{name}: {count}" for name, count in charted)
    return Section(table, chart, words, _("patients"))
