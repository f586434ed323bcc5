"""Error pages in plain words. They also answer forms and uploads, so none of them is for GET alone."""

from django.shortcuts import render


def bad_request(request, exception=None):
    return render(request, "400.html", status=400)


def forbidden(request, exception=None):
    return render(request, "403.html", status=403)


def not_found(request, exception=None):
    return render(request, "404.html", status=404)


def csrf_failure(request, reason=""):
    """The form was open too long or cookies are off; what was typed is still in the browser's Back."""
    return render(request, "403_csrf.html", status=403)
