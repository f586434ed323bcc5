"""Two records of one person may have answered the health questions differently; nobody may overlook it."""

from datetime import date

from django.utils.translation import gettext as _

from intake.findings import answers_of, intake_in_force
from intake.models import Patient
from intake.rules import intake_rules
from intake.screening import Reply

LONGEST = 200


def alert_about(winner: Patient, loser: Patient, *, on: date) -> str:
    """Words for an alert: what one of the two intakes in force says yes to and the other does not; empty where none.

    After the merge the newer intake feeds screening, so a yes of the older one would no longer be seen.
    """
    intakes = [intake_in_force(patient) for patient in (winner, loser)]
    if None in intakes:
        return ""
    told = [answers_of(intake.latest(), on=on) for intake in intakes if intake is not None]
    yes = [{code for code, answer in answers.items() if answer.reply is Reply.YES} for answers in told]
    titles = [rule.title for rule in intake_rules() if rule.code in yes[0] ^ yes[1]]
    if not titles:
        return ""
    words = _("Two records were merged and only one says yes to: %(titles)s. Ask again.")
    return _shortened(words, titles)


def _shortened(words: str, titles: list[str]) -> str:
    """The sentence with as many titles as fit, and how many more there are."""
    for shown in range(len(titles), 0, -1):
        more = _(" and %(count)s more") % {"count": len(titles) - shown} if shown < len(titles) else ""
        sentence = words % {"titles": ", ".join(titles[:shown]) + more}
        if len(sentence) <= LONGEST:
            return sentence
    return words % {"titles": _("%(count)s health questions") % {"count": len(titles)}}
