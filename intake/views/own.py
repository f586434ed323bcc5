"""The patient at their own intake: through the private link at home, or at the tablet that staff handed over.

Whatever is wrong with a link, the answer is the same page. Nothing here reads who is signed in as staff.
"""

from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from intake import own_session
from intake.actions import links
from intake.forms.link import OwnBirthDateForm
from intake.kiosk import is_kiosk
from intake.models import PrivateLink
from intake.models.link import MOST_WRONG_TRIES
from intake.questionnaire import CHOICES, Questionnaire
from intake.tokens import token_hash
from intake.views.steps import Way, answer_page, keep_draft
from smpclinic import audit, storage

NOT_FOUND = 404


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def private_link(request, token):
    """The address that the patient was given. Looking changes nothing; the date of birth opens the intake."""
    link = PrivateLink.objects.usable().select_related("patient").filter(token_sha256=token_hash(token)).first()
    if link is None:
        return closed(request)
    with translation.override(own_session.language_of(link.patient)):
        return _birth_date(request, link)


def closed(request):
    """One answer for every link that does not open: unknown, expired, closed, locked or done."""
    return _said(request, "own_closed", status=NOT_FOUND)


def hand_back(request):
    """The blank page at the end of a tablet's way: nothing of the patient."""
    return _said(request, "own_hand_back")


def _said(request, name: str, *, status: int = 200):
    """A page that names nobody, in the language of whoever was at it."""
    with translation.override(own_session.language_of_visitor(request)):
        return render(request, f"intake/{name}.html", status=status)


def _birth_date(request, link, *, again=False):
    form = OwnBirthDateForm(request.POST if request.method == "POST" and "born_on" in request.POST else None)
    if form.is_bound and form.is_valid():
        if not links.may_try(link):
            return closed(request)
        by = own_session.by_link(link.patient)
        if form.cleaned_data["born_on"] == link.patient.born_on:
            links.open_link(link=link, by=by)
            response = redirect("intake:own")
            own_session.keep(response, link)
            return response
        left = MOST_WRONG_TRIES - links.note_wrong_birth_date(link=link, by=by)
        if left <= 0:
            return closed(request)
        form.add_error("born_on", _wrong(left))
    return render(request, "intake/own_birth_date.html", {"form": form, "again": again})


def _wrong(left: int) -> str:
    return ngettext(
        "This is not the date that the clinic has. %(left)d try is left.",
        "This is not the date that the clinic has. %(left)d tries are left.",
        left,
    ) % {"left": left}


def own_page(view):
    """Open a page only with a session whose link still opens something, in the patient's language."""

    @login_not_required
    @wraps(view)
    def guarded(request, *args, **kwargs):
        session = own_session.read(request)
        if session is None:
            return hand_back(request) if is_kiosk(request) else closed(request)
        with translation.override(own_session.language_of(session.link.patient)):
            if session.is_idle:
                return _after_idling(request, session, kwargs.get("slug"))
            response = view(request, session, *args, **kwargs)
        if own_session.COOKIE not in response.cookies:
            on_consent = kwargs.get("slug") == CHOICES if "slug" in kwargs else session.is_on_consent
            own_session.keep(response, session.link, on_consent=on_consent)
        return response

    return guarded


def _after_idling(request, session, slug):
    """Keep what was typed as a draft, then end: the tablet is blank, at home the date of birth is asked again."""
    way = _way(session)
    asked = Questionnaire(session.link.intake, way.url_of)
    if request.method == "POST" and asked.has_questions(slug):
        keep_draft(request, asked, slug, way)
    if session.is_kiosk:
        links.revoke_link(link=session.link, by=session.by)
        return hand_back(request)
    return _birth_date(request, session.link, again=True)


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def own(request, session):
    """To the first page that was not answered yet."""
    asked = Questionnaire(session.link.intake)
    return redirect("intake:own_step", asked.first_open())


@require_http_methods(["GET", "POST"])
@own_page
def step(request, session, slug):
    way = _way(session)
    asked = Questionnaire(session.link.intake, way.url_of)
    if slug not in asked.titles:
        raise Http404
    patient = session.link.patient
    audit.note_read(request, patient=patient, what="own intake", subject_id=str(session.link.public_id), by=session.by)
    if "draft" in request.POST and asked.has_questions(slug):
        keep_draft(request, asked, slug, way)
        return HttpResponse(status=204)
    response = answer_page(request, asked, slug, way)
    if request.method == "POST" and response.get("Location") == way.leave_url:
        _leave(response, session)
    return response


@require_safe
@own_page
def photo(request, session, photo_id):
    """A photo that was taken for this intake, and no other of the patient."""
    found = get_object_or_404(session.link.intake.photos, public_id=photo_id)
    audit.note_read_or_refuse(
        request, patient=session.link.patient, what="own photo", subject_id=str(found.public_id), by=session.by
    )
    return HttpResponse(storage.read(found.file, sha256=found.sha256), content_type="image/jpeg")


def _way(session) -> Way:
    return Way(
        by=session.by,
        frame="intake/own_frame.html",
        url_of=lambda slug: reverse("intake:own_step", args=[slug]),
        leave_url=reverse("intake:own_saved"),
        done_url=reverse("intake:own_thanks"),
        photo_url_of=lambda photo: reverse("intake:own_photo", args=[photo.public_id]),
        is_own=True,
        is_kiosk=session.is_kiosk,
    )


def _leave(response, session):
    if session.is_kiosk:
        links.revoke_link(link=session.link, by=session.by)
    else:
        own_session.end(response)


@require_POST
@own_page
def still_here(request, session):
    """The tablet tells that somebody is there, or that nobody is any more."""
    response = HttpResponse(status=204)
    if "over" in request.POST:
        _leave(response, session)
    return response


@require_safe
@login_not_required
def saved(request):
    """What was answered is kept; the same link goes on with it."""
    return hand_back(request) if is_kiosk(request) else _said(request, "own_saved")


@require_safe
@login_not_required
def thanks(request):
    """Handed in. Says nothing of the patient, and can be left open."""
    return hand_back(request) if is_kiosk(request) else _said(request, "own_thanks")
