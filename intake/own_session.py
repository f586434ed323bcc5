"""The patient at the pages of one intake, without an account: a signed cookie that opens these pages and nothing else.

It is apart from the sign-in of staff, which may stand in the same browser: neither is ever taken for the other. The
cookie names the link; whether that still opens anything is asked anew with every page.
"""

import time
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError

from intake.actors import by_kiosk, by_link
from intake.models import Patient, PrivateLink
from smpclinic.actors import Actor
from smpclinic.languages import asked_for, patients_language

COOKIE = "my_intake"
SALT = "intake.own_session"
KEPT_S = 12 * 60 * 60
IDLE_S = 60 * 60
# At a tablet: so long without a touch, then so long until an answer to "Still there?".
KIOSK_IDLE_S = 3 * 60
KIOSK_IDLE_ON_CONSENT_S = 10 * 60
KIOSK_WAIT_S = 60
LEEWAY_S = 5  # the browser ends it by itself; the server is never sooner


@dataclass(frozen=True)
class OwnSession:
    """Who is at the pages, and since when nothing was heard of them."""

    link: PrivateLink
    idle_s: int
    allowed_s: int

    @property
    def is_kiosk(self) -> bool:
        return self.link.is_kiosk

    @property
    def is_idle(self) -> bool:
        """Nothing was heard for too long: at home the birth date is asked again, at the tablet it is over."""
        return self.idle_s > self.allowed_s

    @property
    def is_on_consent(self) -> bool:
        """Whether the page last shown was one to read and sign."""
        return self.allowed_s == _kiosk_s(on_consent=True)

    @property
    def by(self) -> Actor:
        return by_kiosk(self.link.patient) if self.is_kiosk else by_link(self.link.patient)


@dataclass(frozen=True)
class Mark:
    """What the cookie says."""

    kind: str
    link_id: str
    seen_s: int
    allowed_s: int


def read_mark(request) -> Mark | None:
    """The cookie, if it is ours."""
    value = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=KEPT_S)
    kind, _, rest = value.partition(" ")
    parts = rest.split()
    return Mark(kind, parts[0], int(parts[1]), int(parts[2])) if len(parts) == 3 else None


def read(request) -> OwnSession | None:
    """The session of this browser; None where there is none, or its link opens nothing any more (one query)."""
    mark = read_mark(request)
    if mark is None:
        return None
    try:
        link = PrivateLink.objects.usable().select_related("patient", "intake").get(public_id=mark.link_id)
    except (PrivateLink.DoesNotExist, ValidationError):
        return None
    return OwnSession(link, int(time.time()) - mark.seen_s, mark.allowed_s)


def keep(response, link: PrivateLink, *, on_consent: bool = False) -> None:
    """Begin the session in this browser, or note that something was heard."""
    kind, allowed_s = ("kiosk", _kiosk_s(on_consent=on_consent)) if link.is_kiosk else ("link", IDLE_S)
    response.set_signed_cookie(
        COOKIE,
        f"{kind} {link.public_id} {int(time.time())} {allowed_s}",
        salt=SALT,
        max_age=KEPT_S,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def end(response) -> None:
    """Forget the session in this browser. A tablet keeps its cookie: it stays locked until staff signs in."""
    response.delete_cookie(COOKIE, samesite="Lax")


def language_of(patient: Patient) -> str:
    """The patient's language as far as the program speaks it."""
    return patients_language(patient.language)


def language_of_visitor(request) -> str:
    """The language of a page that names nobody: that of the patient who was just here, else the browser's."""
    mark = read_mark(request)
    link = PrivateLink.objects.select_related("patient").filter(public_id=mark.link_id).first() if mark else None
    if link is not None:
        return language_of(link.patient)
    known = [code for code, _name in settings.LANGUAGES]
    return asked_for(request.headers.get("Accept-Language", ""), known) or patients_language("")


def idle_limit_s(*, on_consent: bool) -> int:
    """Seconds without a touch after which a tablet asks "Still there?"."""
    return KIOSK_IDLE_ON_CONSENT_S if on_consent else KIOSK_IDLE_S


def _kiosk_s(*, on_consent: bool) -> int:
    return idle_limit_s(on_consent=on_consent) + KIOSK_WAIT_S + LEEWAY_S
