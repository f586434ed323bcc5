"""How long sessions really took: a practitioner's own beside the clinic's; everybody's for who sees reports."""

from django.shortcuts import render
from django.views.decorators.http import require_GET

from planning.times_page import times_page
from smpclinic.roles import Permission, requires


@require_GET
@requires(Permission.SEE_TIMES)
def session_times(request):
    return render(request, "planning/session_times.html", times_page(request.user))
