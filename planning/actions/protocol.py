"""Change the clinic's treatment defaults."""

from django.core.exceptions import ValidationError
from django.db import transaction

from planning import clinic_protocol
from planning import protocol as rules
from planning.pace import learn_later
from planning.protocol import Protocol
from smpclinic.actions.settings import change_section
from smpclinic.actors import Actor


@transaction.atomic
def change_protocol(*, protocol: Protocol, by: Actor) -> Protocol:
    """Work by ``protocol`` from now on. Plans that are approved keep the one they were estimated with.

    Raises ValidationError by field where the clinic cannot work by it.
    """
    if problems := rules.problems_by_field(protocol):
        raise ValidationError(dict(problems))
    before, kept = rules.to_values(clinic_protocol.clinic_protocol()), rules.to_values(protocol)
    gap_days = kept.pop("gap_days")
    change_section(name=clinic_protocol.SECTION, before=before, values=kept, gap_days=gap_days, by=by)
    learn_later()  # What was learned is told at factor 1: other factors, another pace.
    return protocol
