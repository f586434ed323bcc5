"""A signed record on paper: everything that was signed, what stands beside it, its seal and the head of the chain."""

from django.utils import timezone

from sessions.models import Amendment, TreatmentSession
from sessions.signed_page import signature_words
from sessions.summary import summary_of
from smpclinic import chain
from smpclinic.local_dates import date_format
from smpclinic.models import ClinicProfile, Installation

TEMPLATE = "pdf/record.html"


def record_paper(session: TreatmentSession) -> dict:
    """The context of the paper; the record must be signed."""
    amendments = list(session.amendments.order_by("at", "id"))
    return {
        "session": session,
        "visit": session.appointment,
        "patient": session.patient,
        "clinic": ClinicProfile.current(),
        "is_demo": Installation.objects.filter(mode="demo").exists(),
        "summary": summary_of(session),
        "signed_words": signature_words(session),
        "amendments": [row for row in amendments if row.kind != Amendment.Kind.VOID],
        "void": next((row for row in amendments if row.kind == Amendment.Kind.VOID), None),
        "photos": list(session.photos.select_related("photo").order_by("id")),
        "seal": session.sealed.content_hash,
        "chain_head": chain.head(),
        "printed_on": date_format(timezone.localtime(), "j F Y, H:i"),
    }
