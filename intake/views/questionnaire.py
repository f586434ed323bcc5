"""The questionnaire, a short page at a time, and its review."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from intake import actions
from intake.actions.questionnaire import OPEN, StaleAnswers, problems_before_submitting
from intake.findings import judged_findings
from intake.forms.consent import ConsentsForm
from intake.forms.fields import Seen, add_refusal
from intake.forms.screening import SendBackForm
from intake.models.questionnaire import IntakeState
from intake.questionnaire import CHECK, CHOICES, Questionnaire
from intake.standing import by_weight
from intake.views.consents import save_choices, texts_to_ask
from intake.views.finding import visible_intake, visible_patient
from smpclinic import audit
from smpclinic.actors import staff
from smpclinic.roles import Permission, requires

CLASH = 409


@require_http_methods(["GET", "POST"])
@requires(Permission.TAKE_INTAKE)
def intake(request, patient_id):
    """Start an intake, or go on where the last person stopped."""
    patient = visible_patient(request, patient_id)
    if request.method == "POST":
        started = actions.start_intake(patient=patient, by=staff(request.user))
        return redirect("intake:step", started.public_id, Questionnaire(started).first_open())
    audit.note_read(request, patient=patient, what="intakes")
    intakes = list(patient.intakes.select_related("reviewed_by"))
    going = next((one for one in intakes if one.state in OPEN), None)
    return render(request, "intake/intake.html", {"patient": patient, "intakes": intakes, "going": going})


@require_http_methods(["GET", "POST"])
@requires(Permission.TAKE_INTAKE)
def step(request, intake_id, slug):
    found = visible_intake(request, intake_id)
    asked = Questionnaire(found)
    if slug not in asked.titles:
        raise Http404
    if found.state not in OPEN:
        return redirect("intake:review", found.public_id)
    audit.note_read(request, patient=found.patient, what="intake answers", subject_id=str(found.public_id))
    return {CHOICES: _choices, CHECK: _check}.get(slug, _questions)(request, asked, slug)


def _questions(request, asked, slug):
    if request.method == "GET":
        return _page(request, asked, slug, asked.form(slug))
    form = asked.form(slug, request.POST)
    if not form.is_valid():
        return _page(request, asked, slug, form, seen=_seen(request))
    try:
        actions.save_answers(
            intake=asked.intake, answers=form.answers(), by=staff(request.user), seen_number=_seen(request), page=slug
        )
    except StaleAnswers as stale:
        newest = Questionnaire(asked.intake)
        told = {"meanwhile": stale.newest, "theirs": newest.page_in_words(slug)}
        return _page(request, newest, slug, form, status=CLASH, **told)
    except ValidationError as refusal:
        _refused(form, refusal)
        return _page(request, asked, slug, form, seen=_seen(request))
    return _onward(request, asked, slug)


def _refused(form, refusal):
    if hasattr(form, "management_form"):
        form.add_error(None, refusal)
    else:
        add_refusal(form, refusal)


def _seen(request) -> int:
    """The version that was on the screen; what cannot be read counts as none at all, so nothing is overwritten."""
    try:
        return Seen().clean(request.POST.get("seen")) or 0
    except ValidationError:
        return 0


def _onward(request, asked, slug):
    if "stay" in request.POST:
        return redirect("intake:step", asked.intake.public_id, slug)
    if "leave" in request.POST:
        messages.success(request, _("The answers are saved. You can go on at any time."))
        return redirect(asked.intake.patient)
    return redirect("intake:step", asked.intake.public_id, asked.following(slug))


def _choices(request, asked, slug):
    patient = asked.intake.patient
    texts, standing = texts_to_ask(patient)
    form = ConsentsForm(request.POST if request.method == "POST" else None, texts=texts) if texts else None
    if request.method == "POST" and (form is None or save_choices(request, form, patient)):
        return _onward(request, asked, slug)
    return _page(request, asked, slug, form, template="intake/step_choices.html", standing=standing)


def _check(request, asked, slug):
    if request.method == "POST":
        try:
            actions.submit_intake(intake=asked.intake, by=staff(request.user))
        except ValidationError as refusal:
            return _page(request, asked, slug, None, template="intake/step_check.html", problems=refusal.messages)
        messages.success(request, _("The intake is handed in."))
        return redirect("intake:review", asked.intake.public_id)
    problems = problems_before_submitting(asked.intake)
    return _page(request, asked, slug, None, template="intake/step_check.html", problems=problems)


def _page(request, asked, slug, form, *, template="intake/step.html", status=200, seen=None, **more):
    slugs = list(asked.titles)
    context = {
        "patient": asked.intake.patient,
        "intake": asked.intake,
        "title": asked.titles[slug],
        "slug": slug,
        "place": slugs.index(slug) + 1,
        "count": len(slugs),
        "steps": asked.steps(slug),
        "back_url": asked.url(asked.preceding(slug)) if asked.preceding(slug) else "",
        "seen": asked.number if seen is None else seen,
        "form": form,
        "pages": asked.in_words() if slug == CHECK else [],
        "asked": asked,
    }
    return render(request, template, context | more, status=status)


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
        context |= {"pages": [], "is_closed_to_reader": True}  # The desk reads answers while it takes or reviews them.
    return render(request, "intake/review.html", context)


def _reviewed(request, found, form):
    """Accept or send back; None where the note is missing."""
    if "send_back" in request.POST:
        if not form.is_valid():
            return None
        actions.send_back_intake(intake=found, note=form.cleaned_data["note"], by=staff(request.user))
        messages.success(request, _("Sent back. The intake is open again."))
        return redirect("intake:intake", found.patient.public_id)
    actions.accept_intake(intake=found, by=staff(request.user))
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
        "groups": by_weight(judged),
        "form": form,
        "problems": problems,
    }
