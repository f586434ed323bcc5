"""The questionnaire, a short page at a time, and its review."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from intake import actions
from intake.actions.photos import may_keep_photos
from intake.corrections import corrections_of
from intake.findings import judged_findings
from intake.forms.fields import Seen
from intake.forms.screening import SendBackForm
from intake.models.questionnaire import OPEN, IntakeState
from intake.questionnaire import CHECK, Questionnaire
from intake.standing import by_weight
from intake.views.finding import visible_intake, visible_patient
from intake.views.links import intake_context
from intake.views.photo_slots import views_in_words
from intake.views.steps import Way, answer_page
from smpclinic import audit
from smpclinic.actors import staff
from smpclinic.roles import Permission, requires

FOUND = 302


@require_http_methods(["GET", "POST"])
@requires(Permission.TAKE_INTAKE)
def intake(request, patient_id):
    """Start an intake, or go on where the last person stopped."""
    patient = visible_patient(request, patient_id)
    if request.method == "POST":
        started = actions.start_intake(patient=patient, by=staff(request.user))
        return redirect("intake:step", started.public_id, Questionnaire(started).first_open())
    audit.note_read(request, patient=patient, what="intakes")
    return render(request, "intake/intake.html", intake_context(patient))


@require_http_methods(["GET", "POST"])
@requires(Permission.TAKE_INTAKE)
def step(request, intake_id, slug):
    found = visible_intake(request, intake_id)
    if slug not in Questionnaire(found).titles:
        raise Http404
    # What is under review can be corrected, but not handed in a second time.
    if found.state not in (*OPEN, IntakeState.SUBMITTED) or (found.state == IntakeState.SUBMITTED and slug == CHECK):
        return redirect("intake:review", found.public_id)
    audit.note_read(request, patient=found.patient, what="intake answers", subject_id=str(found.public_id))
    way = _way_of_staff(request, found)
    answer = answer_page(request, Questionnaire(found, way.url_of), slug, way)
    if answer.status_code == FOUND and answer.url == way.leave_url:
        messages.success(request, _("The answers are saved. You can go on at any time."))
    elif answer.status_code == FOUND and answer.url == way.done_url:
        messages.success(request, _("The intake is handed in.") if slug == CHECK else _("Corrected."))
    return answer


def _way_of_staff(request, found) -> Way:
    sees = request.user.has(Permission.SEE_HEALTH) and may_keep_photos(found.patient)
    return Way(
        by=staff(request.user),
        frame="intake/step_frame.html",
        url_of=lambda slug: reverse("intake:step", args=[found.public_id, slug]),
        leave_url=found.patient.get_absolute_url(),
        done_url=reverse("intake:review", args=[found.public_id]),
        photo_url_of=lambda photo: reverse("intake:photo", args=[photo.public_id]) if sees else "",
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.TAKE_INTAKE)
def review(request, intake_id):
    found = visible_intake(request, intake_id)
    audit.note_read(request, patient=found.patient, what="intake review", subject_id=str(found.public_id))
    form = SendBackForm(request.POST if "send_back" in request.POST else None)
    problems = []
    if request.method == "POST":
        try:
            if answer := _reviewed(request, found, form):
                return answer
        except ValidationError as refusal:
            problems = refusal.messages
    context = _review_context(found, form, problems)
    if found.state == IntakeState.ACCEPTED and not request.user.has(Permission.SEE_HEALTH):
        context |= {
            "pages": [],
            "corrections": [],
            "is_closed_to_reader": True,
        }  # The desk reads answers while it takes or reviews them.
    return render(request, "intake/review.html", context)


def _reviewed(request, found, form):
    """Accept or send back; None where the note is missing."""
    if "send_back" in request.POST:
        if not form.is_valid():
            return None
        actions.send_back_intake(intake=found, note=form.cleaned_data["note"], by=staff(request.user))
        messages.success(request, _("Sent back. The intake is open again."))
        return redirect("intake:intake", found.patient.public_id)
    seen = Seen().clean(request.POST.get("seen"))
    actions.accept_intake(intake=found, by=staff(request.user), seen_number=seen)
    messages.success(request, _("The intake is accepted."))
    return redirect(found.patient)


def _review_context(found, form, problems):
    asked = Questionnaire(found)
    judged = judged_findings(found.patient, on=timezone.localdate())
    return {
        "patient": found.patient,
        "intake": found,
        "version": asked.version,
        "pages": asked.in_words(),
        "corrections": corrections_of(found, asked.sections),
        "photos": views_in_words(found),
        "editable": found.state == IntakeState.SUBMITTED,
        "groups": by_weight(judged),
        "kept": found.patient.kept_findings.all()[:1] if found.state == IntakeState.ACCEPTED else (),
        "form": form,
        "problems": problems,
    }
