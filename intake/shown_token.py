"""The token of a link just made, in the browser of the one who made it: minutes long, for the page that shows the code.

The server keeps only the token's hash. Without this a second look at that page would have to make a new link, and the
patient who is just pointing the camera would hold a dead one.
"""

from django.conf import settings
from django.urls import reverse

from intake.models import PrivateLink
from intake.tokens import token_hash

COOKIE = "shown_link"
SALT = "intake.shown_token"
KEPT_S = 10 * 60


def keep(response, link: PrivateLink, token: str) -> None:
    """Give the token to the browser, to be sent to the page of this link's code and nowhere else."""
    response.set_signed_cookie(
        COOKIE,
        token,
        salt=SALT + str(link.public_id),
        max_age=KEPT_S,
        path=reverse("intake:link_code", args=[link.public_id]),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def read(request, link: PrivateLink) -> str:
    """The token of this link; empty once its minutes are over, in another browser, and where a newer one was made."""
    token = request.get_signed_cookie(COOKIE, default="", salt=SALT + str(link.public_id), max_age=KEPT_S)
    return token if token and token_hash(token) == link.token_sha256 else ""
