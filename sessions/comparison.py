"""Two photos of one view of a head, side by side or under a slider, laid over one another where both are marked."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from intake.models import Patient, Photo
from intake.models.photo import VIEWS_OF_THE_HEAD
from intake.withdrawal import shown_photos
from sessions.alignment import Picture, laid_over
from sessions.models import SessionPhoto
from smpclinic.local_dates import date_format


@dataclass(frozen=True)
class Shown:
    """One photo of a pair. ``transform`` lays it over the first in an SVG of the first one's size."""

    photo: Photo
    url: str
    words: str
    marks_url: str
    is_marked: bool
    transform: str = ""


@dataclass(frozen=True)
class Pair:
    before: Shown
    after: Shown
    is_aligned: bool


def photos_by_view(patient: Patient) -> dict[str, list[Photo]]:
    """What may be shown of the head, by view, the oldest first (one query)."""
    photos = shown_photos(patient).exclude(view="portrait").select_related("session_use", "marks")
    found: dict[str, list[Photo]] = {view.value: [] for view in VIEWS_OF_THE_HEAD}
    for photo in photos.order_by("taken_at", "id"):
        found[photo.view].append(photo)
    return found


def chosen_pair(photos: Sequence[Photo], before, after) -> Pair | None:
    """The two photos asked for by their ids, else the first and the last; None where there are not two."""
    if len(photos) < 2:
        return None
    by_id = {photo.public_id: photo for photo in photos}
    later = by_id.get(after, photos[-1])
    earlier = by_id.get(before) or next(photo for photo in photos if photo is not later)
    return _pair(earlier, later)


def photo_words(photo: Photo) -> str:
    """A photo in one line: "After, 26 Nov 2026"."""
    use = getattr(photo, "session_use", None)
    moment = SessionPhoto.Moment(use.moment).label if use else photo.get_view_display()
    return f"{moment}, {date_format(photo.taken_at, 'j M Y')}"


def _pair(before: Photo, after: Photo) -> Pair:
    ground, laid = _picture(before), _picture(after)
    scale = f"scale({round(before.width_px / after.width_px, 5):.10g})"
    is_aligned = ground is not None and laid is not None
    transform = laid_over(ground, laid).svg if is_aligned else scale
    return Pair(_shown(before), _shown(after, transform), is_aligned)


def _shown(photo: Photo, transform: str = "") -> Shown:
    return Shown(
        photo=photo,
        url=reverse("intake:photo", args=[photo.public_id]),
        words=photo_words(photo),
        marks_url=reverse("sessions:marks", args=[photo.public_id]),
        is_marked=hasattr(photo, "marks"),
        transform=transform,
    )


def _picture(photo: Photo) -> Picture | None:
    marks = getattr(photo, "marks", None)
    if marks is None:
        return None
    first, second = (marks.first_x, marks.first_y), (marks.second_x, marks.second_y)
    return Picture(photo.width_px, photo.height_px, first, second)
