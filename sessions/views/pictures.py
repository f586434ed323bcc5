"""Photos of a session by their seven views, sent whole or in pieces; two of them compared, aligned by two marks."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from intake.actions.photos import may_keep_photos
from intake.models import Patient, Photo
from intake.views.finding import visible_patient
from intake.withdrawal import may_show_photo
from sessions import actions
from sessions.actions.marks import mark_photo
from sessions.actions.uploads import WrongOffset, add_piece, begin_upload
from sessions.comparison import chosen_pair, photo_words, photos_by_view
from sessions.forms.pictures import SLIDER, VIEWS, CompareForm, MarksForm, OffsetForm, UploadForm, ViewPhotoForm
from sessions.models import PhotoUpload, SessionPhoto
from sessions.seven_views import places_of
from sessions.views.finding import visible_session
from smpclinic import audit
from smpclinic.actors import staff
from smpclinic.roles import Permission, requires

MOST_OF_A_PIECE_BYTES = 1024 * 1024
WRONG, ELSEWHERE, TOO_LARGE, REFUSED = 400, 409, 413, 422


@require_http_methods(["GET", "POST"])
@requires(Permission.RECORD_SESSIONS)
def views(request, session_id, moment):
    """The seven places of one moment; without scripts each takes its photo as an ordinary form."""
    session, refused = visible_session(request, session_id), ("", ())
    if request.method == "POST":
        problems = _problems_with_keeping(request, session, moment)
        if not problems:
            messages.success(request, _("The photo is in the record."))
            return redirect("sessions:views", session.public_id, moment)
        refused = (request.POST.get("view", ""), problems)
    audit.note_read(request, patient=session.patient, what="photos of a session", subject_id=str(session.public_id))
    return render(request, "sessions/views.html", _views_context(session, moment, refused))


def _problems_with_keeping(request, session, moment) -> tuple[str, ...]:
    """Keep the photo that was sent; what was wrong with it, in words, else nothing."""
    form = ViewPhotoForm(request.POST, request.FILES)
    if not form.is_valid():
        return tuple(str(each) for row in form.errors.values() for each in row)
    told = {"view": form.cleaned_data["view"], "upload": form.cleaned_data["file"]}
    try:
        actions.add_session_photo(session=session, moment=moment, by=staff(request.user), **told)
    except ValidationError as refusal:
        return tuple(refusal.messages)
    return ()


def _views_context(session, moment, refused):
    places = places_of(session, moment, refused=refused)
    return {
        "session": session,
        "visit": session.appointment,
        "patient": session.patient,
        "places": places,
        "moment": moment,
        "moment_words": SessionPhoto.Moment(moment).label,
        "taken": sum(bool(place.photo_url) for place in places),
        "may_photograph": may_keep_photos(session.patient),
        "may_add": moment == SessionPhoto.Moment.HEALED or not session.is_signed,
        "elsewhere": refused[1] if refused[1] and refused[0] not in dict(VIEWS) else (),
        "moments": [
            {"label": one.label, "url": reverse("sessions:views", args=[session.public_id, one.value]),
             "current": one.value == moment}
            for one in SessionPhoto.Moment
        ],
    }  # fmt: skip


@require_POST
@requires(Permission.RECORD_SESSIONS)
def upload(request, session_id):
    """Begin to send a photo, or go on with one: answers how much of it has arrived."""
    session, form = visible_session(request, session_id), UploadForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"problem": _("The photo was announced wrongly. Load the page again.")}, status=WRONG)
    try:
        row = begin_upload(session=session, by=staff(request.user), **form.cleaned_data)
    except ValidationError as refusal:
        return JsonResponse({"problem": " ".join(refusal.messages)}, status=REFUSED)
    return _state(row)


@require_POST
@requires(Permission.RECORD_SESSIONS)
def piece(request, session_id, upload_id):
    """One piece, as the body of the request; ``offset`` in the address says where it belongs."""
    session, form = visible_session(request, session_id), OffsetForm(request.GET)
    row, content = get_object_or_404(PhotoUpload, session=session, public_id=upload_id), request.body
    if row.begun_by_id != request.user.pk:
        return JsonResponse({"problem": _("Somebody else is sending this photo.")}, status=ELSEWHERE)
    if not form.is_valid():
        return JsonResponse({"problem": _("That piece cannot be taken.")}, status=WRONG)
    if len(content) > MOST_OF_A_PIECE_BYTES:
        return JsonResponse({"problem": _("That piece is too large.")}, status=TOO_LARGE)
    try:
        row = add_piece(upload=row, offset=form.cleaned_data["offset"], piece=content, by=staff(request.user))
    except WrongOffset as wrong:
        return JsonResponse({"received": wrong.received_bytes}, status=ELSEWHERE)
    except ValidationError as refusal:
        return JsonResponse({"problem": " ".join(refusal.messages)}, status=REFUSED)
    return _state(row)


def _state(row):
    page = reverse("sessions:piece", args=[row.session.public_id, row.public_id])
    return JsonResponse({"url": page, "received": row.received_bytes, "done": row.photo_id is not None})


@require_GET
@requires(Permission.SEE_HEALTH)
def compare(request, patient_id):
    """Before and after of one view; which, stands in the address."""
    patient, form = visible_patient(request, patient_id), CompareForm(request.GET)
    by_view = photos_by_view(patient)
    view = form.told("view") or next((view for view, photos in by_view.items() if len(photos) > 1), "front")
    pair = chosen_pair(by_view[view], form.told("before"), form.told("after"))
    audit.note_read(request, patient=patient, what="photos compared")
    context = {
        "patient": patient,
        "pair": pair,
        "view": view,
        "is_slider": form.told("shown") == SLIDER,
        "views": [
            {"label": label, "url": f"?view={code}", "current": code == view, "count": len(by_view[code])}
            for code, label in VIEWS
        ],
        "choices": [(photo.public_id, photo_words(photo)) for photo in by_view[view]],
    }
    return render(request, "sessions/compare.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.RECORD_SESSIONS)
def marks(request, photo_id):
    """Two places of a photo, pointed at or typed."""
    visible = Photo.objects.filter(patient__in=Patient.objects.visible_to(request.user))
    photo = get_object_or_404(visible.select_related("patient", "marks"), public_id=photo_id)
    if not may_show_photo(photo):
        raise PermissionDenied
    form = MarksForm(request.POST or None, initial=_marked(photo))
    if form.is_valid():
        try:
            first, second = form.points()
            mark_photo(photo=photo, first=first, second=second, by=staff(request.user))
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        else:
            messages.success(request, _("The marks are kept: photos of this view with marks lie over one another."))
            return redirect(f"{reverse('sessions:compare', args=[photo.patient.public_id])}?view={photo.view}")
    audit.note_read(request, patient=photo.patient, what="marks of a photo", subject_id=str(photo.public_id))
    context = {"patient": photo.patient, "photo": photo, "form": form, "words": photo_words(photo)}
    return render(request, "sessions/marks.html", context)


def _marked(photo) -> dict:
    marks = getattr(photo, "marks", None)
    if marks is None:
        return {"first_x": 20, "first_y": 50, "second_x": 80, "second_y": 50}
    return {name: getattr(marks, name) / 10 for name in ("first_x", "first_y", "second_x", "second_y")}
