"""Change what the clinic has set about visits."""

from django.core.exceptions import ValidationError
from django.db import transaction

from planning import visit_settings as rules
from planning.visit_settings import VisitSettings
from smpclinic.actions.settings import change_section
from smpclinic.actors import Actor

CHANGED = "changed reminders and cancellations"


@transaction.atomic
def change_visit_settings(*, settings: VisitSettings, by: Actor) -> VisitSettings:
    """Remind and count from now on by ``settings``; what was cancelled before stays as it was counted.

    Raises ValidationError by field where a value cannot be.
    """
    if problems := rules.problems_by_field(settings):
        raise ValidationError(dict(problems))
    before = rules.visit_settings().as_values()
    change_section(name=rules.SECTION, before=before, values=settings.as_values(), verb=CHANGED, by=by)
    return settings
