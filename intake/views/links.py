"""Reception gives the patient a way to fill in the intake alone: a mail, a QR code, or the tablet."""

from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from intake import actions, own_session, shown_token
from intake.actions import links as link_actions
from intake.forms.fields import add_refusal
from intake.forms.link import LinkForm
from intake.links import link_rows
from intake.models import Patient, PrivateLink
from intake.models.link import LinkChannel
from intake.models.questionnaire import OPEN, IntakeState
from intake.tokens import in_groups
from intake.views.finding import visible_patient
from smpclinic import audit
from smpclinic.actors import staff
from smpclinic.public_address import public_url
from smpclinic.qr import qr_drawing
from smpclinic.roles import Permission, requires


def intake_context(patient, form=None):
    """What the page of a patient's intakes shows."""
    intakes = list(patient.intakes.select_related("reviewed_by"))
    return {
        "patient": patient,
        "intakes": intakes,
        "going": next((one for one in intakes if one.state in OPEN), None),
        "waiting": next((one for one in intakes if one.state == IntakeState.SUBMITTED), None),
        "form": form or LinkForm(patient=patient),
        "no_links": "" if public_url() else link_actions.problems_with_link(patient, LinkChannel.QR)[0],
        "links": link_rows(patient),
    }


@require_POST
@requires(Permission.TAKE_INTAKE)
def send_link(request, patient_id):
    """Queue the mail, or lead to the page that shows the code."""
    patient = visible_patient(request, patient_id)
    form = LinkForm(request.POST, patient=patient)
    if form.is_valid():
        try:
            return _sent(request, patient, form)
        except ValidationError as refusal:
            add_refusal(form, refusal)
    audit.note_read(request, patient=patient, what="intakes")
    return render(request, "intake/intake.html", intake_context(patient, form))


def _sent(request, patient, form):
    by = staff(request.user)
    if details := form.details():
        patient = actions.edit_patient(patient=patient, by=by, **details)
    intake = actions.start_intake(patient=patient, by=by)
    channel = form.cleaned_data["channel"]
    link = link_actions.offer_link(intake=intake, channel=channel, by=by)
    if channel == LinkChannel.EMAIL:
        messages.success(request, _("The link goes to %(address)s within a minute.") % {"address": patient.email})
        return redirect("intake:intake", patient.public_id)
    token = link_actions.mint_token(link=link, by=by)
    link_actions.note_sent(link=link, by=by)
    response = redirect("intake:link_code", link.public_id)
    shown_token.keep(response, link, token)
    return response


@require_GET
@requires(Permission.TAKE_INTAKE)
def link_code(request, link_id):
    """The code of a link just made, in the browser that made it; the page may be loaded again, nothing is made anew."""
    link = _visible_link(request, link_id)
    token = shown_token.read(request, link) if link.is_live else ""
    if not token:
        messages.info(request, _("That code is not shown any more. Make a new one where it is still needed."))
        return redirect("intake:intake", link.patient.public_id)
    audit.note_read(request, patient=link.patient, what="private link", subject_id=str(link.public_id))
    address = f"{public_url()}/i/{in_groups(token)}/"
    context = {"patient": link.patient, "link": link, "address": address, "code": qr_drawing(address)}
    return render(request, "intake/link_qr.html", context)


@require_POST
@requires(Permission.TAKE_INTAKE)
def close_link(request, link_id):
    link = _visible_link(request, link_id)
    link_actions.revoke_link(link=link, by=staff(request.user))
    messages.success(request, _("That link opens nothing any more."))
    return redirect("intake:intake", link.patient.public_id)


@require_POST
@requires(Permission.TAKE_INTAKE)
def kiosk(request, patient_id):
    """Hand the tablet over: the sign-in of staff ends in this browser before the first page is shown."""
    patient = visible_patient(request, patient_id)
    by = staff(request.user)
    intake = actions.start_intake(patient=patient, by=by)
    link = link_actions.start_kiosk(intake=intake, by=by)
    logout(request)
    response = redirect("intake:own")
    own_session.keep(response, link)
    return response


def _visible_link(request, link_id):
    visible = PrivateLink.objects.filter(patient__in=Patient.objects.visible_to(request.user))
    return get_object_or_404(visible.select_related("patient"), public_id=link_id)
