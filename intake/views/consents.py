"""Consents: what was chosen, a new choice, a withdrawal."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from intake import actions
from intake.actions.consents import consent_text
from intake.forms.consent import ConsentsForm, WithdrawForm
from intake.forms.fields import add_refusal
from intake.models import Consent, ConsentKind, Patient
from intake.signature import drawn
from intake.views.finding import visible_patient
from intake.withdrawal import effects_of
from smpclinic import audit
from smpclinic.actors import staff
from smpclinic.roles import Permission, requires

AT_INTAKE = (ConsentKind.PRIVACY, ConsentKind.PHOTOS_RECORD, ConsentKind.PHOTOS_MARKETING, ConsentKind.MESSAGES)


def newest_by_kind(patient) -> dict[str, Consent]:
    """The choice that counts for each kind: the newest that was not withdrawn (one query)."""
    newest: dict[str, Consent] = {}
    for consent in patient.consents.in_force().select_related("witness", "text").defer("signature_png"):
        newest.setdefault(consent.kind, consent)
    return newest


def texts_to_ask(patient, *, refused_too=False):
    """The texts of the intake that have no choice yet, by kind, and the choices that stand.

    With ``refused_too`` a no can be thought over: it is asked again, and stands where nothing is chosen.
    """
    newest = newest_by_kind(patient)
    stands = [kind for kind in AT_INTAKE if kind in newest and (newest[kind].granted or not refused_too)]
    texts = {kind.value: consent_text(kind, language=patient.language) for kind in AT_INTAKE if kind not in stands}
    return texts, [newest[kind] for kind in stands]


def save_choices(form, patient, *, by, witness) -> bool:
    """Record every choice made, all or none; what is refused stands in the form."""
    if not form.is_valid():
        return False
    try:
        with transaction.atomic():
            for kind, granted in form.chosen().items():
                actions.give_consent(
                    patient=patient,
                    kind=kind,
                    granted=granted,
                    signed_name=form.cleaned_data["signed_name"],
                    strokes=form.cleaned_data["strokes"] or None,
                    text=form.texts[kind],
                    witness=witness,
                    by=by,
                )
    except ValidationError as refusal:
        add_refusal(form, refusal)
        return False
    return True


@require_GET
@requires(Permission.TAKE_INTAKE)
def consents(request, patient_id):
    patient = visible_patient(request, patient_id)
    audit.note_read(request, patient=patient, what="consents")
    newest = newest_by_kind(patient)
    history = patient.consents.select_related("witness").defer("signature_png", "exact_text")
    last: dict[str, Consent] = {}
    for each in history:  # the newest first
        last.setdefault(each.kind, each)
    rows = [
        {
            "kind": kind.value,
            "label": kind.label,
            "consent": newest.get(kind),
            "last": newest.get(kind) or last.get(kind),
        }
        for kind in AT_INTAKE
    ]
    others = [newest[kind] for kind in ConsentKind if kind in newest and kind not in AT_INTAKE]
    context = {"patient": patient, "rows": rows, "others": others, "history": history}
    return render(request, "intake/consents.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.TAKE_INTAKE)
def ask(request, patient_id, kind):
    """One text, as it is in force, with its choice and signature."""
    patient = visible_patient(request, patient_id)
    audit.note_read(request, patient=patient, what="consent text")
    try:
        text = consent_text(kind, language=patient.language)
    except ValidationError as refusal:
        return render(request, "intake/consent_closed.html", {"patient": patient, "reasons": refusal.messages})
    form = ConsentsForm(request.POST if request.method == "POST" else None, texts={kind: text})
    if request.method == "POST":
        if form.is_valid() and not form.chosen():
            form.add_error(kind, _("Choose one of the two."))
        if save_choices(form, patient, by=staff(request.user), witness=request.user):
            messages.success(request, _("The choice is recorded."))
            return redirect("intake:consents", patient.public_id)
    return render(request, "intake/consent_ask.html", {"patient": patient, "form": form, "text": text})


@require_http_methods(["GET", "POST"])
@requires(Permission.TAKE_INTAKE)
def consent(request, consent_id):
    """One consent exactly as it was signed; here it can be withdrawn."""
    visible = Consent.objects.filter(patient__in=Patient.objects.visible_to(request.user))
    found = get_object_or_404(visible.select_related("patient__photo", "witness", "text"), public_id=consent_id)
    audit.note_read(request, patient=found.patient, what="consent", subject_id=str(found.public_id))
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw_consent(consent=found, note=form.cleaned_data["note"], by=staff(request.user))
        except ValidationError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("The consent is withdrawn."))
            return redirect("intake:consents", found.patient.public_id)
    effects = effects_of(found) if found.granted and not found.withdrawn_at else []
    context = {"patient": found.patient, "consent": found, "form": form, "effects": effects}
    context["signature"] = drawn(found.signature_strokes) if found.signature_strokes else None
    return render(request, "intake/consent.html", context)
