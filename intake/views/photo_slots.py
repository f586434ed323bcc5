"""The five photos of an intake, a place for each view: what is there, and what was wrong with the file just sent."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from intake import actions
from intake.forms.photo import ASKED_AT_INTAKE, SlotForm
from intake.models import Photo
from smpclinic import limits

MOST_OF_A_LINK = (60, 24 * 60 * 60)  # photos, in seconds: nobody fills the disk through one link


@dataclass(frozen=True)
class Slot:
    """One view of the head. ``photo_url`` is empty where this reader may not see the photo."""

    view: str
    label: str
    picture: str
    photo: Photo | None = None
    photo_url: str = ""
    problems: tuple[str, ...] = ()


def slots_of(intake, way, *, refused=None) -> list[Slot]:
    """The places in the order they are asked, each with its newest photo (one query). ``refused`` is a form."""
    newest: dict[str, Photo] = {}
    for photo in intake.photos.order_by("-id"):
        newest.setdefault(photo.view, photo)
    return [_slot(view, newest.get(view), way, refused) for view in ASKED_AT_INTAKE]


def _slot(view, photo, way, refused) -> Slot:
    url = way.photo_url_of(photo) if photo else ""
    problems = _problems(refused) if refused is not None and refused.data.get("view") == view.value else ()
    return Slot(view.value, view.label, f"intake/silhouettes/{view.value}.svg", photo, url, problems)


def _problems(form) -> tuple[str, ...]:
    return tuple(str(error) for errors in form.errors.values() for error in errors)


def take_photo(request, intake, way) -> SlotForm:
    """Keep the photo that was sent; what was refused stands in the form."""
    form = SlotForm(request.POST, request.FILES)
    if not form.is_valid():
        return form
    if way.is_own and not limits.allow("own photos", str(intake.public_id), *MOST_OF_A_LINK):
        form.add_error(None, _("These are very many photos for one day. Please call the clinic."))
        return form
    told = form.cleaned_data
    try:
        actions.add_photo(patient=intake.patient, intake=intake, view=told["view"], upload=told["photo"], by=way.by)
    except ValidationError as refusal:
        form.add_error(None, refusal.messages)
    return form


def views_in_words(intake) -> str:
    """Which views there are, on one line; empty where there is none (one query)."""
    taken = set(intake.photos.values_list("view", flat=True))
    return ", ".join(str(view.label) for view in ASKED_AT_INTAKE if view in taken)
