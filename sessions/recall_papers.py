"""What a recall puts on paper and in files: the letters as one PDF, the list as CSV and XLSX."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from sessions.models import Recall
from sessions.recall import Touched
from smpclinic.local_dates import date_format
from smpclinic.marks import filled_by_paragraph
from smpclinic.models import ClinicProfile, Installation, Text
from smpclinic.pdf import render_pdf

TEMPLATE = "pdf/recall_letters.html"
TEXT = "letter.recall"
LETTERS_AT_ONCE = 60  # a longer paper would pass the limits of the renderer


def letters_pdf(recall: Recall, touched: Sequence[Touched]) -> bytes:
    """One letter a page to each of ``touched``, who all have an address, after a page for the desk.

    Raises ``PdfFailed`` in words where it cannot be drawn.
    """
    clinic = ClinicProfile.current()
    paper = {"letter": "Letter"}.get(clinic.paper, "A4")
    return render_pdf(TEMPLATE, letters_context(recall, touched), language=clinic.language or None, paper=paper)


def letters_context(recall: Recall, touched: Sequence[Touched]) -> dict:
    """What the paper shows, worked out beforehand; the letters each in the patient's language."""
    clinic = ClinicProfile.current()
    return {
        "recall": recall,
        "clinic": clinic,
        "is_demo": Installation.objects.filter(mode="demo").exists(),
        "letters": [_letter(recall, each, _text(each.patient.language)) for each in touched],
        "plain": [each.patient for each in touched if not each.patient.may_print_name_on_post],
        "printed_on": timezone.localdate(),
    }


def parts_of(touched: Sequence[Touched]) -> list[list[Touched]]:
    """Those who can be written to by post, in papers of a size that can be drawn."""
    reachable = [each for each in touched if each.patient.address.strip()]
    return [reachable[n : n + LETTERS_AT_ONCE] for n in range(0, len(reachable), LETTERS_AT_ONCE)]


def table_of(touched: Sequence[Touched]) -> tuple[list[str], list[list[object]]]:
    """The list as a table: its heads, and one row for each use."""
    heads = [
        *(_("Record number"), _("Name"), _("Born"), _("Phone"), _("May leave a message"), _("E-mail"), _("Address")),
        *(_("Day"), _("What"), _("Record"), _("Lots"), _("Told")),
    ]
    return heads, [_row(each, use) for each in touched for use in each.uses]


def _row(each: Touched, use) -> list[object]:
    patient = each.patient
    told = "; ".join(told_words(telling) for telling in each.tellings)
    return [
        patient.record_number,
        patient.full_name,
        patient.born_on.isoformat() if patient.born_on else "",
        patient.phone,
        _("yes") if patient.may_leave_message else _("no"),
        patient.email,
        patient.address,
        use.day.isoformat(),
        use.what,
        use.state or _("stands"),
        ", ".join(use.lots),
        told,
    ]


def told_words(telling) -> str:
    """Who told them, how and when: "Phone, 3 May 2026, 14:30, Dr Navarro: calls back"."""
    when = date_format(timezone.localtime(telling.at), "j M Y, H:i")
    words = f"{telling.get_way_display()}, {when}, {telling.actor_label}"
    return f"{words}: {telling.note}" if telling.note else words


def _letter(recall: Recall, each: Touched, text: Text) -> dict:
    with override(each.patient.language):
        uses = [f"{date_format(use.day, 'j F Y')}: {', '.join(use.lots)}" for use in each.uses]
        written_on = date_format(timezone.localdate(), "j F Y")
    clinic = ClinicProfile.current()
    words = filled_by_paragraph(text.body, {"clinic": clinic.name, "phone": clinic.phone})
    return {"patient": each.patient, "uses": uses, "title": text.title, "words": words, "written_on": written_on}


def _text(language: str) -> Text:
    text = Text.objects.in_force(TEXT, language=language)
    if text is None:
        raise ValidationError(_("The clinic has no approved text for this letter. Ask a manager to approve one."))
    return text
