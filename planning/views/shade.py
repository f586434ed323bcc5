"""Pictures that help to choose a shade: the drawn preview, and healed photos without the name of whose they are."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from planning.forms.preview import PreviewForm
from planning.models import HealedPhoto
from planning.shade_preview import preview_jpeg
from smpclinic import audit, storage
from smpclinic.limited.client import JobFailed
from smpclinic.roles import Permission, requires


@require_GET
@requires(Permission.SEE_HEALTH)
def shade_preview(request):
    """Nothing of a patient is in it: colours and a density."""
    form = PreviewForm(request.GET)
    if not form.is_valid():
        raise Http404
    try:
        jpeg = preview_jpeg(**form.figures())
    except JobFailed as failure:
        return HttpResponse(str(failure), status=503, content_type="text/plain")
    return HttpResponse(jpeg, content_type="image/jpeg")


@require_GET
@requires(Permission.PLAN_TREATMENT)
def healed_photo(request, healed_id):
    """The bytes of a healed photo while its patient's consent is in force; whose it is stands in the access log.

    For staff alone: a screen turned to a patient does not reach this address.
    """
    rows = HealedPhoto.objects.for_staff().select_related("photo__patient")
    found = get_object_or_404(rows, public_id=healed_id)
    audit.note_read_or_refuse(
        request, patient=found.photo.patient, what="healed photo", subject_id=str(found.public_id)
    )
    return HttpResponse(storage.read(found.photo.file, sha256=found.photo.sha256), content_type="image/jpeg")
