"""Record a choice, signed, with the exact text that was shown; withdraw one."""

import hashlib
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from intake.actions.alerts import raise_alert
from intake.actions.identity import choose_portrait
from intake.actions.photo_uses import places_shown
from intake.models import Consent, ConsentKind, Patient
from smpclinic import audit
from smpclinic.actors import Actor
from smpclinic.models import Text, User
from smpclinic.photos import clean_signature
from smpclinic.saving import save_checked

ALERT_CHARACTERS = 200  # of PatientAlert.words
TEXT_KEYS = {kind: f"consent.{kind}" for kind in ConsentKind}


def consent_text(kind: str, *, language: str) -> Text:
    """The clinic's wording in force for a kind of consent; a ``ValidationError`` in words where none is approved."""
    text = Text.objects.in_force(TEXT_KEYS[ConsentKind(kind)], language=language)
    if text is None:
        words = _("The clinic has no approved text for “%(kind)s”. Ask a manager to approve one.")
        raise ValidationError(words % {"kind": ConsentKind(kind).label})
    return text


@transaction.atomic
def give_consent(
    *,
    patient: Patient,
    kind: str,
    granted: bool,
    signed_name: str,
    by: Actor,
    witness: User | None = None,
    strokes: str | None = None,
    text: Text | None = None,
    exact_text: str | None = None,
) -> Consent:
    """Record a yes or a no to ``text`` (by default the wording in force), as it was shown: ``exact_text`` where it was
    filled in for this patient. ``strokes`` is what the signature pad sent; without it the typed name signs.

    The same choice to the same words, sent twice, is kept once. A newer choice of a kind stands in place of the former.
    """
    if text is None and exact_text is None:
        text = consent_text(kind, language=patient.language)
    shown = exact_text if exact_text is not None else text.body if text else ""
    if not shown.strip():
        raise ValidationError(_("There is no text to consent to."))
    digest = hashlib.sha256(shown.encode()).hexdigest()
    former = (
        patient.consents.select_for_update().in_force().filter(kind=kind).first()
        if kind in ConsentKind.values
        else None
    )
    if former and (former.granted, former.text_sha256, former.signed_name) == (granted, digest, signed_name.strip()):
        return former
    drawing, png = clean_signature(strokes) if strokes else (None, None)
    consent = Consent(
        patient=patient,
        kind=kind,
        granted=granted,
        text=text,
        exact_text=shown,
        text_sha256=digest,
        at=timezone.now(),
        witness=witness,
        signed_name=signed_name.strip(),
        signature_strokes=drawing,
        signature_png=png,
        **_acted(by),
    )
    save_checked(consent, exclude=["witness", "text", "actor_user"], force_insert=True)
    if not granted:
        _follow_refusal(patient, kind, was_given=bool(former and former.granted), by=by)
    audit.record(by=by, verb="consented" if granted else "refused", subject=consent, patient=patient, kind=kind)
    return consent


@transaction.atomic
def withdraw_consent(*, consent: Consent, note: str, by: Actor) -> Consent:
    """The patient takes a consent back, from now on; what was signed stays in the record. Twice is as once."""
    consent = Consent.objects.select_for_update().select_related("patient").get(pk=consent.pk)
    if consent.withdrawn_at:
        return consent
    if not consent.granted:
        raise ValidationError(_("Only a consent that was given can be withdrawn."))
    at = timezone.now()
    for row in _withdrawn_together(consent):
        row.withdrawn_at, row.withdrawn_note = at, note.strip()
        save_checked(row, exclude=["witness", "text", "actor_user"], update_fields=["withdrawn_at", "withdrawn_note"])
        audit.record(by=by, verb="withdrew", subject=row, patient=consent.patient, kind=row.kind)
    _follow_refusal(consent.patient, consent.kind, was_given=True, by=by)
    consent.refresh_from_db()
    return consent


def _follow_refusal(patient: Patient, kind: str, *, was_given: bool, by: Actor) -> None:
    """What a consent that is gone changes at once. Photos are hidden by who reads them, messages by who sends them."""
    if kind == ConsentKind.PHOTOS_RECORD and patient.photo_id:
        choose_portrait(patient=patient, photo=None, by=by)
    if kind == ConsentKind.PHOTOS_MARKETING and was_given:
        places = ", ".join(places_shown(patient))
        words = _("Photos: take down whatever is shown to others; consent taken back")
        raise_alert(patient=patient, words=f"{words} ({places})"[:ALERT_CHARACTERS] if places else words, by=by)


def _withdrawn_together(consent: Consent) -> list[Consent]:
    """An older yes of the same kind must not come to life again; each treatment consent is to a plan of its own."""
    if consent.kind == ConsentKind.TREATMENT:
        return [consent]
    return list(consent.patient.consents.in_force().filter(kind=consent.kind, granted=True))


def _acted(by: Actor) -> dict[str, Any]:
    return {"actor_kind": by.kind, "actor_user": by.user, "actor_label": by.label}
