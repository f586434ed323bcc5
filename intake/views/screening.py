"""The findings about one patient, and what staff does about each."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from intake import actions
from intake.clearance import LetterState, letter_state
from intake.findings import Judged, intake_in_force, judged_findings, letter_from
from intake.forms.fields import add_refusal
from intake.forms.screening import ClearForm, LetterForm, OverrideForm, ReceiveForm, RuleForm
from intake.models import DoctorLetter
from intake.screening import Kind, earliest_day
from intake.standing import by_weight
from intake.views.finding import visible_patient
from smpclinic import audit
from smpclinic.actors import staff
from smpclinic.roles import Permission, requires


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


@require_http_methods(["GET", "POST"])
@requires(Permission.TAKE_INTAKE)
def screening(request, patient_id):
    patient = visible_patient(request, patient_id)
    audit.note_read(request, patient=patient, what="screening")
    form = _sent_form(request, patient)
    if form is not None and form.is_valid() and _done(request, patient, form):
        return redirect("intake:screening", patient.public_id)
    today = timezone.localdate()
    groups = by_weight(judged_findings(patient, on=today))
    context = {
        "patient": patient,
        "groups": groups,
        "rows": _rows(request, patient, groups.standing, form),
        "earliest": earliest_day([row.finding for row in (*groups.standing, *groups.owed)], on=today),
        "intake": intake_in_force(patient),
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
            return make(request.POST, patient=patient)
    return None


def _done(request, patient, form) -> bool:
    try:
        _decide(patient, form, staff(request.user))
    except ValidationError as refusal:
        add_refusal(form, refusal)
        return False
    messages.success(request, _("Saved."))
    return True


def _decide(patient, form, by):
    told = form.cleaned_data
    match form:
        case ClearForm():
            actions.clear_finding(patient=patient, rule=told["rule"], note=told["note"], by=by)
        case OverrideForm():
            actions.override_finding(patient=patient, rule=told["rule"], reason=told["reason"], by=by)
        case RuleForm():
            actions.request_letter(patient=patient, rule=told["rule"], by=by)
        case ReceiveForm():
            actions.receive_letter(letter=told["letter"], doctor=told["doctor"], dated_on=told["dated_on"], by=by)
        case LetterForm():
            actions.accept_letter(letter=told["letter"], by=by)


def _rows(request, patient, standing, sent) -> list[Row]:
    letters = {}
    for letter in patient.doctor_letters.order_by("requested_at"):
        letters[letter.rule] = letter
    seen: set[str] = set()
    rows = []
    for judged in standing:
        code = judged.finding.code
        # An override speaks for all findings of a rule, so it is offered once.
        rows.append(_row(request, patient, judged, letters.get(code), sent, offers_override=code not in seen))
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
    if state is LetterState.RECEIVED:
        return {"letter": letter, "accept": may_accept}
    if isinstance(sent, ReceiveForm) and sent.data.get("letter") == str(letter.public_id):
        return {"letter": letter, "receive": sent}
    initial = {"letter": letter.public_id, "doctor": letter.doctor}
    return {"letter": letter, "receive": ReceiveForm(patient=patient, initial=initial, auto_id=f"id_{letter.rule}_%s")}
