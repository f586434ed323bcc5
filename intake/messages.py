"""May the clinic write to this patient? The consent to messages decides, and each message says what it needs."""

from intake.models import ConsentKind, Patient


def may_confirm(patient: Patient) -> bool:
    """Whether a booking may be confirmed by e-mail: an answer to the person who asked for it, unless messages were
    refused or the consent was taken back (one query)."""
    return bool(patient.email) and not refuses_messages(patient)


def may_remind(patient: Patient) -> bool:
    """Whether the patient may be reminded by e-mail: only with the consent to messages in force (one query)."""
    return bool(patient.email) and _decision(patient) is True


def refuses_messages(patient: Patient) -> bool:
    """Whether messages were refused or the consent was taken back; nobody having asked is no refusal (one query)."""
    return _decision(patient) is False


def _decision(patient: Patient) -> bool | None:
    """The newest decision about messages: given, refused or taken back; None while nobody asked."""
    newest = patient.consents.filter(kind=ConsentKind.MESSAGES).order_by("-at", "-id").first()
    return None if newest is None else bool(newest.granted and newest.withdrawn_at is None)
