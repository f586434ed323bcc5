"""Healed photos of a signed session: kept in the record, collected by the step of the ladder."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from intake.actions.photos import may_keep_photos
from intake.forms.fields import add_refusal
from sessions.actions.pictures import add_healed_photo
from sessions.forms.healed import HealedForm
from sessions.models import SessionPhoto
from sessions.pictures import photos_of
from sessions.views.finding import is_whole, visible_session
from smpclinic import audit
from smpclinic.actors import staff
from smpclinic.roles import Permission, requires


@require_http_methods(["GET", "POST"])
@requires(Permission.RECORD_SESSIONS)
def healed(request, session_id):
    session = visible_session(request, session_id)
    zones = list(session.passes.values_list("zone", flat=True))
    form = HealedForm(request.POST or None, request.FILES or None, zones=zones)
    if is_whole(form) and _kept(request, session, form):
        return redirect("sessions:healed", session.public_id)
    audit.note_read(request, patient=session.patient, what="healed photos", subject_id=str(session.public_id))
    context = {
        "session": session,
        "visit": session.appointment,
        "patient": session.patient,
        "form": form,
        "photos": photos_of(session, SessionPhoto.Moment.HEALED),
        "may_photograph": may_keep_photos(session.patient),
    }
    return render(request, "sessions/healed.html", context)


def _kept(request, session, form) -> bool:
    told = form.cleaned_data
    try:
        add_healed_photo(
            session=session,
            zone=told["zone"],
            view=told["view"],
            upload=told["file"],
            shade_step=told["shade_step"],
            by=staff(request.user),
        )
    except ValidationError as refusal:
        if hasattr(refusal, "error_dict") or refusal.code == "no_consent":
            add_refusal(form, refusal)
        else:
            form.add_error("file", refusal)
        return False
    messages.success(request, _("The healed photo is kept, and shown beside its step of the ladder."))
    return True
