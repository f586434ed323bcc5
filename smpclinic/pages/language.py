"""Choosing the language of the staff's pages, also before signing in."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from smpclinic.staff_language import keep


@require_POST
@login_not_required
def choose_language(request):
    """Keep the language for this browser and go back to the page it was chosen on."""
    language = request.POST.get("language", "")
    if language not in settings.STAFF_LANGUAGES:
        raise BadRequest("no such language")
    back = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    # Not ``redirect``: it takes a word without a slash for the name of a view.
    response = HttpResponseRedirect(back if is_ours and back.startswith("/") else reverse("home"))
    keep(response, language)
    return response
