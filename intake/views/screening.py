"""The findings about one patient, and what staff does about each."""

from collections import Counter
from dataclasses import dataclass, replace

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from intake import actions, papers
from intake.clearance import ASKED_ANEW, LetterState, letter_state
from intake.findings import Judged, intake_in_force, judged_findings, letter_from
from intake.forms.fields import add_refusal
from intake.forms.screening import ClearForm, LetterForm, OverrideForm, ReceiveForm, RuleForm
from intake.models import DoctorLetter, Patient, ScreeningRule
from intake.screening import Kind, earliest_day
from intake.standing import by_weight
from intake.views.finding import visible_patient
from smpclinic import audit, storage
from smpclinic.actors import staff
from smpclinic.pdf import PdfFailed
from smpclinic.roles import Permission, requires

KEPT_SHOWN = 20


@dataclass(frozen=True)
class Row:
    """A standing finding with the forms that this user may use on it; a form that was refused is kept as typed."""

    judged: Judged
    clear: ClearForm | None = None
    override: OverrideForm | None = None
    request_letter: bool = False
    letter: DoctorLetter | None = None
    receive: ReceiveForm | None = None
    accept: bool = False
    is_overdue: bool = False
    asked_with: int = 0  # other letters asked for on the same paper, which have not come either


@require_http_methods(["GET", "POST"])
@requires(Permission.TAKE_INTAKE)
def screening(request, patient_id):
    patient = visible_patient(request, patient_id)
    audit.note_read(request, patient=patient, what="screening")
    form = _sent_form(request, patient)
    if form is not None and form.is_valid() and (done := _done(request, patient, form)):
        return done
    today = timezone.localdate()
    groups = by_weight(judged_findings(patient, on=today))
    rows = _rows(request, patient, groups.standing, form)
    context = {
        "patient": patient,
        "groups": groups,
        "rows": rows,
        "earliest": earliest_day([row.finding for row in (*groups.standing, *groups.owed)], on=today),
        "intake": intake_in_force(patient),
        "letters_needed": letters_needed(groups.standing),
        "to_ask": sum(row.request_letter or row.is_overdue for row in rows),
        "letters": _letters(patient),
        "kept": patient.kept_findings.all()[:KEPT_SHOWN],
        "refused": form if form is not None and not isinstance(form, OverrideForm | ClearForm | ReceiveForm) else None,
        "today": today,
    }
    return render(request, "intake/screening.html", context)


def _sent_form(request, patient):
    """The form that was sent, by the button pressed; None where nothing known was."""
    if request.method != "POST":
        return None
    for name, make in {"clear": ClearForm, "override": OverrideForm, "request": RuleForm}.items():
        if name in request.POST:
            return make(request.POST)
    for name, make in {"receive": ReceiveForm, "accept": LetterForm}.items():
        if name in request.POST:
            files = [request.FILES] if make is ReceiveForm else []
            return make(request.POST, *files, patient=patient)
    return None


def _done(request, patient, form) -> HttpResponse | None:
    """Where the press leads; None where it was refused."""
    by = staff(request.user)
    try:
        if type(form) is RuleForm:
            return _asked(request, patient, form.cleaned_data["rule"], by)
        _decide(patient, form, by)
    except ValidationError as refusal:
        add_refusal(form, refusal)
        return None
    messages.success(request, _("Saved."))
    return redirect("intake:screening", patient.public_id)


def _asked(request, patient, rule, by) -> HttpResponse:
    """Asked for and printed in one press: the paper itself is the answer. An empty ``rule`` is: everything needed."""
    codes = [rule] if rule else _all_to_ask(patient)
    letters = [actions.request_letter(patient=patient, rule=code, by=by) for code in codes]
    try:
        return redirect("intake:document", papers.issue_letter(letters, by=by).public_id)
    except (PdfFailed, ValidationError) as failure:
        words = failure.messages[0] if isinstance(failure, ValidationError) else str(failure)
        messages.warning(request, _("The letter is asked for, but was not printed. %(why)s") % {"why": words})
        return redirect("intake:screening", patient.public_id)


def letters_needed(judged) -> list[str]:
    """The rules for which a doctor's letter is still to be asked for or to come."""
    return list(
        dict.fromkeys(j.finding.code for j in judged if j.is_standing and j.finding.kind is Kind.DOCTORS_LETTER)
    )


def _all_to_ask(patient) -> list[str]:
    """The rules that one paper asks about: those not asked yet; pressed again when all were asked, all of them."""
    needed = letters_needed(judged_findings(patient, on=timezone.localdate()))
    letters = {letter.rule: letter for letter in patient.doctor_letters.order_by("requested_at")}
    return [code for code in needed if _is_to_ask(letters.get(code))] or needed


def _is_to_ask(letter: DoctorLetter | None) -> bool:
    """Whether nobody was asked, the answer settles nothing, or none came in time."""
    today = timezone.localdate()
    if letter is None or letter_state(letter_from(letter), on=today) in (LetterState.ACCEPTED, *ASKED_ANEW):
        return True
    return letter.received_at is None and letter.due_on is not None and letter.due_on < today


