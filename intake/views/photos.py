"""Photos and issued papers: shown to those who may, each look noted, never by a public address."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from intake import actions
from intake.actions.photos import may_keep_photos
from intake.forms.fields import add_refusal
from intake.forms.photo import ASKED_AT_INTAKE, PhotoForm
from intake.models import IssuedDocument, Patient, Photo
from intake.views.finding import visible_patient
from intake.withdrawal import may_show_photo, shown_photos
from smpclinic import audit, storage
from smpclinic.actors import staff
from smpclinic.roles import Permission, requires


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_HEALTH)
def photos(request, patient_id):
    patient = visible_patient(request, patient_id)
    audit.note_read(request, patient=patient, what="photos")
    form = PhotoForm(request.POST, request.FILES) if request.method == "POST" else PhotoForm()
    if request.method == "POST" and form.is_valid() and _added(request, patient, form):
        return redirect("intake:photos", patient.public_id)
    rows = list(shown_photos(patient))
    views = [{"label": view.label, "photos": [row for row in rows if row.view == view]} for view in ASKED_AT_INTAKE]
    others = [row for row in rows if row.view not in ASKED_AT_INTAKE]
    context = {"patient": patient, "form": form, "views": views, "others": others, "may": may_keep_photos(patient)}
    context["hidden"] = patient.photos.count() - len(rows)
    return render(request, "intake/photos.html", context)


def _added(request, patient, form) -> bool:
    told = form.cleaned_data
    try:
        actions.add_photo(patient=patient, view=told["view"], upload=told["photo"], by=staff(request.user))
    except ValidationError as refusal:
        if hasattr(refusal, "error_dict") or refusal.code == "no_consent":
            add_refusal(form, refusal)
        else:
            form.add_error("photo", refusal)
        return False
    messages.success(request, _("The photo is kept."))
    return True


@require_GET
@requires(Permission.SEE_PATIENTS)
def photo(request, photo_id):
    """The bytes of a photo. Without the right to see health, only the portrait at the head of the record."""
    visible = Photo.objects.filter(patient__in=Patient.objects.visible_to(request.user)).select_related("patient")
    found = get_object_or_404(visible, public_id=photo_id)
    if not request.user.has(Permission.SEE_HEALTH) and found.patient.photo_id != found.pk:
        raise PermissionDenied
    if not may_show_photo(found):
        raise PermissionDenied
    audit.note_read_or_refuse(request, patient=found.patient, what="photo", subject_id=str(found.public_id))
    return _file(found, content_type="image/jpeg")


@require_GET
@requires(Permission.PRINT_PAPERS)
def document(request, document_id):
    """An issued paper, byte for byte as it was issued."""
    visible = IssuedDocument.objects.filter(patient__in=Patient.objects.visible_to(request.user))
    found = get_object_or_404(visible.select_related("patient"), public_id=document_id)
    audit.note_read_or_refuse(request, patient=found.patient, what="document", subject_id=str(found.public_id))
    answer = _file(found, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{slugify(found.title) or "paper"}.pdf"'
    return answer


def _file(found, *, content_type):
    """A damaged or missing file is a fault of the house and fails as one."""
    return HttpResponse(storage.read(found.file, sha256=found.sha256), content_type=content_type)
