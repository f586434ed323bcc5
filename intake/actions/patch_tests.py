"""Place a patch test and read it."""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from intake.actions.photos import add_photo
from intake.clearance import problems_with_reading
from intake.dates import add_months
from intake.findings import patch_test_from
from intake.models import PatchTest, Patient, PhotoView
from intake.models.consent import PatchResult
from intake.rules import figures_in_force
from smpclinic import audit
from smpclinic.actors import Actor
from smpclinic.models import Lot
from smpclinic.saving import save_checked

SENT_TWICE = timedelta(minutes=10)


@transaction.atomic
def place_patch_test(
    *, patient: Patient, lot: Lot, site: str, by: Actor, placed_at: datetime | None = None
) -> PatchTest:
    """Note a patch test with a pigment lot at a place of the body; the same one sent twice is kept once.

    It can be read once the clinic's waiting time, 48 hours by default, has passed.
    """
    placed_at = placed_at or timezone.now()
    if placed_at > timezone.now():
        raise ValidationError({"placed_at": _("This moment is in the future.")})
    if lot.is_recalled:
        raise ValidationError({"lot": _("%(lot)s is on recall and must not be used.") % {"lot": lot}})
    same = patient.patch_tests.filter(
        lot=lot,
        site=site.strip(),
        placed_at__gte=placed_at - SENT_TWICE,
        placed_at__lte=placed_at + SENT_TWICE,
        result="",
    )
    for test in same[:1]:
        return test
    read_from = placed_at + timedelta(hours=figures_in_force().patch_test_wait_hours)
    test = PatchTest(
        patient=patient, lot=lot, site=site.strip(), placed_at=placed_at, read_from=read_from, performer=by.user
    )
    save_checked(test)
    audit.record(by=by, verb="placed", subject=test, patient=patient)
    return test


@transaction.atomic
def read_patch_test(
    *, test: PatchTest, result: str, by: Actor, read_at: datetime | None = None, note: str = "", photo: Any = None
) -> PatchTest:
    """Note what the patch test showed; a ``photo`` (an upload) is kept in the record. It is read once.

    A reaction is noted whenever it comes; nothing else is read before the waiting time is over.
    """
    test = PatchTest.objects.select_for_update().select_related("patient").get(pk=test.pk)
    if test.result == result:
        return test
    if test.result:
        raise ValidationError(_("This patch test was read already. Place a new one."))
    test.read_at, test.read_by, test.result = read_at or timezone.now(), by.user, result
    test.reading_note = note.strip()
    if test.read_at > timezone.now():
        raise ValidationError({"read_at": _("This moment is in the future.")})
    if result != PatchResult.FAIL and (problems := problems_with_reading(patch_test_from(test))):
        raise ValidationError(problems)
    test.valid_until = add_months(timezone.localdate(test.placed_at), figures_in_force().patch_test_valid_months)
    if photo is not None:
        test.photo = _photo(test, photo, by)
    save_checked(test)
    audit.record(by=by, verb="read", subject=test, patient=test.patient, changed={"result": ("", result)})
    return test


def _photo(test: PatchTest, upload: Any, by: Actor) -> Any:
    """A refusal stands beside the photo, whatever field the photo's own action names."""
    try:
        return add_photo(patient=test.patient, view=PhotoView.TREATED, upload=upload, by=by)
    except ValidationError as refusal:
        raise ValidationError({"photo": refusal.messages}) from refusal