def _decide(patient, form, by):
    told = form.cleaned_data
    match form:
        case ClearForm():
            actions.clear_finding(patient=patient, rule=told["rule"], note=told["note"], by=by)
        case OverrideForm():
            actions.override_finding(patient=patient, rule=told["rule"], reason=told["reason"], by=by)
        case ReceiveForm():
            facts = {name: told[name] for name in ReceiveForm.FACTS} | {"scan": told["scan"] or None}
            actions.receive_letter(letter=told["letter"], by=by, **facts)
        case LetterForm():
            actions.accept_letter(letter=told["letter"], by=by)


@require_GET
@requires(Permission.PRINT_PAPERS)
def letter_page(request, letter_id):
    """The letter for the browser's own print, where no PDF can be made."""
    letter = _visible_letter(request, letter_id)
    audit.note_read(request, patient=letter.patient, what="letter to the doctor", subject_id=str(letter.public_id))
    try:
        context = papers.letter_context([letter])
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
        return redirect("intake:screening", letter.patient.public_id)
    return render(request, papers.LETTER_TEMPLATE, context)


@require_GET
@requires(Permission.ASSESS)
def letter_file(request, letter_id):
    """What the doctor answered, as a download: a stranger's PDF is not opened inside our pages."""
    letter = _visible_letter(request, letter_id)
    if not letter.file:
        raise Http404
    audit.note_read_or_refuse(request, patient=letter.patient, what="doctor's letter", subject_id=str(letter.public_id))
    content = storage.read(letter.file, sha256=letter.file_sha256)
    suffix = letter.file.rpartition(".")[2]
    name = f'attachment; filename="letter-{letter.patient.record_number}.{suffix}"'
    return HttpResponse(content, content_type=letter.media_type, headers={"Content-Disposition": name})


def _visible_letter(request, letter_id) -> DoctorLetter:
    visible = DoctorLetter.objects.filter(patient__in=Patient.objects.visible_to(request.user))
    return get_object_or_404(visible.select_related("patient", "request"), public_id=letter_id)


def _letters(patient):
    """Every letter with where it stands, the newest first."""
    today = timezone.localdate()
    titles = dict(ScreeningRule.objects.values_list("code", "title"))
    rows = patient.doctor_letters.select_related("request", "accepted_by").order_by("-requested_at")
    return [
        {"letter": row, "about": titles.get(row.rule, row.rule), "state": letter_state(letter_from(row), on=today)}
        for row in rows
    ]


def _rows(request, patient, standing, sent) -> list[Row]:
    letters = {}
    for letter in patient.doctor_letters.select_related("request").order_by("requested_at"):
        letters[letter.rule] = letter
    papers_awaited = Counter(each.request_id for each in letters.values() if not each.received_at)
    seen: set[str] = set()
    rows = []
    for judged in standing:
        code = judged.finding.code
        # An override speaks for all findings of a rule, so it is offered once.
        letter = letters.get(code)
        row = _row(request, patient, judged, letter, sent, offers_override=code not in seen)
        if letter is not None and letter.request_id and not letter.received_at:
            row = replace(row, asked_with=papers_awaited[letter.request_id] - 1)
        rows.append(row)
        seen.add(code)
    return rows


def _row(request, patient, judged, letter, sent, *, offers_override) -> Row:
    finding, may = judged.finding, request.user.has
    fields = {}
    if finding.kind is Kind.UNTIL_CLEARED and may(Permission.ASSESS):
        fields["clear"] = _form(ClearForm, finding.code, sent)
    if finding.overridable and offers_override and may(Permission.OVERRIDE_SCREENING):
        fields["override"] = _form(OverrideForm, finding.code, sent)
    if finding.kind is Kind.DOCTORS_LETTER:
        fields |= _letter_fields(patient, letter, sent, may_accept=may(Permission.ASSESS))
    return Row(judged, **fields)


def _form(kind, code, sent):
    if isinstance(sent, kind) and sent.data.get("rule") == code:
        return sent
    return kind(initial={"rule": code}, auto_id=f"id_{code}_%s")


def _letter_fields(patient, letter, sent, *, may_accept):
    state = letter_state(letter_from(letter), on=timezone.localdate()) if letter else None
    if letter is None or state in (LetterState.ACCEPTED, LetterState.EXPIRED):
        return {"request_letter": True}
    fields = {"letter": letter, "receive": _receive_form(patient, letter, sent)}
    if state is LetterState.NOT_NOW:
        return fields | {"request_letter": True}
    if state is LetterState.RECEIVED:
        return fields | {"accept": may_accept}
    return fields | {"is_overdue": letter.due_on is not None and letter.due_on < timezone.localdate()}


def _receive_form(patient, letter, sent):
    if isinstance(sent, ReceiveForm) and sent.data.get("letter") == str(letter.public_id):
        return sent
    known = ("doctor", "dated_on", "answer", "to_mind", "possible_from")
    initial = {"letter": letter.public_id} | {name: getattr(letter, name) for name in known}
    return ReceiveForm(patient=patient, initial=initial, auto_id=f"id_{letter.rule}_%s")
