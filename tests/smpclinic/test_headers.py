"""The strict set of headers, on every kind of answer."""

import pytest
from django.http import FileResponse, HttpResponse, HttpResponseNotModified, HttpResponseRedirect, JsonResponse
from django.test import Client, RequestFactory

from smpclinic import headers
from smpclinic.headers import StrictHeaders


def answered(response, path="/patients/", **request):
    return StrictHeaders(lambda _request: response)(RequestFactory().get(path, **request))


def policy(response):
    parts = [part.strip().split(" ", 1) for part in response.headers["Content-Security-Policy"].split(";")]
    return {name: sources[0] if sources else "" for name, *sources in parts}


ANSWERS = {
    "page": lambda: HttpResponse("<p>x"),
    "not found": lambda: HttpResponse("<p>x", status=404),
    "failed": lambda: HttpResponse("<p>x", status=500),
    "redirect": lambda: HttpResponseRedirect("/"),
    "not modified": HttpResponseNotModified,
    "json": lambda: JsonResponse({}),
    "pdf": lambda: HttpResponse(b"%PDF", content_type="application/pdf"),
    "photo": lambda: HttpResponse(b"x", content_type="image/jpeg"),
    "download": lambda: FileResponse(iter([b"x"]), as_attachment=True, filename="x.csv"),
    "no type": lambda: HttpResponse(b"x", headers={"Content-Type": ""}),
}


@pytest.mark.parametrize("kind", ANSWERS)
def test_every_answer_carries_the_strict_set(kind):
    response = answered(ANSWERS[kind]())
    found = policy(response)
    assert found["default-src"] == "'none'"
    assert found["base-uri"] == found["frame-ancestors"] == "'none'"
    assert found["require-trusted-types-for"] == "'script'"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert "geolocation=()" in response.headers["Permissions-Policy"]


@pytest.mark.parametrize("kind", ANSWERS)
def test_no_answer_allows_inline_or_evaluated_scripts(kind):
    found = policy(answered(ANSWERS[kind]()))
    assert found.get("script-src", "'none'") in {"'none'", "'self'"}
    assert "unsafe-eval" not in str(found)
    assert "unsafe-inline" not in found.get("script-src", "") + found["default-src"]


def test_a_page_may_use_our_own_files_and_one_trusted_types_policy():
    found = policy(answered(HttpResponse("<p>x")))
    assert found["script-src"] == found["style-src"] == found["connect-src"] == found["worker-src"] == "'self'"
    assert found["form-action"] == "'self'"
    assert found["trusted-types"] == "default"


def test_a_file_may_use_nothing():
    found = policy(answered(JsonResponse({})))
    assert set(found.values()) == {"'none'", "'script'"}


def test_a_view_cannot_loosen_the_set():
    loose = HttpResponse("<p>x")
    loose.headers["Content-Security-Policy"] = "default-src *"
    loose.headers["Cache-Control"] = "public, max-age=99"
    loose.headers["Referrer-Policy"] = "unsafe-url"
    loose.headers["Access-Control-Allow-Origin"] = "*"
    response = answered(loose)
    assert policy(response)["default-src"] == "'none'"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.parametrize("path", ["/i/abcd-efgh/", "/my-intake/hair/"])
def test_a_patients_own_page_keeps_its_path_to_itself(path):
    """Errors too: whatever stands there, not even our own files learn the token from a Referer."""
    for status in (200, 403, 404, 500):
        answer = answered(HttpResponse("<p>x", status=status), path=path)
        assert answer.headers["Referrer-Policy"] == "strict-origin"


IMMUTABLE = {"Cache-Control": "max-age=315360000, public, immutable"}


@pytest.mark.parametrize("status", [200, 304])
def test_a_hashed_static_file_is_kept_for_good(status):
    file = HttpResponse("p{}", content_type="text/css", status=status, headers=IMMUTABLE)
    response = answered(file, "/static/css/base.0123456789ab.css")
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("path", "status", "cache"),
    [
        ("/static/css/base.css", 200, "max-age=60, public"),
        ("/static/css/base.0123456789ab.css", 404, IMMUTABLE["Cache-Control"]),
        ("/photos/1/", 200, IMMUTABLE["Cache-Control"]),
        ("/staticky/1/", 200, IMMUTABLE["Cache-Control"]),
    ],
)
def test_nothing_else_is_kept(path, status, cache):
    file = HttpResponse("x", status=status, headers={"Cache-Control": cache})
    assert answered(file, path).headers["Cache-Control"] == "no-store"


def test_over_https_the_browser_is_told_to_stay_there(settings):
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS, settings.SECURE_HSTS_PRELOAD = (
        99,
        True,
        False,
    )
    response = answered(HttpResponse("x"), secure=True)
    assert response.headers["Strict-Transport-Security"] == "max-age=99; includeSubDomains"
    assert "upgrade-insecure-requests" in policy(response)
    plain = answered(HttpResponse("x"))
    assert "Strict-Transport-Security" not in plain.headers
    assert "upgrade-insecure-requests" not in policy(plain)


def test_the_set_stands_outermost_so_that_errors_carry_it_too(settings):
    assert settings.MIDDLEWARE[0] == "smpclinic.headers.StrictHeaders"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("host", "path"), [("evil.example", "/"), ("localhost", "/no-such-page/"), ("localhost", "/\x00")]
)
def test_real_errors_carry_the_set(host, path):
    response = Client(raise_request_exception=False, headers={"host": host}).get(path)
    assert response.status_code != 200
    assert policy(response)["default-src"] == "'none'"
    assert response.headers["Cache-Control"] == "no-store"


def test_every_feature_is_named_once():
    names = [*headers.UNUSED_FEATURES, *headers.USED_FEATURES]
    assert len(names) == len(set(names))
