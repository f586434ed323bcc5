"""Reports: one at a time, for a period, on the page and as a file."""

from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from sessions.forms.reports import PERIODS, PeriodForm, UsualForm, usual_period
from sessions.reports import KINDS, Period
from sessions.reports.calendar import period_words
from smpclinic.roles import Permission, requires
from smpclinic.tables import XLSX_TYPE, xlsx_of


@require_GET
@requires(Permission.SEE_REPORTS)
def reports(request):
    """The first of them; the others are its tabs."""
    return _page(request, KINDS[0])


@require_GET
@requires(Permission.SEE_REPORTS)
def report(request, report):
    return _page(request, _kind(report))


def _page(request, kind):
    form, period = _asked(request)
    made = kind.make(period)
    context = {
        "kind": kind,
        "report": made,
        "form": form,
        "period": period_words(period),
        "kinds": [
            {"label": one.name, "url": f"{_address(one)}?{_query(request, period)}", "current": one is kind}
            for one in KINDS
        ],
        "periods": [
            {"label": label, "url": f"{_address(kind)}?period={name}", "current": _is_chosen(request, name)}
            for name, label in PERIODS.items()
        ],
        "file_url": f"{reverse('sessions:report_file', args=[kind.code])}?{_query(request, period)}",
    }
    return render(request, "sessions/report.html", context)


@require_GET
@requires(Permission.SEE_REPORTS)
def report_file(request, report):
    """The tables of a report, one under the other, as XLSX in which every cell is text."""
    kind = _kind(report)
    _form, period = _asked(request)
    rows = [[period_words(period)]]
    for section in kind.make(period).sections:
        rows += [[], [section.table.title], [str(head) for head in section.table.heads], *section.table.rows]
    longest = max(len(row) for row in rows)
    content = xlsx_of(str(kind.name), [str(kind.name)] + [""] * (longest - 1), [_filled(row, longest) for row in rows])
    name = f"{kind.code}-{period.first:%Y-%m-%d}-{period.last:%Y-%m-%d}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=XLSX_TYPE, headers=headers)


def _filled(row, longest: int) -> list[str]:
    return [*row, *[""] * (longest - len(row))]


def _kind(code: str):
    for kind in KINDS:
        if kind.code == code:
            return kind
    raise Http404


def _asked(request) -> tuple[PeriodForm, Period]:
    """The form as it was sent, and the period to show: the form's own where it is whole, else a usual one."""
    usual = usual_period(UsualForm(request.GET).code(), timezone.localdate())
    if "first" not in request.GET and "last" not in request.GET:
        return PeriodForm(initial={"first": usual.first, "last": usual.last}), usual
    form = PeriodForm(request.GET)
    return form, Period(form.cleaned_data["first"], form.cleaned_data["last"]) if form.is_valid() else usual


def _query(request, period: Period) -> str:
    if "first" in request.GET or "last" in request.GET:
        return urlencode({"first": period.first.isoformat(), "last": period.last.isoformat()})
    return urlencode({"period": UsualForm(request.GET).code()})


def _is_chosen(request, name: str) -> bool:
    return "first" not in request.GET and UsualForm(request.GET).code() == name


def _address(kind) -> str:
    return reverse("sessions:report", args=[kind.code])
