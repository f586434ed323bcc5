"""The seven views of a head at one moment of a session: what is there, and the earlier photo to match it with."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from intake.models import Photo
from intake.models.photo import VIEWS_OF_THE_HEAD
from intake.withdrawal import shown_photos
from sessions.models import SessionPhoto, TreatmentSession
from smpclinic.local_dates import date_format

Moment = SessionPhoto.Moment
# Two of the seven come near: their drawing is that of the side they are taken from.
SEEN_AS = {"hairline": "front", "treated": "top"}


@dataclass(frozen=True)
class Place:
    """One view: its newest photo of this moment, and the newest earlier one as a ghost over the camera."""

    view: str
    label: str
    picture: str
    photo_url: str = ""
    photo_words: str = ""
    ghost_url: str = ""
    ghost_words: str = ""
    problems: tuple[str, ...] = ()


def places_of(
    session: TreatmentSession, moment: str, *, refused: tuple[str, tuple[str, ...]] = ("", ())
) -> list[Place]:
    """The seven places in their order (two queries). ``refused`` names a view and what was wrong with its photo."""
    newest: dict[str, Photo] = {}
    ghosts: dict[str, Photo] = {}
    of_moment = set(session.photos.filter(moment=moment).values_list("photo_id", flat=True))
    for photo in shown_photos(session.patient).select_related("session_use").order_by("-taken_at", "-id"):
        if photo.pk in of_moment:
            newest.setdefault(photo.view, photo)
        elif moment != Moment.BEFORE or not _is_of(photo, session):
            ghosts.setdefault(photo.view, photo)
    return [_place(view, newest.get(view), ghosts.get(view), refused) for view in VIEWS_OF_THE_HEAD]


def _is_of(photo: Photo, session: TreatmentSession) -> bool:
    use = getattr(photo, "session_use", None)
    return use is not None and use.session_id == session.pk


def _place(view, photo: Photo | None, ghost: Photo | None, refused) -> Place:
    return Place(
        view=view.value,
        label=str(view.label),
        picture=f"intake/silhouettes/{SEEN_AS.get(view.value, view.value)}.svg",
        photo_url=_url(photo),
        photo_words=_words(photo),
        ghost_url=_url(ghost),
        ghost_words=_words(ghost),
        problems=refused[1] if refused[0] == view.value else (),
    )


def _url(photo: Photo | None) -> str:
    return reverse("intake:photo", args=[photo.public_id]) if photo else ""


def _words(photo: Photo | None) -> str:
    if photo is None:
        return ""
    return _("%(view)s, %(day)s") % {"view": photo.get_view_display(), "day": date_format(photo.taken_at, "j M Y")}
