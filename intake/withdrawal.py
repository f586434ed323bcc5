"""What a withdrawn consent changes: told before it is done, and looked up wherever it matters afterwards."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from intake.actions.photo_uses import places_shown
from intake.actions.photos import may_keep_photos
from intake.models import Consent, ConsentKind, Patient, Photo

# A photo that belongs to a session documents a treatment; the sessions' own rows say so.
OF_A_SESSION = {"session_use__isnull": False}


def shown_photos(patient: Patient) -> QuerySet[Photo]:
    """The photos that may be shown: all with the consent in force, else only those that document a treatment."""
    photos = patient.photos.all()
    return photos if may_keep_photos(patient) else photos.filter(**OF_A_SESSION)


def may_show_photo(photo: Photo) -> bool:
    """Whether the bytes of one photo may be given out (two queries at most)."""
    return shown_photos(photo.patient).filter(pk=photo.pk).exists()


def effects_of(consent: Consent) -> list[str]:
    """What taking this consent back would change now, in words."""
    told = {
        ConsentKind.PRIVACY: _of_privacy,
        ConsentKind.PHOTOS_RECORD: _of_photos,
        ConsentKind.PHOTOS_MARKETING: _of_marketing,
        ConsentKind.MESSAGES: _of_messages,
        ConsentKind.TREATMENT: _of_treatment,
        ConsentKind.PATCH_TEST_DECLINED: _of_declined,
    }
    return told[ConsentKind(consent.kind)](consent)


def _of_privacy(consent: Consent) -> list[str]:
    return [_("We may not be able to treat without a record."), _("What must be kept by law stays.")]


def _of_photos(consent: Consent) -> list[str]:
    patient = consent.patient
    kept = patient.photos.filter(**OF_A_SESSION).count()
    hidden = patient.photos.count() - kept
    gone = ngettext("%(count)s photo is no longer shown.", "%(count)s photos are no longer shown.", hidden)
    stays = ngettext(
        "%(count)s photo that documents a treatment stays in the record of the session.",
        "%(count)s photos that document a treatment stay in the records of the sessions.",
        kept,
    )
    return [
        *([gone % {"count": hidden}] if hidden else []),
        *([stays % {"count": kept}] if kept else []),
        *([_("The portrait at the head of the record is taken off.")] if patient.photo_id else []),
        _("No new photos can be added."),
    ]


def _of_marketing(consent: Consent) -> list[str]:
    return [
        _("No photo may be shown to others from now on."),
        _take_down(places_shown(consent.patient)),
        _("An alert on the record says so, until somebody has done it and ends the alert."),
    ]


def _take_down(places: list[str]) -> str:
    if places:
        return _("Take the photos down where the clinic shows them: %(places)s.") % {"places": ", ".join(places)}
    return _("Take the photos down wherever the clinic shows them: website, leaflets, the consulting room.")


def _of_messages(consent: Consent) -> list[str]:
    return [_("E-mails that wait are not sent, and no reminder follows."), _("Call, or write a letter.")]


def _of_treatment(consent: Consent) -> list[str]:
    agreement = getattr(consent, "agreement", None)
    if agreement is None:
        return [_("Sessions cannot start until the patient agrees anew.")]
    words = _("Sessions of version %(number)s of the plan cannot start until the patient agrees anew.")
    return [words % {"number": agreement.plan_version.number}, _("Booked visits stay booked: call about them.")]


def _of_declined(consent: Consent) -> list[str]:
    return [_("A patch test is to be placed where one is wanted.")]
