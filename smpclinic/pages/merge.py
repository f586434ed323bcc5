"""Two records of one person: find the other, compare them, merge them."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from intake.differing_answers import alert_about
from intake.forms.fields import add_refusal
from intake.forms.merge import MergeForm
from intake.forms.patient import SearchForm
from intake.merging import counts, in_words
from intake.register import likely_duplicates
from intake.search import find_patients
from intake.views.finding import visible_patient
from planning.actions.merging import merge_patients
from planning.merging import problems_with_merging, visit_clashes
from smpclinic import audit
from smpclinic.actors import staff
from smpclinic.roles import Permission, requires


@require_GET
@requires(Permission.REGISTER_PATIENTS)
def same_person(request, patient_id):
    """Who else may be this person: likely ones, and a search."""
    patient = visible_patient(request, patient_id)
    audit.note_read(request, patient=patient, what="other records of this person")
    query = SearchForm(request.GET).text()
    found = find_patients(query, user=request.user, on=timezone.localdate()) if query else []
    contact = ("full_name", "phone", "second_phone", "born_on", "email")
    known = {name: getattr(patient, name) for name in contact}
    context = {
        "patient": patient,
        "query": query,
        "found": [one for one in found if one.pk != patient.pk],
        "likely": likely_duplicates(**known, user=request.user, besides=patient),
    }
    return render(request, "smpclinic/same_person.html", context)


@require_GET
@requires(Permission.REGISTER_PATIENTS)
def merge_preview(request, patient_id, other_id):
    winner, loser = _both(request, patient_id, other_id)
    return _preview(request, winner, loser, MergeForm(winner=winner, loser=loser))


@require_POST
@requires(Permission.MERGE_PATIENTS)
def merge(request, patient_id, other_id):
    winner, loser = _both(request, patient_id, other_id)
    form = MergeForm(request.POST, winner=winner, loser=loser)
    if form.is_valid():
        try:
            merge_patients(winner=winner, loser=loser, choices=form.choices(), by=staff(request.user))
        except ValidationError as refusal:
            add_refusal(form, refusal)
        else:
            words = _("Record %(number)s is now part of this one.")
            messages.success(request, words % {"number": loser.record_number})
            return redirect(winner)
    return _preview(request, winner, loser, form)


def _both(request, patient_id, other_id):
    if patient_id == other_id:
        raise Http404
    winner, loser = visible_patient(request, patient_id), visible_patient(request, other_id)
    for patient in (winner, loser):
        audit.note_read(request, patient=patient, what="merge of two records")
    return winner, loser


def _preview(request, winner, loser, form):
    today = timezone.localdate()
    context = {
        "patient": winner,
        "loser": loser,
        "form": form,
        "moved": in_words(counts(loser)),
        "problems": problems_with_merging(winner, loser, on=today),
        "breaches": [clash.words for clash in visit_clashes(winner, loser, on=today) if clash.is_breach],
        "alert": alert_about(winner, loser, on=today) if request.user.has(Permission.SEE_HEALTH) else "",
    }
    return render(request, "smpclinic/merge.html", context)
