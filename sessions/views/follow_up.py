"""Results that are to be looked at, and the page on which one is judged."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from intake.forms.fields import add_refusal
from intake.models import Patient
from planning.models import TreatmentPlan
from sessions import actions
from sessions.due_list import due_follow_ups, lines_of
from sessions.forms.outcomes import CheckForm, CorrectForm, EndForm, PageForm
from sessions.models import FollowUp, OutcomeCheck
from sessions.result_page import result_page
from sessions.views.finding import STALE
from smpclinic import audit
from smpclinic.actors import staff
from smpclinic.roles import Permission, requires

LINES_A_PAGE = 50


@require_GET
@requires(Permission.BOOK)
def follow_up(request):
    return _list_page(request)


def _list_page(request, *, problems=(), status=200):
    today = timezone.localdate()
    rows = due_follow_ups(request.user, today=today)
    page = Paginator(rows, LINES_A_PAGE).get_page(PageForm(request.GET).number())
    context = {"page": page, "lines": lines_of(list(page.object_list), today=today), "problems": problems}
    return render(request, "sessions/follow_up.html", context, status=status)


@require_POST
@requires(Permission.BOOK)
def ask_later(request, plan_id):
    row = _follow_up(request, plan_id)
    actions.ask_again_later(follow_up=row, by=staff(request.user))
    messages.success(request, _("%(patient)s comes back to the list in two weeks.") % {"patient": row.plan.patient})
    return redirect("sessions:follow_up")


@require_POST
@requires(Permission.BOOK)
def end_checks(request, plan_id):
    row, form = _follow_up(request, plan_id), EndForm(request.POST)
    try:
        reason = form.cleaned_data["reason"] if form.is_valid() else ""
        actions.end_follow_up(follow_up=row, reason=reason, by=staff(request.user))
    except ValidationError as refusal:
        return _list_page(request, problems=refusal.messages, status=STALE)
    messages.success(request, _("No more checks for %(patient)s.") % {"patient": row.plan.patient})
    return redirect("sessions:follow_up")


def _follow_up(request, plan_id):
    rows = FollowUp.objects.visible_to(request.user).select_related("plan__patient")
    return get_object_or_404(rows, plan__public_id=plan_id)


@require_http_methods(["GET", "POST"])
@requires(Permission.RECORD_SESSIONS)
def result(request, plan_id):
    """How the work of one plan healed: judged today, and every time before."""
    plan = get_object_or_404(
        TreatmentPlan.objects.filter(patient__in=Patient.objects.visible_to(request.user)).select_related("patient"),
        public_id=plan_id,
    )
    if plan.parent_plan_id:
        return redirect("sessions:result", plan.parent_plan.public_id)
    row = FollowUp.objects.filter(plan=plan).first()
    wrong = _to_correct(request, plan)
    form = _form(request, plan, row, wrong) if row else None
    if form and form.is_valid() and _kept(request, plan, form, wrong):
        return redirect("sessions:result", plan.public_id)
    audit.note_read(request, patient=plan.patient, what="healed result", subject_id=str(plan.public_id))
    context = result_page(plan, row) | {"form": form, "correcting": wrong}
    return render(request, "sessions/result.html", context)


def _to_correct(request, plan) -> OutcomeCheck | None:
    asked = CorrectForm(request.GET).asked()
    return plan.outcome_checks.standing().filter(public_id=asked).first() if asked else None


def _form(request, plan, row, wrong):
    noted = plan.outcome_checks.standing().filter(counted_from=row.counted_from)
    settled = set(noted.exclude(pk=wrong.pk if wrong else None).values_list("months", flat=True))
    initial = {name: getattr(wrong, name) for name in CheckForm.Meta.fields} if wrong else None
    return CheckForm(request.POST or None, initial=initial, follow_up=row, settled=settled, today=timezone.localdate())


def _kept(request, plan, form, wrong) -> bool:
    judged = dict(form.cleaned_data)
    try:
        actions.note_check(
            plan=plan,
            seen_on=judged.pop("seen_on"),
            months=judged.pop("months"),
            judged=judged,
            replaces=wrong,
            by=staff(request.user),
        )
    except ValidationError as refusal:
        add_refusal(form, refusal)
        return False
    messages.success(request, _("The result is in the record."))
    return True
