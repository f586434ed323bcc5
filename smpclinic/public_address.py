"""Where patients reach this server."""

from django.conf import settings


def public_url() -> str:
    """The address of links in mails and QR codes, without a slash at its end; empty where there is none.

    The demo serves this machine alone, so its links lead there and can be tried.
    """
    if settings.PUBLIC_URL or settings.MODE != "demo":
        return settings.PUBLIC_URL
    return f"http://127.0.0.1:{settings.PORT}"
