"""Every paper about one patient that is printed from the documents page, in the order of a treatment."""

from django.utils.translation import gettext_lazy as _

from sessions.documents import blanks, evidence, leaflet, signed, visits
from sessions.documents.document import Document, Reader
from smpclinic.roles import Permission

DOCUMENTS = (
    Document(
        code="leaflet",
        name=_("Information leaflet"),
        text=_("What the treatment is, for whom, causes, how it is done, risks. To read at home before deciding."),
        template="pdf/leaflet.html",
        build=leaflet.leaflet_of,
        icon="book-open",
        patient_needed=False,
    ),
    Document(
        code="blank_intake",
        name=_("Questions to fill in"),
        text=_("The whole intake for a pen: for who prefers paper, and for a power cut."),
        template="pdf/blank_intake.html",
        build=blanks.blank_intake_of,
        icon="clipboard-list",
        patient_needed=False,
    ),
    Document(
        code="consent_copies",
        name=_("Copies of consents"),
        text=_("What the patient signed and has not taken back, each with its text and signature."),
        template="pdf/consent_copies.html",
        build=signed.consent_copies_of,
        icon="file-signature",
        is_kept=True,
    ),
    Document(
        code="appointment_card",
        name=_("Appointment card"),
        text=_("Every visit ahead, with a code that puts them into the phone's calendar."),
        template="pdf/appointment_card.html",
        build=visits.card_of,
        icon="calendar-check",
        is_kept=True,
    ),
    Document(
        code="before_session",
        name=_("Before your session"),
        text=_("How to prepare for the next session, with its real date and time."),
        template="pdf/before_session.html",
        build=visits.next_session_of,
        icon="list-checks",
        is_kept=True,
    ),
    Document(
        code="blank_record",
        name=_("Session record to fill in"),
        text=_("Today's or the next session for a pen, with the plan and the values of last time."),
        template="pdf/blank_record.html",
        build=blanks.next_record_of,
        icon="pen-line",
        reader=Reader.STAFF,
        permission=Permission.SEE_HEALTH,
    ),
    Document(
        code="ink_passport",
        name=_("Ink passport"),
        text=_("Every pigment by lot, with what its label says, for doctors and other clinics."),
        template="pdf/ink_passport.html",
        build=signed.ink_passport_of,
        icon="droplet",
        is_kept=True,
    ),
    Document(
        code="evidence",
        name=_("Evidence pack"),
        text=_("Plans, consents, records, photos and the trail in one paper with contents."),
        template="pdf/evidence.html",
        build=evidence.evidence_of,
        icon="scale",
        reader=Reader.STAFF,
        permission=Permission.EXPORT_PATIENT,
    ),
)


def document_of(code: str) -> Document | None:
    """The paper with this code; None where there is none."""
    return next((document for document in DOCUMENTS if document.code == code), None)


def printable_by(user) -> list[Document]:
    """The papers about a patient that ``user`` may print."""
    return [document for document in DOCUMENTS if user.has(Permission.PRINT_PAPERS) and user.has(document.permission)]
