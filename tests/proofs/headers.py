"""Every answer of the crawl, errors and files too, carries the strict headers; static files may be kept for ever."""

import logging
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.test import Client

from tests import crawl
from tests.addresses import World, addresses

HASHED = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
HASHED_AND_COMPRESSED = "whitenoise.storage.CompressedManifestStaticFilesStorage"
MARKED = "home"


def prove(*, full: bool, sabotage: bool, seed: int) -> dict[str, object]:
    logging.disable()
    settings.STORAGES["staticfiles"] = {"BACKEND": HASHED_AND_COMPRESSED if full else HASHED}
    call_command("collectstatic", verbosity=0, interactive=False)
    world = World()
    answers, found = 0, []
    walked = [each for each in addresses() if full or each.name == MARKED or each in crawl.sample(seed)]
    for name, response, is_static in _answers(world, walked, full=full):
        if sabotage and name == MARKED:
            response.content = response.content.replace(b"</body>", b"<script>late()</script></body>")
        answers += 1
        found += [f"{name}: {problem}" for problem in crawl.problems_with_headers(response, is_static=is_static)]
    return {
        "broken": bool(found) or not answers,
        "answers": answers,
        "addresses": f"{len(walked)} of {len(addresses())}",
        "problems": len(found),
        "first_problems": found[:5],
    }


def _answers(world: World, walked, *, full: bool):
    methods = crawl.METHODS if full else ("get", "post")
    for address in walked:
        for _, _, response in crawl.visit(world, address, methods=methods):
            yield address.name, response, False
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    client.force_login(world.practitioner)
    for name, path in {
        "no page": "/no-such-page",
        "bad byte": "/patients/%00/",
        "traversal": "/static/../manage.py",
    }.items():
        yield name, client.get(path), False
    yield "no csrf token", client.post("/"), False
    yield "foreign host", client.get("/", headers={"host": "evil.example"}), False
    for path in _hashed_files(all_of_them=full):
        response = client.get(path)
        response.getvalue()
        response.close()
        yield path, response, True


def _hashed_files(*, all_of_them: bool) -> list[str]:
    from django.contrib.staticfiles.storage import staticfiles_storage

    paths = sorted(f"/{settings.STATIC_URL.strip('/')}/{name}" for name in staticfiles_storage.hashed_files.values())
    return paths if all_of_them else [path for path in paths if Path(path).suffix in (".css", ".js")][:40]
