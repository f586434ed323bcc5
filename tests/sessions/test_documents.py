"""Every paper of the catalogue: made for a patient who has everything, in each language, tagged for screen readers."""

import io

import pikepdf
import pytest
import time_machine
from django.conf import settings
from django.urls import reverse
from pypdf import PdfReader

from intake.models import IssuedDocument, Photo
from sessions.documents.catalogue import DOCUMENTS, document_of, printable_by
from sessions.documents.document import NotYet, Reader
from sessions.documents.issuing import drawn, issue_document
from smpclinic import qr, storage
from smpclinic.actors import staff
from smpclinic.models import AccessEntry, AuditEntry
from smpclinic.roles import Role
from tests import make
from tests.paper import words_of
from tests.printed import NOW, Printed

pytestmark = pytest.mark.django_db
CODES = [document.code for document in DOCUMENTS]


@pytest.fixture
def files(settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path


@pytest.fixture
def world(files):
    return Printed()


@pytest.fixture
def patient(world):
    return world.patient


def paper(code, patient):
    with time_machine.travel(NOW, tick=False):
        return drawn(document_of(code), patient)


def desk_of(client, *roles):
    user = make.make_user(roles=roles)
    client.force_login(user)
    return client


# What each says


SAID = {
    "leaflet": ["Where hair loss comes from", "110,000", "Removal is a medical procedure", "Clínica Sol"],
    "blank_intake": ["Ana Quintero", "17 May 1990", "Hereditary", "keloid", "not sure", "Signature"],
    "consent_copies": ["Treatment", "I agree.", "Agreed by", "Ana Quintero", "(name typed)", "Dr Ruiz"],
    "appointment_card": ["Session 2 of 3", "Tuesday 23 January 2035, 10:00", "Session 3 of 3",
                              "Centre, Calle Sol 1 Madrid"],
    "before_session": ["Tuesday 23 January 2035, 10:00", "until about 11:00", "10:00 on Sunday 21 January 2035"],
    "blank_record": ["Session 2 of 3", "born 17 May 1990", "Last time: Session 1 of 3, 8 January 2035, Dr Ruiz",
                          "Frontal third", "3RL", "alcohol"],
    "ink_passport": ["8 January 2035", "INK7", "CI 77266, water, glycerin.", "Fine 0603", "N77", "1 Jan 2036"],
    "evidence": ["Contents", "Frontal third", "I agree.", "INK7", "The depth was 0.7 mm.", "Slip of the hand",
                      "After, Front", "Every sealed record was checked"],
}  # fmt: skip


def test_each_says_what_it_is_for(patient):
    words = {code: words_of(paper(code, patient)) for code in CODES}
    missing = {code: [each for each in SAID[code] if each not in words[code]] for code in CODES}
    assert {code: words for code, words in missing.items() if words} == {}


def test_the_intake_and_the_leaflet_are_printed_without_a_name_too(files, patient):
    for code in ("blank_intake", "leaflet"):
        assert "Quintero" not in words_of(paper(code, None))


def test_what_is_missing_is_said_in_words(files):
    nobody = make.make_patient()
    for document in DOCUMENTS:
        if document.code in ("leaflet", "blank_intake", "evidence"):
            continue
        with pytest.raises(NotYet) as missing:
            drawn(document, nobody)
        assert missing.value.messages[0].endswith(".")


def test_a_deleted_photo_is_said_in_its_place(patient):
    storage.PrivateStorage().delete(Photo.objects.get().file)
    assert "The file of this photo is missing or damaged." in words_of(paper("evidence", patient))


def test_a_consent_taken_back_is_not_copied_but_stays_in_the_evidence(patient):
    consent = patient.consents.get()
    consent.withdrawn_at = NOW
    consent.save()
    with pytest.raises(NotYet):
        paper("consent_copies", patient)
    assert "Taken back" in words_of(paper("evidence", patient))


def test_the_codes_say_nothing_of_health_and_no_name(patient, monkeypatch):
    coded = []
    make_code = qr.segno.make
    monkeypatch.setattr(qr.segno, "make", lambda words, **kwargs: coded.append(words) or make_code(words, **kwargs))
    paper("appointment_card", patient)
    assert coded[0].count("BEGIN:VEVENT") == 2
    assert "DTSTART:20350123T090000Z" in coded[0].replace("\r\n", "")
    assert not any(word in coded[0] for word in ("Quintero", "Session", "Treatment", "Touch"))


# Everybody can read it


# Each language once, one of them in large print on Letter paper: a render each is enough.
@pytest.mark.parametrize(("number", "language"), list(enumerate(dict(settings.LANGUAGES))))
def test_every_paper_is_tagged_titled_in_its_language_and_on_its_sheet(patient, number, language):
    sheet, large = ("letter", True) if number == 1 else ("A4", False)
    make.make_clinic(paper=sheet)
    patient.language, patient.large_print = language, large
    found = {}
    for code in CODES:
        content, is_theirs = paper(code, patient), document_of(code).reader is Reader.PATIENT
        found[code] = problems_with_access(content, language=language if is_theirs else "en")
        found[code] += problems_with_sheet(content, size=SIZES[sheet], large=large and is_theirs)
    assert {code: words for code, words in found.items() if words} == {}


LARGE_PX = 24  # 18 pt
SIZES = {"A4": (595, 842), "letter": (612, 792)}


def problems_with_sheet(content: bytes, *, size, large: bool) -> list[str]:
    """Another paper than the clinic's, a page without a word, small print for who asked for large."""
    reader, sizes, found = PdfReader(io.BytesIO(content)), set(), []
    for number, page in enumerate(reader.pages, 1):
        if (round(page.mediabox.width), round(page.mediabox.height)) != size:
            found.append(f"page {number} is {page.mediabox}")
        words = page.extract_text(
            visitor_text=lambda text, user, matrix, font, height: sizes.add(round(abs(height * matrix[0])))
        )
        if not words.strip():
            found.append(f"page {number} is empty")
    if large and LARGE_PX not in sizes:
        found.append(f"no large print among {sizes}")
    return found


def problems_with_access(content: bytes, *, language: str) -> list[str]:
    """What a screen reader would miss: tags, language, title, alternative words, headers of tables, bookmarks."""
    found = []
    with pikepdf.open(io.BytesIO(content)) as pdf:
        root = pdf.Root
        tags = list(walk(root.StructTreeRoot))
        kinds = [str(tag.get("/S", "")) for tag in tags]
        checks = {
            "not marked as tagged": bool(root.MarkInfo.Marked),
            f"language is {root.get('/Lang')}": str(root.Lang) == language,
            "no title": bool(str(pdf.docinfo.get("/Title", ""))),
            "title is not shown": bool(root.ViewerPreferences.DisplayDocTitle),
            "not one first heading": kinds.count("/H1") == 1,
            "no bookmark": "/Outlines" in root and int(root.Outlines.Count) > 0,
            "no PDF/UA mark": b"pdfuaid" in bytes(root.Metadata.read_bytes()),
        }
        found += [words for words, holds in checks.items() if not holds]
        found += ["figure without words" for tag in tags if tag.get("/S") == "/Figure" and not str(tag.get("/Alt", ""))]
        found += ["table without headers" for tag in tags if tag.get("/S") == "/Table" and not has_header(tag)]
    return found


def walk(node):
    """Every structure element below one, in the order it is read."""
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from walk(kid)


def has_header(table) -> bool:
    return any(tag.get("/S") == "/TH" for tag in walk(table))


def test_the_check_would_notice_a_paper_without_tags(patient):
    with pikepdf.open(io.BytesIO(paper("leaflet", patient))) as pdf:
        del pdf.Root.MarkInfo
        pdf.Root.MarkInfo = pikepdf.Dictionary(Marked=False)
        pdf.Root.Lang = "fr"
        broken = io.BytesIO()
        pdf.save(broken)
    assert problems_with_access(broken.getvalue(), language="en") == ["not marked as tagged", "language is fr"]


# Who, and what remains of it


def test_what_is_taken_home_is_kept_and_the_same_again(world, patient):
    document, by = document_of("ink_passport"), staff(world.doctor)
    first = issue_document(document=document, patient=patient, by=by)
    again = issue_document(document=document, patient=patient, by=by)
    assert first == again
    assert storage.read(first.file, sha256=first.sha256).startswith(b"%PDF")
    assert AuditEntry.objects.filter(verb="issued").count() == 1


def test_one_press_keeps_the_paper_and_shows_exactly_it(patient, client):
    desk = desk_of(client, Role.RECEPTION)
    answer = desk.post(reverse("sessions:issue_document", args=[patient.public_id, "consent_copies"]))
    row = IssuedDocument.objects.get(kind="consent_copies")
    assert answer.url == reverse("intake:document", args=[row.public_id])
    assert desk.get(answer.url).content == storage.read(row.file, sha256=row.sha256)


def test_reception_sees_no_record_and_no_evidence(patient, client):
    desk = desk_of(client, Role.RECEPTION)
    page = desk.get(reverse("sessions:documents", args=[patient.public_id])).content.decode()
    assert "Appointment card" in page
    assert "Evidence pack" not in page
    for code in ("blank_record", "evidence", "unknown"):
        assert desk.get(reverse("sessions:document_pdf", args=[patient.public_id, code])).status_code == 404


def test_each_paper_leaves_a_line_in_the_access_log(patient, client):
    desk = desk_of(client, Role.PRACTITIONER)
    desk.get(reverse("sessions:document_page", args=[patient.public_id, "blank_intake"]))
    assert AccessEntry.objects.filter(what="paper: blank_intake", patient_id=patient.public_id).count() == 1


def test_what_cannot_be_printed_yet_is_said_on_the_page_of_papers(files, client):
    nobody = make.make_patient()
    answer = desk_of(client, Role.RECEPTION).post(
        reverse("sessions:issue_document", args=[nobody.public_id, "before_session"])
    )
    assert answer.status_code == 409
    assert "Book one, then print this sheet." in answer.content.decode()


def test_a_practitioner_may_print_every_paper(patient):
    assert printable_by(make.make_practitioner()) == list(DOCUMENTS)
    assert printable_by(make.make_manager()) == []
