"""How results turned out by technique, and what went wrong. Counts and intervals; few patients are said to be few."""

from django.db.models import Case, CharField, Count, F, OuterRef, Q, Subquery, Value, When
from django.utils.translation import gettext as _

from planning.models.plan import Look
from sessions.models import AdverseEvent, OutcomeCheck, TreatmentSession
from sessions.models.outcome import EventKind
from sessions.reports import bars
from sessions.reports.intervals import Share, share_of
from sessions.reports.report import Period, Report, Section, Table
from sessions.words import NEEDLES, word
from smpclinic.models import User

GOOD_LOOK = 4
PASSES = "plan__planned_sessions__appointments__session__passes"
DEPTHS = (("0", "0.5"), ("0.5", "1.0"), ("1.0", "1.5"), ("1.5", "9"))


def outcomes_report(period: Period) -> Report:
    """The newest judgement of each plan by needle, depth, look and practitioner; events by kind (seven queries)."""
    checks = _newest_checks(period)
    names = {user.pk: str(user) for user in User.objects.all()}
    sections = [
        _section(_("By needle"), _shares(checks, f"{PASSES}__needle_group", lambda key: word(NEEDLES, key))),
        _section(_("By depth"), _shares(checks.annotate(depth=_depth()), "depth", _depth_words)),
        _section(_("By look"), _shares(checks, "plan__current_version__look", lambda key: str(Look(key).label))),
        _section(_("By practitioner"), _shares(checks, "plan__practitioner", lambda key: names.get(key, ""))),
        _events(period),
    ]
    notes = [
        _("A good result: a healed look of 4 or 5 of 5, by the newest judgement of each plan in the period."),
        _("The range is where the true share lies with 95 % certainty; under five plans nothing is said."),
        _("A plan worked with two needles or depths counts in both. A difference here is no proof of a cause."),
    ]
    return Report(sections, notes)


def _newest_checks(period: Period):
    same = OutcomeCheck.objects.standing().filter(plan=OuterRef("plan"), seen_on__range=(period.first, period.last))
    newest = same.order_by("-seen_on", "-pk").values("pk")[:1]
    rows = OutcomeCheck.objects.standing().filter(seen_on__range=(period.first, period.last))
    return rows.filter(pk=Subquery(newest)).order_by()


def _depth():
    depth = f"{PASSES}__depth_mm"
    bands = [When(**{f"{depth}__gt": low, f"{depth}__lte": high}, then=Value(f"{low}-{high}")) for low, high in DEPTHS]
    return Case(*bands, output_field=CharField())


def _depth_words(band: str) -> str:
    low, high = band.split("-")
    if low == "0":
        return _("up to %(mm)s mm") % {"mm": high}
    if high == "9":
        return _("over %(mm)s mm") % {"mm": low}
    return _("over %(low)s to %(high)s mm") % {"low": low, "high": high}


def _shares(checks, by: str, name_of) -> list[tuple[str, Share]]:
    # Sessions that were not held yet have no passes: their empty row is left out here, for an exclude() in the
    # database would leave out every plan that has one.
    counted = checks.values(key=F(by)).annotate(
        plans=Count("pk", distinct=True), good=Count("pk", distinct=True, filter=Q(look_score__gte=GOOD_LOOK))
    )
    told = {row["key"]: share_of(row["good"], row["plans"]) for row in counted if row["key"] is not None}
    return [(name_of(key), told[key]) for key in sorted(told, key=str)]


def _section(title: str, told: list[tuple[str, Share]]) -> Section:
    table = Table(
        title,
        [_("Technique"), _("Plans"), _("Good"), _("Share"), _("Range")],
        [[name, f"{s.count}", f"{s.hits}", s.percent or _("too few"), s.range] for name, s in told],
        figures=frozenset({1, 2, 3, 4}),
    )
    enough = [(name, share) for name, share in told if share.is_telling]
    values = [bars.Value(name, (100 * s.part,), 100 * s.low, 100 * s.high) for name, s in enough]
    words = "; ".join(f"{name}: {s.percent} ({s.range})" for name, s in enough)
    return Section(table, bars.bar_chart(values, most=100) if values else None, words, _("% good results"))


def _events(period: Period) -> Section:
    """Adverse events noticed in the period, beside the sessions signed in it (two queries)."""
    begin, end = period.moments
    signed = TreatmentSession.objects.signed().filter(signed_at__gte=begin, signed_at__lt=end).count()
    rows = AdverseEvent.objects.filter(noticed_on__range=(period.first, period.last)).order_by()
    counted = rows.values("kind").annotate(
        events=Count("pk"), severe=Count("pk", filter=Q(severity="severe")), still=Count("pk", filter=Q(closed_at=None))
    )
    labels = dict(EventKind.choices)
    listed = sorted((str(labels[row["kind"]]), row["events"], row["severe"], row["still"]) for row in counted)
    title = _("What went wrong, beside %(count)s signed sessions") % {"count": signed}
    heads = [_("What"), _("Events"), _("Severe"), _("Still open")]
    table = Table(title, heads, [[name, *map(str, counts)] for name, *counts in listed], frozenset({1, 2, 3}))
    return Section(table)
