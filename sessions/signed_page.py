"""The locked record: what was signed, the seal, and what stands beside it."""

from django.utils import timezone
from django.utils.translation import gettext as _

from sessions.models import Amendment, TreatmentSession
from sessions.summary import summary_of
from smpclinic.local_dates import date_format
from smpclinic.roles import Permission

SEAL_SHOWN = 16


def signed_page(session: TreatmentSession, *, user) -> dict:
    """The context of a signed record."""
    amendments = list(session.amendments.order_by("at", "id"))
    void = next((row for row in amendments if row.kind == Amendment.Kind.VOID), None)
    return {
        "session": session,
        "visit": session.appointment,
        "patient": session.patient,
        "summary": summary_of(session),
        "amendments": [row for row in amendments if row.kind != Amendment.Kind.VOID],
        "void": void,
        "signed_words": signature_words(session),
        "seal": session.sealed.mac,
        "seal_short": " ".join(_fours(session.sealed.mac[:SEAL_SHOWN])),
        "events": session.adverse_events.all(),
        "documents": session.documents.select_related("document"),
        "may_amend": user.has(Permission.RECORD_SESSIONS),
        "may_print": user.has(Permission.PRINT_PAPERS),
    }


def signature_words(session: TreatmentSession) -> str:
    """Who signed and when: "Signed by Dr Lis on 26 November 2026 at 16:48"."""
    at = timezone.localtime(session.signed_at)
    words = {"name": session.signed_by, "day": date_format(at, "j F Y"), "time": f"{at:%H:%M}"}
    return _("Signed by %(name)s on %(day)s at %(time)s") % words


def _fours(text: str) -> list[str]:
    return [text[place : place + 4] for place in range(0, len(text), 4)]
