"""Grade the pattern and describe the hair, with what was found before."""

from decimal import Decimal

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import model_to_dict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from intake import actions
from intake.dates import in_words
from intake.forms.assessment import GradeForm, HairForm, ScaleForm, score_in_words
from intake.forms.fields import add_refusal
from intake.grading import MORE_SCALES, SCALES, Scale, Sex, grade_in_words, grade_shown, scales_for
from intake.hair import density_in_words
from intake.views.finding import visible_patient
from intake.words import hair_in_words
from smpclinic import audit
from smpclinic.actors import staff
from smpclinic.roles import Permission, requires

GRADE_MARKS = {"grade_it", "work_out", "assessed_on"}


@require_http_methods(["GET", "POST"])
@requires(Permission.ASSESS)
def assess(request, patient_id):
    patient = visible_patient(request, patient_id)
    audit.note_read(request, patient=patient, what="assessment")
    offered = scales_for(Sex(patient.sex))
    scale = ScaleForm(request.GET).chosen(default=offered[0])
    if request.headers.get("HX-Request") and scale is Scale.SALT:
        return vary_on_headers("HX-Request")(_score)(request)
    # Two forms on one page: told apart by a field, for a form may be sent without any of its buttons.
    of_grade = bool(GRADE_MARKS & request.POST.keys())
    of_hair = request.method == "POST" and not of_grade
    grade = GradeForm(request.POST if of_grade else None, scale=scale)
    newest = patient.hair.first()
    hair = HairForm(request.POST if of_hair else None, initial=model_to_dict(newest) if newest else None)
    if (
        "work_out" not in request.POST
        and request.method == "POST"
        and (_graded(request, patient, grade) or _recorded(request, patient, hair))
    ):
        return redirect(f"{reverse('intake:assess', args=[patient.public_id])}?scale={scale}")
    context = {"patient": patient, "grade": grade, "hair": hair, "scale": SCALES[scale], "newest_hair": newest}
    context |= {"salt": grade.score() if grade.is_bound else None}
    return render(request, "intake/assess.html", context | _scales(patient, offered, scale) | _history(patient))


def _score(request):
    """The live score alone, worked out by the same rule that the saved grade follows."""
    facts = request.GET.dict() | {"assessed_on": timezone.localdate().isoformat()}
    return render(request, "intake/salt_score.html", {"salt": GradeForm(facts, scale=Scale.SALT).score()})


def _graded(request, patient, form) -> bool:
    if not form.is_bound or not form.is_valid():
        return False
    return _done(request, form, lambda: actions.grade_pattern(patient=patient, by=staff(request.user), **form.facts()))


def _recorded(request, patient, form) -> bool:
    if not form.is_bound or not form.is_valid():
        return False
    return _done(request, form, lambda: actions.record_hair(patient=patient, by=staff(request.user), **form.facts()))


def _done(request, form, change) -> bool:
    try:
        change()
    except ValidationError as refusal:
        add_refusal(form, refusal)
        return False
    messages.success(request, _("Saved."))
    return True


def _scales(patient, offered, scale):
    """The scales as tabs: the three usual ones, and the rest under "More scales"."""
    url = reverse("intake:assess", args=[patient.public_id])

    def tab(one: Scale):
        return {"label": SCALES[one].name, "url": f"{url}?scale={one}", "current": one is scale}

    more = [tab(one) for one in MORE_SCALES]
    return {
        "first_scales": [tab(one) for one in offered if one not in MORE_SCALES],
        "more_scales": more,
        "more_open": any(one["current"] for one in more),
    }


def _history(patient):
    grades = [
        {
            "when": in_words(row.assessed_on),
            "title": f"{SCALES[Scale(row.scale)].name} {_grade_shown(row)}".strip(),
            "text": " ".join(
                filter(None, [grade_in_words(Scale(row.scale), row.grade), row.note, f"({row.assessor})"])
            ),
        }
        for row in patient.grades.select_related("assessor")
    ]
    hair = [
        {
            "when": in_words(row.observed_on),
            "title": str(row.observer) if row.observer else _("As told by the patient"),
            "text": _hair_line(row),
        }
        for row in patient.hair.select_related("observer")
    ]
    return {"grades": grades, "hair_history": hair, "today": timezone.localdate()}


def _grade_shown(row) -> str:
    """The grade; for SALT with its score, which lies in the four losses."""
    if row.scale != Scale.SALT or not row.components:
        return grade_shown(row.grade)
    told = score_in_words({view: Decimal(loss) for view, loss in row.components.items()})
    return f"{told['score']} ({row.grade})"


def _hair_line(row) -> str:
    parts = [
        hair_in_words(model_to_dict(row)),
        _("skin type %(type)s") % {"type": row.skin_type} if row.skin_type else "",
        _("hair %(colour)s") % {"colour": row.measured_colour} if row.measured_colour else "",
        _("skin %(colour)s") % {"colour": row.measured_skin} if row.measured_skin else "",
        row.get_colour_known_by_display().lower(),
        density_in_words(row.density_by_zone),
        _("head %(cm)s cm around") % {"cm": row.head_circumference_cm} if row.head_circumference_cm else "",
    ]
    return ", ".join(filter(None, parts))
