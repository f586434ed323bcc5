"""The plan editor: a new plan, a change of one, a touch-up. The running estimate answers on the same address."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from intake.actions.photos import may_keep_photos
from intake.models import Patient
from intake.views.finding import visible_patient
from planning.actions.plan import draft_plan, revise_plan
from planning.actions.touch_up import draft_touch_up, problems_with_touch_up
from planning.clinic_protocol import clinic_protocol
from planning.dots_done import densities_for, lighter_than_done, part_placed, warnings_for_density
from planning.forms.editor import PlanEditor
from planning.forms.plan import initial_of, initial_of_new
from planning.hairline_shown import photos_to_draw_on
from planning.models import PlanVersion, TreatmentPlan
from planning.models.plan import PlanKind
from planning.plan_content import comparable, differences, token_of
from planning.plan_estimate import shown
from planning.plan_lock import CLOSED, ChangedMeanwhile, clinic_today
from planning.plan_map import hairlines_to_choose, scalp_map
from planning.plan_start import start_for
from planning.plan_zones import rows_of, unsaved_rows
from planning.shade_look import shade_look
from planning.views.plan import visible_plan
from smpclinic import audit
from smpclinic.actors import staff
from smpclinic.roles import Permission, requires


@dataclass(frozen=True)
class Desk:
    """What lies on the desk: whose plan, the forms, how they are saved, and what the page says around them."""

    patient: Patient
    editor: PlanEditor
    save: Callable[[PlanEditor], TreatmentPlan]
    plan: TreatmentPlan | None = None
    parent: TreatmentPlan | None = None
    grade: object | None = None


@require_http_methods(["GET", "POST"])
@requires(Permission.PLAN_TREATMENT)
def draft(request, patient_id):
    patient = visible_patient(request, patient_id)
    start = start_for(patient)
    initial = initial_of_new(user=request.user, circumference_cm=start.circumference_cm, look=start.look)
    editor = _editor(request, patient, initial=initial, rows=start.rows)

    def save(editor):
        fields = editor.form.version_fields() | {"grade": start.grade}
        return _saved_once(patient, editor, lambda **form: draft_plan(patient=patient, fields=fields, **form), request)

    return _answer(request, Desk(patient, editor, save, grade=start.grade))


@require_http_methods(["GET", "POST"])
@requires(Permission.PLAN_TREATMENT)
def edit(request, plan_id):
    found = visible_plan(request, plan_id)
    if found.state in CLOSED:
        messages.error(request, _("This plan is closed and is no longer changed. Draft a new plan."))
        return redirect(found)
    version = found.newest_version()
    rows = rows_of(version)
    initial = initial_of(version) | {"token": token_of(version, rows)}
    editor = _editor(request, found.patient, kind=found.kind, initial=initial, rows=rows)

    def save(editor):
        form = editor.form
        revise_plan(
            plan=found,
            fields=form.version_fields(),
            zones=editor.zone_rows(),
            by=staff(request.user),
            practitioner=form.cleaned_data["practitioner"],
            token=form.cleaned_data["token"],
        )
        return found

    return _answer(request, Desk(found.patient, editor, save, plan=found, parent=found.parent_plan))


@require_http_methods(["GET", "POST"])
@requires(Permission.PLAN_TREATMENT)
def touch_up(request, plan_id):
    parent = visible_plan(request, plan_id)
    if problems := problems_with_touch_up(parent, on=clinic_today()):
        messages.error(request, " ".join(problems))
        return redirect(parent)
    version = parent.current_version
    new = initial_of_new(user=request.user, circumference_cm=version.head_circumference_cm, look=version.look)
    initial = (
        initial_of(version)
        | {
            "price": None,
            "price_reason": "",
            "deposit": None,
            "long_session_reason": "",
            "note": "",
            "session_count": 1,
        }
        | new
    )
    editor = _editor(request, parent.patient, kind="touch_up", initial=initial, rows=rows_of(version))

    def save(editor):
        fields = editor.form.version_fields()
        return _saved_once(
            parent.patient, editor, lambda **form: draft_touch_up(parent_plan=parent, fields=fields, **form), request
        )

    return _answer(request, Desk(parent.patient, editor, save, parent=parent))


def _editor(request, patient, **first) -> PlanEditor:
    posted = request.POST.copy() if request.method == "POST" else None
    clinic, photos = request.clinic, photos_to_draw_on(patient)
    return PlanEditor(posted, currency=clinic.currency, protocol=clinic_protocol(clinic), photos=photos, **first)


def _saved_once(patient, editor, make, request) -> TreatmentPlan:
    """The new plan; the one already made where the same form is sent a second time."""
    new_id = editor.form.cleaned_data["new_id"]
    made = TreatmentPlan.objects.filter(public_id=new_id, patient=patient).first() if new_id else None
    return made or make(
        practitioner=editor.form.cleaned_data["practitioner"],
        zones=editor.zone_rows(),
        by=staff(request.user),
        public_id=new_id,
    )


def _answer(request, desk: Desk):
    editor, status, meanwhile = desk.editor, 200, None
    if request.method == "POST" and "save" in request.POST and editor.is_valid():
        try:
            saved = desk.save(editor)
        except ChangedMeanwhile as changed:
            status, meanwhile = 409, _meanwhile(changed, desk)
        except ValidationError as refusal:
            editor.refuse(refusal)
        else:
            messages.success(request, _("The draft is saved."))
            return redirect(saved)
    estimates, problems = editor.estimates()
    context = {
        "estimates": shown(estimates, chosen=editor.session_count, practitioner=editor.practitioner),
        "estimate_problems": problems,
        "listed_price": editor.listed_price(),
        "cautions": [*editor.left_out(), *_too_dense(desk)],
        "is_running": request.method == "POST",
        "salt": editor.salt(),
    }
    if request.htmx and request.htmx.target == "estimate":
        return _vary(render(request, "planning/plan_live.html", context))
    if request.htmx and request.htmx.target == "shade-look":
        return _vary(render(request, "planning/shade_look.html", {"look": _shade_look(desk)}))
    audit.note_read(request, patient=desk.patient, what="plan editor")
    page = render(request, "planning/plan_edit.html", context | _around(desk) | {"meanwhile": meanwhile}, status=status)
    return _vary(page)


def _too_dense(desk: Desk) -> list[str]:
    """Zones that would hold more dots than the clinic's limit, or be lighter than what was done there before."""
    rows, today = desk.editor.rows_now(), clinic_today()
    part = part_placed(desk.editor.kind, desk.editor.protocol)
    too_dense = warnings_for_density(densities_for(desk.patient, rows, plan=desk.plan, on=today, part=part))
    return [*too_dense, *lighter_than_done(desk.patient, rows, step=desk.editor.shade_step, on=today)]


