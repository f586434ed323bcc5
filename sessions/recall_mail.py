"""The e-mail of a recall: discreet, and only to those who may be written to."""

import smtplib

from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext as _

from intake.messages import may_confirm
from intake.models import Patient
from sessions.actions.recalling import told_by_mail
from sessions.models import Recall, ToldBy
from smpclinic.actors import SYSTEM
from smpclinic.models import ClinicProfile
from smpclinic.outbox import GiveUp, Later


def send_mail_of_recall(*, recall_id: int, patient_id: int) -> None:
    """Nothing where the recall was lifted, or the patient was told, or may not be written to."""
    recall = Recall.objects.get(pk=recall_id)
    patient = Patient.objects.select_related("merged_into").get(pk=patient_id)
    patient = patient.merged_into or patient
    told = recall.tellings.filter(patient=patient).exclude(way=ToldBy.NOT_REACHED)
    if recall.is_lifted or told.exists() or not may_confirm(patient):
        return
    try:
        _mail(patient).send()
    except smtplib.SMTPRecipientsRefused as error:
        raise GiveUp("The mail server refused the address. Correct it, or call.") from error
    except (OSError, smtplib.SMTPException) as error:
        raise Later(f"The mail server did not take it ({type(error).__name__}).") from error
    told_by_mail(recall=recall, patient=patient, by=SYSTEM)


def _mail(patient: Patient) -> EmailMessage:
    """Nothing of a treatment, and the clinic's name only where the patient allows it: others may read along."""
    clinic = ClinicProfile.current()
    with translation.override(patient.language or clinic.language):
        parts = [
            _("Hello %(name)s,") % {"name": patient.called},
            _("we have something to tell you about an earlier appointment and would like to speak with you."),
            _("Please call %(phone)s.") % {"phone": clinic.phone} if clinic.phone else _("Please answer this e-mail."),
            clinic.name if patient.may_say_who_we_are else "",
        ]
        body = "\n\n".join(part for part in parts if part) + "\n"
        answer_to = [clinic.email] if clinic.email else None
        return EmailMessage(_("Please call us"), body, to=[patient.email], reply_to=answer_to)
