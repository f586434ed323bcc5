"""The lock on a tablet that was handed over: nothing but one intake can be reached until staff signs in.

The staff's own session was ended when the tablet was handed over, so nothing is left in it to be reached. The lock also
leads every other address back, so that the patient never stands before a sign-in page by mistake.
"""

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.shortcuts import redirect
from django.urls import reverse

from intake import own_session
from intake.actions.links import revoke_link
from intake.models import PrivateLink
from smpclinic.actors import staff

OPEN_PREFIXES = ("/my-intake/", "/accounts/login/", "/accounts/2fa/authenticate/", "/language/", "/healthz")


def is_kiosk(request) -> bool:
    """Whether this browser was handed over to a patient."""
    if own_session.COOKIE not in request.COOKIES:
        return False
    mark = own_session.read_mark(request)
    return mark is not None and mark.kind == "kiosk"


class KioskLock:
    """Middleware: on a tablet that was handed over every way leads to its intake; a sign-in of staff opens it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not is_kiosk(request):
            return self.get_response(request)
        if request.user.is_authenticated:
            response = self.get_response(request)
            own_session.end(response)
            return response
        if not request.path_info.startswith((*OPEN_PREFIXES, f"/{settings.STATIC_URL.strip('/')}/")):
            return redirect(reverse("intake:own"))
        return self.get_response(request)


@receiver(user_logged_in)
def close_the_intake(request, user, **kwargs) -> None:
    """A member of staff has taken the tablet back."""
    if request is None or not is_kiosk(request):
        return
    mark = own_session.read_mark(request)
    for link in PrivateLink.objects.filter(public_id=mark.link_id):
        revoke_link(link=link, by=staff(user))