def _shade_look(desk: Desk) -> dict:
    """What helps to choose the shade that stands in the form now."""
    editor = desk.editor
    step = editor.shade_step
    return shade_look(desk.patient, step, editor.rows_now(), on=clinic_today(), is_first=editor.kind == PlanKind.PLAN)


def _vary(response):
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def _around(desk: Desk) -> dict:
    open_plans = desk.patient.plans.open().order_by("-id") if desk.plan is None else ()
    return {
        "patient": desk.patient,
        "plan": desk.plan,
        "parent": desk.parent,
        "grade": desk.grade,
        "open_plans": open_plans,
        "editor": desk.editor,
        "form": desk.editor.form,
        "look": _shade_look(desk),
        "map": scalp_map(desk.editor.states()),
        "hairline_shapes": json.dumps(hairlines_to_choose()),
        "has_photo_consent": may_keep_photos(desk.patient),
    }


def _meanwhile(changed: ChangedMeanwhile, desk: Desk) -> dict:
    """What the second writer is told; saving once more then writes over what is told here, knowingly."""
    version, editor = changed.version, desk.editor
    rows = rows_of(version)
    editor.form.data["token"] = token_of(version, rows)
    fields = editor.form.version_fields()
    typed = PlanVersion(plan=version.plan, number=version.number, currency=version.currency, **fields)
    typed_rows = unsaved_rows(editor.zone_rows(), circumference_cm=typed.head_circumference_cm)
    return {"words": str(changed), "differences": differences(comparable(version, rows), comparable(typed, typed_rows))}
