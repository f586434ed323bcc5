"""Who a patient is: contact details, identity document, portrait, alerts; one page, each part saved by itself."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from intake import actions
from intake.actions.patients import ChangedMeanwhile, token_of
from intake.actions.photos import may_keep_photos
from intake.forms.fields import add_refusal
from intake.forms.patient import AlertForm, IdentityForm, PatientForm, PortraitForm
from intake.models import Patient, PatientAlert
from intake.views.finding import visible_patient
from smpclinic import audit
from smpclinic.actors import staff
from smpclinic.roles import Permission, requires

CLASH = 409
NO_PORTRAIT = "none"


@require_http_methods(["GET", "POST"])
@requires(Permission.REGISTER_PATIENTS)
def edit(request, patient_id):
    patient = visible_patient(request, patient_id)
    form = PatientForm(request.POST.copy() if request.method == "POST" else None, instance=patient)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_patient(
                patient=patient, by=staff(request.user), seen=form.cleaned_data["seen"], **form.details()
            )
        except ChangedMeanwhile as changed:
            form.add_error(
                None, [*changed.messages, _("Correct the form, or save once more to replace what is stored.")]
            )
            form.data["seen"], status = token_of(visible_patient(request, patient_id)), CLASH
        except ValidationError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect(patient)
    return _page(request, patient, status=status, form=form)


@require_POST
@requires(Permission.REGISTER_PATIENTS)
def identity(request, patient_id):
    """One press on the kind of document that was seen."""
    patient, form = visible_patient(request, patient_id), IdentityForm(request.POST)
    return _saved(
        request,
        patient,
        "identity_form",
        form,
        lambda told: actions.see_identity(patient=patient, kind=told["kind"], by=staff(request.user)),
    )


@require_POST
@requires(Permission.REGISTER_PATIENTS)
def portrait(request, patient_id):
    """A new portrait, or none any more."""
    patient, form = visible_patient(request, patient_id), PortraitForm(request.POST, request.FILES)
    by = staff(request.user)
    if request.POST.get("portrait") == NO_PORTRAIT:
        actions.choose_portrait(patient=patient, photo=None, by=by)
        return redirect("intake:edit", patient.public_id)
    return _saved(
        request,
        patient,
        "portrait_form",
        form,
        lambda told: actions.take_portrait(patient=patient, upload=told["portrait"], by=by),
    )


@require_POST
@requires(Permission.REGISTER_PATIENTS)
def raise_alert(request, patient_id):
    patient, form = visible_patient(request, patient_id), AlertForm(request.POST)
    return _saved(
        request,
        patient,
        "alert_form",
        form,
        lambda told: actions.raise_alert(patient=patient, words=told["words"], by=staff(request.user)),
    )


@require_POST
@requires(Permission.REGISTER_PATIENTS)
def end_alert(request, alert_id):
    visible = PatientAlert.objects.filter(patient__in=Patient.objects.visible_to(request.user))
    alert = get_object_or_404(visible.select_related("patient"), pk=alert_id)
    audit.note_read(request, patient=alert.patient, what="alert")
    actions.end_alert(alert=alert, by=staff(request.user))
    messages.success(request, _("The alert has ended. It stays in the history."))
    return redirect("intake:edit", alert.patient.public_id)


def _saved(request, patient, name, form, save):
    """Back to the page after saving, or the page with what was refused beside its field."""
    if form.is_valid():
        try:
            save(form.cleaned_data)
        except ValidationError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("intake:edit", patient.public_id)
    return _page(request, patient, **{name: form})


def _page(request, patient, *, status=200, **forms):
    audit.note_read(request, patient=patient, what="contact details")
    context = {
        "form": PatientForm(instance=patient),
        "identity_form": IdentityForm(),
        "portrait_form": PortraitForm(),
        "alert_form": AlertForm(),
    } | forms
    alerts = list(patient.alerts.select_related("raised_by", "ended_by"))
    context |= {
        "patient": patient,
        "standing_alerts": [alert for alert in alerts if alert.ended_at is None],
        "ended_alerts": [alert for alert in reversed(alerts) if alert.ended_at],
        "may_keep_photos": may_keep_photos(patient),
    }
    return render(request, "intake/edit.html", context, status=status)
