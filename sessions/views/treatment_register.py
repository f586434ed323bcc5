"""The treatment register by period: on the screen, on paper, as a table."""

from datetime import timedelta
from urllib.parse import urlencode

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Row, Submit
from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from sessions.treatment_register import MOST_ON_PAPER, heads, lines_of, problems_with_period
from smpclinic import audit, chain
from smpclinic.actors import staff
from smpclinic.letterhead import letterhead, sheet_of
from smpclinic.local_dates import date_format
from smpclinic.pdf import PdfFailed, render_pdf
from smpclinic.roles import Permission, requires
from smpclinic.tables import XLSX_TYPE, xlsx_of

USUAL_DAYS = 30
REFUSED = 400
CANNOT = 503


class PeriodForm(forms.Form):
    first = forms.DateField(
        label=gettext_lazy("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last = forms.DateField(label=gettext_lazy("To"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(Row("first", "last"), Submit("", gettext_lazy("Show")))

    def clean(self):
        told = super().clean()
        if "first" in told and "last" in told:
            for problem in problems_with_period(told["first"], told["last"]):
                self.add_error("last", problem)
        return told


@require_GET
@requires(Permission.SEE_HEALTH, Permission.EXPORT_PATIENT)
def treatment_register(request):
    form = PeriodForm(request.GET or None, initial=_usual())
    lines = _noted(request, form, "looked at treatment register") if form.is_bound and form.is_valid() else None
    return _page(request, form, lines)


@require_GET
@requires(Permission.SEE_HEALTH, Permission.EXPORT_PATIENT)
def treatment_register_pdf(request):
    form = PeriodForm(request.GET)
    if not form.is_valid():
        return _page(request, form, None, status=REFUSED)
    lines = _noted(request, form, "printed treatment register")
    if len(lines) > MOST_ON_PAPER:
        words = _("This period has %(count)s sessions; paper holds %(most)s. Choose a shorter one, or take the table.")
        failure = words % {"count": len(lines), "most": MOST_ON_PAPER}
        return _page(request, form, lines, failure=failure, status=REFUSED)
    context = _shown(form, lines) | letterhead(request.clinic) | {"chain_head": chain.head()}
    try:
        content = render_pdf("pdf/treatment_register.html", context, paper=sheet_of(request.clinic))
    except PdfFailed as failure:
        return _page(request, form, lines, failure=failure, status=CANNOT)
    return _file(content, "application/pdf", f"inline; filename={_name(form)}.pdf")


@require_GET
@requires(Permission.SEE_HEALTH, Permission.EXPORT_PATIENT)
def treatment_register_xlsx(request):
    form = PeriodForm(request.GET)
    if not form.is_valid():
        return _page(request, form, None, status=REFUSED)
    lines = _noted(request, form, "exported treatment register")
    content = xlsx_of(_("Treatment register"), heads(), [line.cells() for line in lines])
    return _file(content, XLSX_TYPE, f"attachment; filename={_name(form)}.xlsx")


def _noted(request, form, verb):
    """The lines, and in the trail that many patients were read at once: who, which days, how many."""
    first, last = form.cleaned_data["first"], form.cleaned_data["last"]
    lines = lines_of(first, last, user=request.user)
    audit.record(
        by=staff(request.user),
        verb=verb,
        subject=request.clinic,
        first=first.isoformat(),
        last=last.isoformat(),
        sessions=len(lines),
    )
    return lines


def _page(request, form, lines, *, failure="", status=200):
    context = {"form": form, "lines": lines, "failure": failure}
    if lines is not None:
        context |= _shown(form, lines)
    return render(request, "sessions/treatment_register.html", context, status=status)


def _shown(form, lines):
    first, last = form.cleaned_data["first"], form.cleaned_data["last"]
    period = f"{date_format(first, 'j F Y')} – {date_format(last, 'j F Y')}"
    query = urlencode({"first": first.isoformat(), "last": last.isoformat()})
    return {"lines": lines, "heads": heads(), "period": period, "query": query}


def _usual():
    today = timezone.localdate()
    return {"first": today - timedelta(days=USUAL_DAYS), "last": today}


def _name(form) -> str:
    return f"treatment-register-{form.cleaned_data['first']}-{form.cleaned_data['last']}"


def _file(content: bytes, content_type: str, disposition: str) -> HttpResponse:
    return HttpResponse(content, content_type=content_type, headers={"Content-Disposition": disposition})
