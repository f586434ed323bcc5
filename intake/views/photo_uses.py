"""Photos shown to others: only with the consent for it, each place written down, each taken down by name."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from intake.actions.photo_uses import end_photo_use, may_show_to_others, use_photo
from intake.forms.fields import add_refusal
from intake.forms.photo_use import PhotoUseForm
from intake.models import Patient, Photo, PhotoUse
from intake.withdrawal import may_show_photo
from smpclinic import audit, storage
from smpclinic.actors import staff
from smpclinic.roles import Permission, requires


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_HEALTH)
def uses(request, photo_id):
    photo = _visible(request, photo_id)
    form = PhotoUseForm(request.POST or None)
    if form.is_valid():
        try:
            use_photo(photo=photo, by=staff(request.user), **form.cleaned_data)
        except ValidationError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Written down. It is on the list of what to take down, should that be wished."))
            return redirect("intake:photo_uses", photo.public_id)
    audit.note_read(request, patient=photo.patient, what="uses of a photo", subject_id=str(photo.public_id))
    context = {
        "patient": photo.patient,
        "photo": photo,
        "form": form,
        "may": may_show_to_others(photo.patient),
        "uses": photo.uses.select_related("begun_by", "ended_by"),
    }
    return render(request, "intake/photo_uses.html", context)


@require_POST
@requires(Permission.SEE_HEALTH)
def end_use(request, photo_id, use_id):
    photo = _visible(request, photo_id)
    end_photo_use(use=get_object_or_404(PhotoUse, photo=photo, public_id=use_id), by=staff(request.user))
    messages.success(request, _("Taken down."))
    return redirect("intake:photo_uses", photo.public_id)


@require_GET
@requires(Permission.SEE_HEALTH)
def copy(request, photo_id):
    """A copy to show: no name in it or on it, and only while the consent for it is in force."""
    photo = _visible(request, photo_id)
    if not may_show_to_others(photo.patient) or not may_show_photo(photo):
        raise PermissionDenied
    audit.note_read_or_refuse(
        request, patient=photo.patient, what="photo copied for others", subject_id=str(photo.public_id)
    )
    content = storage.read(photo.file, sha256=photo.sha256)
    headers = {"Content-Disposition": f'attachment; filename="photo-{photo.public_id.hex[:8]}.jpg"'}
    return HttpResponse(content, content_type="image/jpeg", headers=headers)


def _visible(request, photo_id) -> Photo:
    visible = Photo.objects.filter(patient__in=Patient.objects.visible_to(request.user))
    return get_object_or_404(visible.select_related("patient"), public_id=photo_id)
