"""Change what the clinic has set for itself."""

from collections.abc import Mapping

from django.db import transaction

from smpclinic import audit, clinic_settings
from smpclinic.actors import Actor
from smpclinic.models import ClinicProfile
from smpclinic.saving import save_checked


@transaction.atomic
def change_section(
    *,
    name: str,
    before: Mapping[str, object],
    values: Mapping[str, object],
    by: Actor,
    verb: str = clinic_settings.CHANGED,
    **profile: object,
) -> ClinicProfile:
    """Keep ``values`` as the section's, and ``profile`` as fields of the clinic's profile.

    ``before``: what counted until now, defaults included, for the trail; where nothing differs, nothing is written.
    The caller has judged the values. Raises ValidationError where the profile cannot be.
    """
    clinic = ClinicProfile.objects.select_for_update().filter(pk=1).first() or ClinicProfile.current()
    changed = audit.changes(before, {**values, **profile})
    if not changed:
        return clinic
    clinic.settings = {**clinic.settings, name: dict(values)}
    for field, value in profile.items():
        setattr(clinic, field, value)
    save_checked(clinic)
    audit.record(by=by, verb=verb, subject=clinic, changed=changed, section=name)
    return clinic
