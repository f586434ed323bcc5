"""Patch tests: place one, read one, print what the patient takes home."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from intake import actions, papers
from intake.actions.photos import may_keep_photos
from intake.forms.fields import add_refusal
from intake.forms.patch_tests import PlacePatchTestForm, ReadPatchTestForm
from intake.models import ConsentKind, PatchTest, Patient
from intake.rules import figures_in_force
from intake.views.consents import newest_by_kind
from intake.views.finding import visible_patient
from smpclinic import audit
from smpclinic.actors import staff
from smpclinic.pdf import PdfFailed
from smpclinic.roles import Permission, requires


@dataclass(frozen=True)
class Row:
    """One test; while it is not read, with the form that reads it (kept as typed where it was refused)."""

    test: PatchTest
    reading: ReadPatchTestForm | None
    is_due: bool


@require_http_methods(["GET", "POST"])
@requires(Permission.ASSESS)
def patch_tests(request, patient_id):
    patient = visible_patient(request, patient_id)
    audit.note_read(request, patient=patient, what="patch tests")
    place, reading = _forms(request, patient)
    if request.method == "POST" and _done(request, patient, place, reading):
        return redirect("intake:patch_tests", patient.public_id)
    context = {
        "patient": patient,
        "rows": _rows(patient, reading),
        "place": place,
        "figures": figures_in_force(),
        "unknown": reading if reading.is_bound and not reading.cleaned_data.get("test") else None,
        "declined": newest_by_kind(patient).get(ConsentKind.PATCH_TEST_DECLINED),
    }
    return render(request, "intake/patch_tests.html", context)


@require_POST
@requires(Permission.ASSESS)
def patch_test_note(request, test_id):
    """What the patient takes home, as a paper; the same is printed again as it was issued."""
    visible = PatchTest.objects.filter(patient__in=Patient.objects.visible_to(request.user))
    test = get_object_or_404(visible.select_related("patient", "lot__product"), public_id=test_id)
    try:
        return redirect("intake:document", papers.issue_patch_test_note(test, by=staff(request.user)).public_id)
    except (PdfFailed, ValidationError) as failure:
        words = failure.messages[0] if isinstance(failure, ValidationError) else str(failure)
        messages.warning(request, words)
        return redirect("intake:patch_tests", test.patient.public_id)


def _forms(request, patient):
    sent = request.POST if request.method == "POST" else {}
    may = may_keep_photos(patient)
    data = (request.POST, request.FILES) if "read" in sent else ()
    place = PlacePatchTestForm(sent if "place" in sent else None, on=timezone.localdate())
    return place, ReadPatchTestForm(*data, patient=patient, may_photograph=may)


def _done(request, patient, place, reading) -> bool:
    form = place if place.is_bound else reading
    if not form.is_bound or not form.is_valid():
        return False
    told, by = dict(form.cleaned_data), staff(request.user)
    try:
        if form is place:
            actions.place_patch_test(patient=patient, by=by, **told)
        else:
            actions.read_patch_test(by=by, **told | {"photo": told.get("photo") or None})
    except ValidationError as refusal:
        add_refusal(form, refusal)
        return False
    messages.success(request, _("Saved."))
    return True


def _rows(patient, sent):
    """Every test, the newest first. A refused reading stands with its own test."""
    now, may = timezone.now(), "photo" in sent.fields
    chosen = sent.cleaned_data.get("test") if sent.is_bound else None
    rows = []
    for test in patient.patch_tests.select_related("lot__product", "performer", "read_by", "photo"):
        form = None
        if not test.result:
            fresh = {"initial": {"test": test.public_id}, "auto_id": f"id_{test.public_id}_%s"}
            form = sent if test == chosen else ReadPatchTestForm(patient=patient, may_photograph=may, **fresh)
        rows.append(Row(test, form, is_due=not test.result and test.read_from <= now))
    return rows
