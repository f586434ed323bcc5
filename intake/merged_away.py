"""Whoever opens a record that was merged is led to the one that stayed, with a word about it."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from intake.models import Patient


class MergedAway(Exception):
    """The address names a record that was merged into another."""

    def __init__(self, patient: Patient):
        super().__init__(f"record {patient.record_number} was merged")
        self.patient = patient


class LeadToWinner:
    """Answers ``MergedAway``, raised by any view, with a redirect to the record that stayed."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, error):
        if not isinstance(error, MergedAway):
            return None
        winner = error.patient.merged_into
        words = _("Record %(number)s was merged into this one. Both are shown here.")
        messages.info(request, words % {"number": error.patient.record_number})
        return redirect(winner)
