"""Turned to the patient: only what the patient may see, and a large place to sign."""

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from planning.actions.plan import agree_plan
from planning.forms.plan import AgreeForm
from planning.hairline_shown import hairline_of, photo_of
from planning.models import Agreement
from planning.models.plan import ANEW, PlanState
from planning.plan_page import page_preview
from planning.scalp_views import FRONT, VIEW_BOX
from planning.treatment_consent import wording_for
from planning.views.plan import visible_plan
from smpclinic import audit, turned
from smpclinic.actors import staff
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
        turned.turn(request, page=request.path, back=found.get_absolute_url(), also=_pictures(version))
        return redirect(request.path)
    agreement = Agreement.objects.newest_of(version)
    is_taken_back = agreement is not None and agreement.consent.withdrawn_at is not None
    if agreement is not None and not is_taken_back:
        return _page(request, "agree_done", found, agreement=agreement)
    try:
        wording = wording_for(version)
    except ValidationError as refusal:
        return _page(request, "agree_closed", found, reasons=refusal.messages)
    if found.state != PlanState.APPROVED and not (is_taken_back and found.state in ANEW):
        return _page(request, "agree_closed", found, reasons=[])
    if not turned.is_turned(request):
        return _page(request, "agree_turn", found)
    return _to_sign(request, found, wording, taken_back=_taken_back(agreement) if is_taken_back else "")


def _to_sign(request, found, wording, *, taken_back: str):
    form = AgreeForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _signed(request, found, form):
        return redirect("planning:agree", found.public_id)
    version = found.current_version
    drawing = {"hairline": hairline_of(version), "photo": photo_of(version), "front": FRONT, "box": VIEW_BOX}
    drawing["preview"] = page_preview(version)
    return _page(request, "agree", found, wording=wording, form=form, taken_back=taken_back, **drawing)


def _page(request, name: str, found, **context):
    context |= {"plan": found, "is_turned": turned.is_turned(request)}
    return render(request, f"planning/{name}.html", context)


def _pictures(version) -> list[str]:
    """The addresses of the patient's own photo and of the shade's picture, which the turned screen must reach."""
    shown = photo_of(version)
    photos = [reverse("intake:photo", args=[shown["photo"].public_id])] if shown else []
    return [*photos, reverse("planning:shade_preview")]


def _taken_back(agreement) -> str:
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
