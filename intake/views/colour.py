"""The eyedropper: mark the grey card, the hair and the skin on a photo; keep what they are in neutral light."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import model_to_dict
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from intake import actions
from intake.colour_reading import read_colours
from intake.forms.colour import MARKS, MarkForm, written
from intake.models import Patient, Photo
from intake.models.assessment import ColourKnownBy
from intake.withdrawal import may_show_photo
from smpclinic import audit
from smpclinic.actors import staff
from smpclinic.roles import Permission, requires

SHOWN_PX = 320  # wide enough to hit, narrow enough for a phone; the page's script tells the real width
KEPT_FACTS = (
    "level",
    "calibre",
    "is_shaved",
    "length_mm",
    "grey_percent",
    "skin_type",
    "head_circumference_cm",
    "density_by_zone",
)


@require_http_methods(["GET", "POST"])
@requires(Permission.ASSESS)
def colour(request, photo_id):
    visible = Photo.objects.filter(patient__in=Patient.objects.visible_to(request.user)).select_related("patient")
    photo = get_object_or_404(visible, public_id=photo_id)
    if not may_show_photo(photo):
        raise PermissionDenied
    audit.note_read_or_refuse(request, patient=photo.patient, what="colour of a photo", subject_id=str(photo.public_id))
    told = request.POST if request.method == "POST" else request.GET or QueryDict("mark=card")
    form = MarkForm(told, width_px=photo.width_px, height_px=photo.height_px, shown_px=SHOWN_PX)
    places = form.places() if form.is_valid() else {}
    reading = read_colours(photo, places) if places else None
    if request.method == "POST" and reading and _kept(request, photo, reading):
        return redirect("intake:assess", photo.patient.public_id)
    context = {
        "patient": photo.patient,
        "photo": photo,
        "form": form,
        "reading": reading,
        "places": [_shown(name, label, places[name]) for name, label in MARKS if name in places],
        "marks": [_mark(place, photo) for place in places.values()],
        "shown_px": SHOWN_PX,
        "next": _next(places),
    }
    return render(request, "intake/colour.html", context)


def _next(places) -> str:
    return next((name for name, _label in MARKS if name not in places), "hair")


def _shown(name, label, place) -> dict:
    return {"name": name, "label": label, "at": written(place)}


def _mark(place, photo) -> dict:
    """Where a mark is drawn, in a box 1000 wide."""
    x, y = place
    return {"x": round(x * 1000), "y": round(y * 1000 * photo.height_px / photo.width_px)}


def _kept(request, photo, reading) -> bool:
    if reading.problems:
        return False
    newest = photo.patient.hair.first()
    known = model_to_dict(newest, KEPT_FACTS) if newest else {}
    measured = {
        "measured_colour": reading.hair or (newest.measured_colour if newest else ""),
        "measured_skin": reading.skin or (newest.measured_skin if newest else ""),
        "colour_known_by": ColourKnownBy.CARD,
        "colour_photo": photo,
    }
    try:
        actions.record_hair(patient=photo.patient, by=staff(request.user), **known, **measured)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return False
    messages.success(request, _("The measured colour is kept with the hair."))
    return True
