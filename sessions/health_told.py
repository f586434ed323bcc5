"""The health answers that stand in the record, as they are read aloud before a session."""

from datetime import date

from django.utils.translation import gettext as _

from intake.findings import answers_of, intake_in_force
from intake.models import Patient
from intake.rules import intake_rules
from intake.screening import Reply
from smpclinic.local_dates import date_format


def answers_told(patient: Patient, *, on: date) -> dict:
    """``said_yes``: the questions answered with yes or "not sure", with their details; ``noes``: how many with no.

    ``taken_on`` is the day of the answers, ``url_intake`` needs the patient alone. Empty where no intake was taken.
    """
    intake = intake_in_force(patient)
    version = intake.latest() if intake else None
    if version is None:
        return {}
    answers = answers_of(version, on=on)
    told = [(rule, answers[rule.code]) for rule in intake_rules() if rule.code in answers]
    return {
        "said_yes": [_in_words(rule, answer) for rule, answer in told if answer.reply is not Reply.NO],
        "noes": sum(answer.reply is Reply.NO for _rule, answer in told),
        "taken_on": version.at,
    }


def _in_words(rule, answer) -> dict:
    details = [answer.words]
    option = next((option.words for option in rule.options if option.code == answer.option), "")
    details += [option]
    if answer.ended_on:
        details.append(_("until %(day)s") % {"day": date_format(answer.ended_on, "j M Y")})
    if answer.reply is Reply.UNKNOWN:
        details.append(_("not sure"))
    return {"name": rule.title, "value": " · ".join(filter(None, details)) or _("Yes")}
