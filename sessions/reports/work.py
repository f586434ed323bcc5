"""How long the work took and how fast it went, by practitioner and by needle, summed in the database."""

from django.db.models import Count, QuerySet, Sum
from django.utils.translation import gettext as _

from planning.models import PaceSample
from sessions.reports.bars import Value, bar_chart
from sessions.reports.intervals import TOO_FEW
from sessions.reports.report import Period, Report, Section, Table
from sessions.words import NEEDLES, word
from smpclinic.models import User


def times_report(period: Period) -> Report:
    """Working minutes of a session, planned and taken, by practitioner (two queries)."""
    rows = (
        _samples(period)
        .filter(planned_minutes__isnull=False)
        .values("practitioner")
        .annotate(sessions=Count("session_id", distinct=True), planned=Sum("planned_minutes"), took=Sum("minutes"))
    )
    names, told = _names(), []
    for row in rows:
        planned, took = float(row["planned"]) / row["sessions"], float(row["took"]) / row["sessions"]
        told.append((names.get(row["practitioner"], ""), row["sessions"], planned, took))
    told.sort()
    table = Table(
        _("Minutes of a session, on average"),
        [_("Practitioner"), _("Sessions"), _("Planned"), _("Took"), _("Difference")],
        [
            [name, f"{count}", f"{planned:.0f} min", f"{took:.0f} min", _difference(planned, took, count)]
            for name, count, planned, took in told
        ],
        figures=frozenset({1, 2, 3, 4}),
    )
    chart = bar_chart([Value(name, (planned, took)) for name, _count, planned, took in told])
    words = "; ".join(
        _("%(name)s: planned %(planned)s, took %(took)s min")
        % {"name": name, "planned": f"{planned:.0f}", "took": f"{took:.0f}"}
        for name, _count, planned, took in told
    )
    keys = (_("planned"), _("took"))
    notes = [_("The clocks of the zones of signed sessions; pauses, arrival and photos are not in it.")]
    return Report([Section(table, chart, words, _("minutes"), keys)], notes)


def pace_report(period: Period) -> Report:
    """Dots a minute by practitioner and by needle (three queries)."""
    names = _names()
    people = _paces(_samples(period), "practitioner", lambda key: names.get(key, ""))
    needles = _paces(_samples(period), "needle_group", lambda key: word(NEEDLES, key))
    notes = [_("Every zone counts: hairlines and kept hair are slower, so compare people who treat alike.")]
    return Report([_pace(_("By practitioner"), people), _pace(_("By needle"), needles)], notes)


def _samples(period: Period) -> QuerySet[PaceSample]:
    begin, end = period.moments
    return PaceSample.objects.filter(is_void=False, signed_at__gte=begin, signed_at__lt=end)


def _names() -> dict[int, str]:
    return {user.pk: str(user) for user in User.objects.all()}


def _paces(samples: QuerySet[PaceSample], by: str, name_of) -> list[tuple[str, int, float]]:
    rows = samples.values(by).annotate(
        sessions=Count("session_id", distinct=True), placed=Sum("dots"), took=Sum("minutes")
    )
    return sorted((name_of(row[by]), row["sessions"], row["placed"] / float(row["took"])) for row in rows)


def _pace(title: str, told: list[tuple[str, int, float]]) -> Section:
    table = Table(
        title,
        [_("Who or what"), _("Sessions"), _("Dots a minute")],
        [[name, f"{count}", f"{pace:.0f}" if count >= TOO_FEW else _("too few")] for name, count, pace in told],
        figures=frozenset({1, 2}),
    )
    enough = [(name, pace) for name, count, pace in told if count >= TOO_FEW]
    chart = bar_chart([Value(name, (pace,)) for name, pace in enough]) if enough else None
    words = "; ".join(f"{name}: {pace:.0f}" for name, pace in enough)
    return Section(table, chart, words, _("dots a minute"))


def _difference(planned: float, took: float, count: int) -> str:
    if count < TOO_FEW or not planned:
        return _("too few")
    return f"{round(100 * (took / planned - 1)):+d} %"
