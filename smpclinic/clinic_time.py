"""Show every page in the clinic's own time zone."""

from django.db import DatabaseError
from django.utils import timezone

from smpclinic.models import ClinicProfile


class ClinicTime:
    """Middleware: ``request.clinic`` is the profile, and its zone is active while the page is made."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        try:
            request.clinic = ClinicProfile.current()
        except DatabaseError:
            request.clinic = ClinicProfile(pk=1, name="")  # /healthz and the error pages must still be able to say so
        with timezone.override(request.clinic.zone):
            return self.get_response(request)
