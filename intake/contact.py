"""What is still to be asked about who a patient is. Missing is never an error: it is asked when the time has come."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from intake.models import Patient
from intake.models.patient import Sex

# In the order in which the desk asks.
ASKED = (
    ("born_on", gettext_noop("date of birth")),
    ("sex", gettext_noop("sex")),
    ("address", gettext_noop("postal address")),
    ("emergency_contact", gettext_noop("whom to call in an emergency")),
    ("doctor", gettext_noop("doctor")),
    ("id_kind", gettext_noop("an identity document")),
)


def still_to_ask(patient: Patient) -> list[str]:
    """The names of what nobody has asked yet, in words; empty where nothing is missing."""
    return [_(words) for name, words in ASKED if getattr(patient, name) in (None, "", Sex.NOT_SAID)]


def problems_with_sending_a_link(patient: Patient) -> list[str]:
    """Why no private link can be made for this patient yet, in words; empty where one can.

    The link asks for the date of birth, so that a letter in the wrong hands opens nothing. An e-mail address is not
    needed: the link may be shown as a QR code.
    """
    problems = []
    if patient.merged_into_id:
        problems.append(_("This record was merged into another. Send the link from there."))
    if patient.born_on is None:
        problems.append(_("Ask for the date of birth first: the link asks for it before it opens."))
    return problems
