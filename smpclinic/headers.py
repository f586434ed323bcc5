"""The strict set of headers that every answer carries: pages, partials, files and errors alike.

Outermost in ``MIDDLEWARE``, so that nothing leaves without it. A view cannot loosen the set.
The address of a patient's own page holds a secret: from there not even our own files learn the path.
("no-referrer" would make browsers send "Origin: null" with forms, which the CSRF check refuses.)
"""

from django.conf import settings

# htmx puts HTML into the page: with Trusted Types the browser hands each piece to the policy
# named "default" (static/js/trusted-types.js) first, which refuses scripts and handlers.
PAGE_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "default",
}
# A file runs nothing. The browser's own PDF viewer is a page around an <embed> with a style of its own.
FILE_POLICY = {
    "default-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "'none'",
}
PDF_POLICY = FILE_POLICY | {"object-src": "'self'", "img-src": "'self'", "style-src": "'unsafe-inline'"}

UNUSED_FEATURES = (
    "accelerometer",
    "autoplay",
    "display-capture",
    "geolocation",
    "gyroscope",
    "hid",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
# The camera takes patients' photos, the screen stays awake at the chair, a passkey signs in.
USED_FEATURES = (
    "camera",
    "fullscreen",
    "screen-wake-lock",
    "publickey-credentials-get",
    "publickey-credentials-create",
)
PERMISSIONS = ", ".join([f"{name}=()" for name in UNUSED_FEATURES] + [f"{name}=(self)" for name in USED_FEATURES])

FOREVER = "public, max-age=31536000, immutable"

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS,
    "X-Permitted-Cross-Domain-Policies": "none",
}


def policy_text(policy: dict[str, str], *, is_secure: bool) -> str:
    """A Content-Security-Policy as one line; over HTTPS it also upgrades stray ``http`` addresses."""
    parts = [f"{name} {sources}" for name, sources in policy.items()]
    return "; ".join([*parts, "upgrade-insecure-requests"] if is_secure else parts)


class StrictHeaders:
    """Middleware that writes the set on the way out, over whatever stood there."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        for name, text in ALWAYS.items():
            response.headers[name] = text
        response.headers["Content-Security-Policy"] = policy_text(_policy(response), is_secure=request.is_secure())
        response.headers["Cache-Control"] = FOREVER if _is_hashed_static(request, response) else "no-store"
        is_private = request.path_info.startswith(settings.PRIVATE_PREFIXES)
        response.headers["Referrer-Policy"] = "strict-origin" if is_private else "same-origin"
        if request.is_secure() and settings.SECURE_HSTS_SECONDS:
            response.headers["Strict-Transport-Security"] = _hsts()
        for name in ("Access-Control-Allow-Origin", "Expires", "Pragma"):
            response.headers.pop(name, None)
        return response


def _policy(response) -> dict[str, str]:
    kind = response.headers.get("Content-Type", "").split(";")[0].strip().lower()
    if kind == "application/pdf":
        return PDF_POLICY
    return PAGE_POLICY if kind == "text/html" else FILE_POLICY


def _is_hashed_static(request, response) -> bool:
    """A file whose name changes with its content: WhiteNoise has marked it so."""
    is_static = request.path_info.startswith(f"/{settings.STATIC_URL.strip('/')}/")
    is_served = response.status_code in {200, 206, 304}
    return is_static and is_served and "immutable" in response.headers.get("Cache-Control", "")


def _hsts() -> str:
    parts = [f"max-age={settings.SECURE_HSTS_SECONDS}"]
    if settings.SECURE_HSTS_INCLUDE_SUBDOMAINS:
        parts.append("includeSubDomains")
    if settings.SECURE_HSTS_PRELOAD:
        parts.append("preload")
    return "; ".join(parts)
