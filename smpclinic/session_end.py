"""A sign-in ends twelve hours after it began, however busy it was.

Django moves a session's end forward each time it is saved; a clinic's tablet would never be signed out.
"""

import time

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver

STARTED_S = "signed_in_s"


@receiver(user_logged_in)
def note_start(request, **kwargs) -> None:
    """Remember when this sign-in began."""
    if request is not None and hasattr(request, "session"):
        request.session[STARTED_S] = int(time.time())


class AbsoluteEnd:
    """Middleware: sign out whoever signed in too long ago; the sign-in page leads back to where they were."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated and _is_over(request.session.get(STARTED_S)):
            logout(request)
        return self.get_response(request)


def _is_over(started_s: object) -> bool:
    return not isinstance(started_s, int) or time.time() - started_s > settings.SESSION_COOKIE_AGE
