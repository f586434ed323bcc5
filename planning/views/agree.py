"""Turned to the patient: only what the patient may see, and a large place to sign."""

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods

from intake.own_session import language_of
from planning.actions.plan import agree_plan
from planning.forms.plan import AgreeForm
from planning.hairline_shown import hairline_of, photo_of
from planning.models import Agreement
from planning.models.plan import ANEW, PlanState
from planning.plan_page import page_preview
from planning.scalp_views import FRONT, VIEW_BOX
from planning.treatment_consent import facts_for_patient, wording_for
from planning.turning import turn_to_plan
from planning.views.plan import visible_plan
from smpclinic import audit, turned
from smpclinic.actors import staff
from smpclinic.local_dates import date_format
from smpclinic.roles import Permission, requires


@require_http_methods(["GET", "POST"])
@requires(Permission.PLAN_TREATMENT)
def agree(request, plan_id):
    found = visible_plan(request, plan_id)
    version = found.current_version
    if version is None:
        raise Http404
    audit.note_read(request, patient=found.patient, what="agreement", subject_id=str(found.public_id))
    if request.method == "POST" and "turn" in request.POST:
        return redirect(turn_to_plan(request, found, back=found.get_absolute_url()))
    agreement = Agreement.objects.newest_of(version)
    is_taken_back = agreement is not None and agreement.consent.withdrawn_at is not None
    if agreement is not None and not is_taken_back:
        return _signed_already(request, found, agreement)
    try:
        wording = wording_for(version)
    except ValidationError as refusal:
        return _page(request, "agree_closed", found, reasons=refusal.messages)
    if found.state != PlanState.APPROVED and not (is_taken_back and found.state in ANEW):
        return _page(request, "agree_closed", found, reasons=[])
    if not turned.is_turned(request):
        return _page(request, "agree_turn", found)
    return _to_sign(request, found, wording, agreement=agreement)


def _to_sign(request, found, wording, *, agreement):
    with override(language_of(found.patient)):
        form = AgreeForm(request.POST or None)
        if request.method == "POST" and form.is_valid() and _signed(request, found, form):
            return redirect("planning:agree", found.public_id)
        drawing, taken_back = _drawing(found.current_version), _taken_back(agreement)
        return _page(request, "agree", found, wording=wording, form=form, taken_back=taken_back, **drawing)


def _signed_already(request, found, agreement):
    """Thanks, and the plan that was agreed to: it is looked at again before each session."""
    version = found.current_version
    with override(language_of(found.patient)):
        facts = facts_for_patient(version)
        return _page(request, "agree_done", found, agreement=agreement, facts=facts, **_drawing(version))


def _drawing(version) -> dict:
    drawing = {"hairline": hairline_of(version), "photo": photo_of(version), "front": FRONT, "box": VIEW_BOX}
    return drawing | {"preview": page_preview(version)}


def _page(request, name: str, found, **context):
    context |= {"plan": found, "is_turned": turned.is_turned(request)}
    return render(request, f"planning/{name}.html", context)


def _taken_back(agreement: Agreement | None) -> str:
    if agreement is None:
        return ""
    day = date_format(timezone.localtime(agreement.consent.withdrawn_at), "j F Y")
    words = _("You took your agreement back on %(day)s. If you agree again, sign anew here.")
    return words % {"day": day}


def _signed(request, found, form) -> bool:
    try:
        agree_plan(
            plan=found,
            signed_name=form.cleaned_data["signed_name"],
            strokes=form.cleaned_data["strokes"] or None,
            witness=request.user,
            by=staff(request.user),
            shown_sha256=form.cleaned_data["shown"],
        )
    except ValidationError as refusal:
        form.add_error(None, refusal.messages)
        return False
    return True
