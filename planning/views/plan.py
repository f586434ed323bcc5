"""The plan: draw it, read it, approve it, stop it, print it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from intake.findings import judged_findings
from intake.models import Patient
from planning.actions.plan import approve_plan, discard_draft, stop_plan
from planning.approval import problems_with_approval
from planning.clinic_protocol import clinic_protocol, is_behind
from planning.dots_done import warnings_for_density
from planning.forms.plan import ApproveForm, StopForm
from planning.models import Agreement, PlanVersion, TreatmentPlan
from planning.models.plan import ANEW, PlanState
from planning.plan_lock import CLOSED, ChangedMeanwhile, clinic_today
from planning.plan_page import page_of
from planning.plan_sheet import plan_on_paper
from smpclinic import audit
from smpclinic.actors import staff
from smpclinic.pdf import PdfFailed
from smpclinic.roles import Permission, requires


def visible_plan(request, plan_id) -> TreatmentPlan:
    """The plan, where its patient may be seen by who asks; else 404."""
    plans = TreatmentPlan.objects.filter(patient__in=Patient.objects.visible_to(request.user))
    return get_object_or_404(plans.select_related("patient", "practitioner", "current_version"), public_id=plan_id)


@require_GET
@requires(Permission.SEE_HEALTH)
def plan(request, plan_id):
    return _page(request, visible_plan(request, plan_id))


@require_GET
@requires(Permission.SEE_HEALTH)
def version(request, plan_id, number):
    """One version as it was drawn and agreed to, also while another is being drafted or is in force."""
    found = visible_plan(request, plan_id)
    shown = get_object_or_404(found.versions.select_related("approved_by", "drafted_by"), number=number)
    shown.plan = found
    audit.note_read(request, patient=found.patient, what="plan", subject_id=str(found.public_id))
    context = page_of(shown) | {
        "plan": found,
        "patient": found.patient,
        "agreement": Agreement.objects.newest_of(shown),
        "is_in_force": shown.pk == found.current_version_id,
    }
    return render(request, "planning/plan_version.html", context)


@require_POST
@requires(Permission.PLAN_TREATMENT)
def approve(request, plan_id):
    found = visible_plan(request, plan_id)
    form = ApproveForm(request.POST)
    if not form.is_valid():
        return _page(
            request, found, refused=[_("The page did not arrive whole. Read the plan again, then approve it.")]
        )
    try:
        version = approve_plan(plan=found, by=staff(request.user), token=form.cleaned_data["token"])
    except ChangedMeanwhile as changed:
        return _page(request, found, refused=[f"{changed} {_('Read it again, then approve it.')}"], status=409)
    except ValidationError as refusal:
        return _page(request, found, refused=refusal.messages)
    messages.success(request, _("Version %(number)s is approved and sealed.") % {"number": version.number})
    return redirect(found)


@require_POST
@requires(Permission.PLAN_TREATMENT)
def discard(request, plan_id):
    found = visible_plan(request, plan_id)
    try:
        discard_draft(plan=found, by=staff(request.user))
    except ValidationError as refusal:
        return _page(request, found, refused=refusal.messages)
    messages.success(request, _("The draft is discarded. The version before it counts again."))
    return redirect(found)


@require_http_methods(["GET", "POST"])
@requires(Permission.PLAN_TREATMENT)
def stop(request, plan_id):
    found = visible_plan(request, plan_id)
    form = StopForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            stop_plan(plan=found, reason=form.cleaned_data["reason"], by=staff(request.user))
        except ValidationError as refusal:
            form.add_error("reason" if hasattr(refusal, "error_dict") else None, refusal.messages)
        else:
            messages.success(request, _("The plan is stopped. What was done stays in the record."))
            return redirect(found)
    audit.note_read(request, patient=found.patient, what="stop plan", subject_id=str(found.public_id))
    return render(request, "planning/plan_stop.html", {"plan": found, "patient": found.patient, "form": form})


@require_GET
@requires(Permission.PRINT_PAPERS)
def plan_pdf(request, plan_id):
    found = visible_plan(request, plan_id)
    version = _printed_version(found)
    audit.note_read_or_refuse(request, patient=found.patient, what="plan on paper", subject_id=str(found.public_id))
    try:
        may_see = request.user.has(Permission.SEE_HEALTH)
        content = plan_on_paper(version, paper=_paper(request.clinic), with_photo=may_see)
    except PdfFailed as failure:
        return render(request, "planning/plan_pdf_failed.html", {"plan": found, "failure": failure}, status=503)
    name = f"plan-{found.patient.record_number}-{version.number}.pdf"
    return HttpResponse(
        content, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )


def _printed_version(found: TreatmentPlan) -> PlanVersion:
    """The version in force, else the draft (which says so on the paper)."""
    return found.current_version or found.newest_version()


def _paper(clinic) -> str:
    return {"letter": "Letter"}.get(clinic.paper, "A4")


def _page(request, found: TreatmentPlan, *, refused=(), status=200):
    audit.note_read(request, patient=found.patient, what="plan", subject_id=str(found.public_id))
    version = found.newest_version()
    version.plan = found
    today = clinic_today()
    page = page_of(version)
    judged = judged_findings(found.patient, on=today)
    is_draft = not version.is_approved and found.state not in CLOSED
    problems = problems_with_approval(version, page["rows"], approver=request.user, on=today) if is_draft else []
    agreement = Agreement.objects.newest_of(version)
    is_taken_back = agreement is not None and agreement.consent.withdrawn_at is not None
    context = page | {
        "plan": found,
        "patient": found.patient,
        "judged": judged,
        "refused": [problem for problem in refused if problem not in problems],
        "problems": problems,
        "is_draft": is_draft,
        "cautions": warnings_for_density(page["densities"]) if found.state not in CLOSED else [],
        "is_behind": is_draft and is_behind(version, clinic_protocol(request.clinic)),
        "is_closed": found.state in CLOSED,
        "agreement": agreement,
        "may_plan": request.user.has(Permission.PLAN_TREATMENT),
        "may_print": request.user.has(Permission.PRINT_PAPERS),
        "may_book": request.user.has(Permission.BOOK),
        "waits_for_agreement": found.state == PlanState.APPROVED or (is_taken_back and found.state in ANEW),
    }
    return render(request, "planning/plan.html", context, status=status)
