"""Who may try to sign in, and how often: decided before a password is hashed.

Hashing is slow on purpose, so whoever may make the server hash may make it stand still. Three
limits come first, by address, over all unknown devices, and a wait that grows with each miss of
one name from one place. A browser that has signed in before carries a cookie and is counted by
itself: a stranger who tries reception's name all day cannot keep reception out.
"""

import threading
from contextlib import contextmanager

from allauth.account import forms as account_forms
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.base import forms as mfa_forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.shortcuts import render
from django.utils.crypto import get_random_string, salted_hmac
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from smpclinic import limits

TRIES_BY_ADDRESS = (30, 60)  # in seconds
TRIES_BY_STRANGERS = (20, 10)
CODES_BY_PERSON = (6, 5 * 60)
PASSWORDS_BY_PERSON = (6, 5 * 60)
LONGEST_QUEUE_S = 2.0
MAILS_TO_ONE = (3, 60 * 60)
MAILS_BY_ADDRESS = (10, 60 * 60)

DEVICE_COOKIE = "known_device"
DEVICE_SALT = "smpclinic.signin.device"
DEVICE_DAYS = 90
MOST_PEOPLE_ON_A_DEVICE = 20

# One hash at a time in this process: the other threads keep answering the clinic.
_hashing = threading.Lock()


class ClinicAccountAdapter(DefaultAccountAdapter):
    """Staff accounts: made by a manager, never by a visitor."""

    def is_open_for_signup(self, request):
        return False

    def authenticate(self, request, **credentials):
        """The user of these credentials or ``None``; answers 429 at once where a limit is reached."""
        attempt = Attempt(request, credentials.get("username") or "")
        attempt.begin()
        with one_hash_at_a_time(request):
            user = super().authenticate(request, **credentials)
        if user:
            attempt.forgive()
        return user

    def pre_authenticate(self, request, **credentials):
        """The limits were asked already, in ``authenticate``; allauth's own are off."""

    def post_login(self, request, user, **kwargs):
        response = super().post_login(request, user, **kwargs)
        remember_device(request, response, user.get_username())
        return response

    def send_mail(self, template_prefix, email, context):
        """Mail that any visitor can ask for; past the limit none is sent, and the answer stays the same."""
        if limits.allow("account mail", email.strip().casefold(), *MAILS_TO_ONE) and limits.allow(
            "account mail", limits.client_address(self.request), *MAILS_BY_ADDRESS
        ):
            super().send_mail(template_prefix, email, context)

    def get_client_ip(self, request):
        return limits.client_address(request)


class Attempt:
    """One try to sign in with a name from a place."""

    def __init__(self, request, username: str) -> None:
        self.request = request
        self.username = username.strip().casefold()
        self.device = known_device(request, self.username)
        self.place = self.device or limits.client_address(request)

    def begin(self) -> None:
        """Count the try, or raise the 429 page as the answer."""
        if not self.device and not self._is_within_limits():
            raise ImmediateHttpResponse(too_many_tries(self.request, TRIES_BY_ADDRESS[1]))
        seconds = limits.seconds_to_wait("sign-in", self._key())
        if seconds:
            raise ImmediateHttpResponse(too_many_tries(self.request, seconds))

    def forgive(self) -> None:
        limits.forgive("sign-in", self._key())

    def _is_within_limits(self) -> bool:
        return limits.allow("sign-in address", self.place, *TRIES_BY_ADDRESS) and limits.allow(
            "sign-in strangers", "", *TRIES_BY_STRANGERS
        )

    def _key(self) -> str:
        return f"{self.username}\n{self.place}"


def too_many_tries(request, seconds: int):
    """The page that says how long to wait, with status 429."""
    said = ngettext(
        "After several tries in a row there is a pause. You can try again in %(seconds)d second.",
        "After several tries in a row there is a pause. You can try again in %(seconds)d seconds.",
        seconds,
    ) % {"seconds": seconds}
    response = render(request, "429.html", {"said": said, "seconds": seconds}, status=429)
    response.headers["Retry-After"] = str(seconds)
    return response


@contextmanager
def one_hash_at_a_time(request):
    """One password is hashed at a time in this process; the answer is 429 where the queue grows long."""
    if not _hashing.acquire(timeout=LONGEST_QUEUE_S):
        raise ImmediateHttpResponse(too_many_tries(request, 5))
    try:
        yield
    finally:
        _hashing.release()


def known_device(request, username: str) -> str:
    """The name of this browser if that user has signed in from it before, else empty."""
    name, people = _device(request)
    return name if _mark(name, username) in people else ""


def remember_device(request, response, username: str) -> None:
    """Give the browser a signed cookie that says who has signed in from it (marks, no names)."""
    name, people = _device(request)
    name = name or get_random_string(22)
    mark = _mark(name, username.strip().casefold())
    people = [mark, *(other for other in people if other != mark)][:MOST_PEOPLE_ON_A_DEVICE]
    response.set_signed_cookie(
        DEVICE_COOKIE,
        ".".join([name, *people]),
        salt=DEVICE_SALT,
        max_age=DEVICE_DAYS * 24 * 60 * 60,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _device(request) -> tuple[str, list[str]]:
    value = request.get_signed_cookie(DEVICE_COOKIE, default="", salt=DEVICE_SALT, max_age=DEVICE_DAYS * 24 * 60 * 60)
    name, *people = value.split(".")
    return name, people


def _mark(name: str, username: str) -> str:
    return salted_hmac(DEVICE_SALT, f"{name}\n{username}", algorithm="sha256").hexdigest()[:16]


class LimitedCode:
    """A second factor has six digits: a handful of tries, counted by person."""

    def clean_code(self):
        key = str(self.user.pk)
        if not limits.allow("second factor", key, *CODES_BY_PERSON):
            raise ValidationError(_("Too many codes were wrong. Wait five minutes, then try again."))
        code = super().clean_code()
        limits.forgive("second factor", key)
        return code


class AuthenticateForm(LimitedCode, mfa_forms.AuthenticateForm):
    """The code asked after the password."""


class ReauthenticateForm(LimitedCode, mfa_forms.ReauthenticateForm):
    """The code asked again before a delicate change."""


class ChangePasswordForm(account_forms.ChangePasswordForm):
    """The present password is asked before a new one: a handful of tries, whoever sits at the open browser."""

    def clean_oldpassword(self):
        key = str(self.user.pk)
        if not limits.allow("present password", key, *PASSWORDS_BY_PERSON):
            raise ValidationError(_("Too many passwords were wrong. Wait five minutes, then try again."))
        if not _hashing.acquire(timeout=LONGEST_QUEUE_S):
            raise ValidationError(_("Too many people are signing in just now. Try again in a moment."))
        try:
            password = super().clean_oldpassword()
        finally:
            _hashing.release()
        limits.forgive("present password", key)
        return password
