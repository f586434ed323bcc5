"""One page of the questionnaire, asked and answered, whoever goes through it: staff, or the patient alone."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from intake import actions
from intake.actions.photos import may_keep_photos
from intake.actions.questionnaire import StaleAnswers, problems_before_submitting
from intake.forms.consent import ConsentsForm
from intake.forms.fields import Seen, add_refusal
from intake.models import Photo
from intake.models.questionnaire import IntakeState
from intake.own_session import KIOSK_WAIT_S, idle_limit_s
from intake.questionnaire import CHECK, CHOICES, PHOTOS
from intake.views.consents import save_choices, texts_to_ask
from intake.views.photo_slots import slots_of, take_photo, views_in_words
from smpclinic.actors import Actor

CLASH = 409
REFUSED = 422


@dataclass(frozen=True)
class Way:
    """How somebody goes through the pages: as whom, in which frame, and where it leads."""

    by: Actor
    frame: str
    url_of: Callable[[str], str]
    leave_url: str
    done_url: str
    photo_url_of: Callable[[Photo], str]
    is_own: bool = False  # the patient alone: nothing of the clinic's own is shown
    is_kiosk: bool = False

    @property
    def witness(self):
        """Whoever of the staff sees the patient sign."""
        return self.by.user


def answer_page(request, asked, slug, way):
    """Show a page, or save what was answered on it and go on."""
    return {CHOICES: _choices, PHOTOS: _photos, CHECK: _check}.get(slug, _questions)(request, asked, slug, way)


def _questions(request, asked, slug, way):
    if request.method != "POST":
        return _page(request, asked, slug, way, asked.form(slug))
    form = asked.form(slug, request.POST)
    if not form.is_valid():
        return _page(request, asked, slug, way, form, seen=_seen(request))
    try:
        actions.save_answers(
            intake=asked.intake, answers=form.answers(), by=way.by, seen_number=_seen(request), page=slug
        )
    except StaleAnswers as stale:
        newest = asked.anew()
        told = {"meanwhile": stale.newest, "theirs": newest.page_in_words(slug)}
        return _page(request, newest, slug, way, form, status=CLASH, **told)
    except ValidationError as refusal:
        _refused(form, refusal)
        return _page(request, asked, slug, way, form, seen=_seen(request))
    return _onward(request, asked, slug, way)


def keep_draft(request, asked, slug, way) -> None:
    """Save what was typed on a page that is being left without a word; what cannot be read is left out."""
    form = asked.form(slug, request.POST)
    if not form.is_valid():
        typed = request.POST.copy()
        for name in _unreadable(form):
            typed.pop(name, None)
        form = asked.form(slug, typed)
    if not form.is_valid():
        return
    # Where somebody else has saved the same answers meanwhile, theirs stand: nobody is here to be asked.
    with contextlib.suppress(ValidationError):
        actions.save_answers(
            intake=asked.intake, answers=form.answers(), by=way.by, seen_number=_seen(request), page=slug
        )


def _unreadable(form) -> list[str]:
    """The names of the fields in error, as the browser sent them."""
    forms = form.forms if hasattr(form, "management_form") else [form]
    return [one.add_prefix(name) for one in forms for name in one.errors]


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


def _onward(request, asked, slug, way):
    if "stay" in request.POST:
        return redirect(way.url_of(slug))
    if "leave" in request.POST:
        return redirect(way.leave_url)
    if asked.intake.state == IntakeState.SUBMITTED:
        return redirect(way.done_url)  # a correction under review
    return redirect(way.url_of(asked.following(slug)))


def _choices(request, asked, slug, way):
    patient = asked.intake.patient
    texts, standing = texts_to_ask(patient, refused_too=way.is_own)
    form = ConsentsForm(request.POST if request.method == "POST" else None, texts=texts) if texts else None
    if request.method == "POST" and (form is None or save_choices(form, patient, by=way.by, witness=way.witness)):
        return _onward(request, asked, slug, way)
    return _page(request, asked, slug, way, form, template="intake/step_choices.html", standing=standing)


def _photos(request, asked, slug, way):
    refused = None
    if request.method == "POST":
        if "view" not in request.POST:
            return _onward(request, asked, slug, way)
        form = take_photo(request, asked.intake, way)
        if form.is_valid() and not request.htmx:
            return redirect(f"{way.url_of(slug)}#slot-{form.cleaned_data['view']}")
        refused = form
    slots = slots_of(asked.intake, way, refused=refused)
    status = REFUSED if refused is not None and refused.errors else 200
    if request.htmx and refused is not None and (sent := [slot for slot in slots if slot.view == refused.data["view"]]):
        return render(request, "intake/photo_slot.html", {"slot": sent[0], "url": way.url_of(slug)}, status=status)
    told = {"slots": slots, "url": way.url_of(slug), "may": may_keep_photos(asked.intake.patient)}
    return _page(request, asked, slug, way, None, template="intake/step_photos.html", status=status, **told)


def _check(request, asked, slug, way):
    problems = problems_before_submitting(asked.intake)
    if request.method == "POST":
        try:
            actions.submit_intake(intake=asked.intake, by=way.by)
        except ValidationError as refusal:
            problems = refusal.messages
        else:
            return redirect(way.done_url)
    told = {"problems": problems, "photos": views_in_words(asked.intake), "photos_url": way.url_of(PHOTOS)}
    told["left_open"] = asked.left_open()
    return _page(request, asked, slug, way, None, template="intake/step_check.html", **told)


def _page(request, asked, slug, way, form, *, template="intake/step.html", status=200, seen=None, **more):
    slugs = list(asked.titles)
    context = {
        "patient": asked.intake.patient,
        "intake": asked.intake,
        "way": way,
        "frame": way.frame,
        "correcting": asked.intake.state == IntakeState.SUBMITTED,
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
        "kiosk_idle_s": idle_limit_s(on_consent=slug == CHOICES) if way.is_kiosk else 0,
        "kiosk_wait_s": KIOSK_WAIT_S,
        "said_by": _("The clinic") if way.is_own else "",
    }
    return render(request, template, context | more, status=status)
