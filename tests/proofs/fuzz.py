"""Hostile requests of every kind of visitor to every address: no error page; a refusal says why and keeps the typed.

The addresses come from the URL table and the forms from the pages themselves, so a new page is tried with its first
commit.
"""

import html
import logging
import random
import sys
import traceback
import warnings
from http.cookies import SimpleCookie
from urllib.parse import urljoin, urlsplit

from django.core.signals import got_request_exception
from django.db import transaction
from django.test import Client
from django.test.client import FakePayload
from django.urls import get_resolver

from smpclinic.environment import BASE_DIR
from smpclinic.roles import Role
from tests import crawl, hostile
from tests.addresses import Address, World, addresses

REQUESTS, QUICK_REQUESTS = 50_000, 150
QUICK_ADDRESSES = 30
CARELESS = "stock"
# A page says that something is wrong by one of these.
SAYS_SO = ('class="error', "error-summary", 'role="alert"', 'aria-invalid="true"', 'class="notice')
LONGEST_KEPT = 400  # a longer value may be cut by the browser's own limit; the page need not repeat it


def prove(*, full: bool, sabotage: bool, seed: int) -> dict[str, object]:
    logging.disable()
    warnings.simplefilter("ignore")  # a body out of shape makes parsers warn; what counts here is the answer
    FakePayload.read = _what_there_is(FakePayload.read)
    FakePayload.readline = _what_there_is(FakePayload.readline)
    if sabotage:
        _make_a_view_careless()
    fuzzer = _Fuzzer(random.Random(seed), full=full)
    fuzzer.ask_everything()
    for _number in range(REQUESTS if full else QUICK_REQUESTS):
        fuzzer.step()
    return {
        "broken": bool(fuzzer.errors or fuzzer.lost) or not fuzzer.refusals,
        "requests": REQUESTS if full else QUICK_REQUESTS,
        "addresses": f"{len(fuzzer.walked)} of {len(addresses())}",
        "forms": sum(len(forms) for forms, _names in fuzzer.pages.values()),
        "error_pages": sum(fuzzer.errors.values()),
        "refusals": fuzzer.refusals,
        "refusals_that_lose_or_hide": len(fuzzer.lost),
        "first": [*sorted(fuzzer.errors)[:10], *sorted(fuzzer.lost)[:10]],
    }


class _Fuzzer:
    """One world, its visitors, and what is wrong with the answers."""

    def __init__(self, rng: random.Random, *, full: bool):
        self.rng, self.world = rng, World()
        self.visitors = crawl.visitors(self.world)
        self.insider = Client(raise_request_exception=False)
        self.insider.force_login(self.world.staff(*Role))
        clients = [self.insider, *(each.client for each in self.visitors)]
        self.signed_in = {client: client.cookies["sessionid"].value for client in clients if client.cookies}
        known = sorted(addresses(), key=lambda each: each.name)
        must = [each for each in known if each.name == CARELESS]
        self.walked = known if full else must * 3 + rng.sample(known, min(QUICK_ADDRESSES, len(known)))
        self.pages: dict[str, tuple[list[hostile.Form], list[str]]] = {}
        self.known_forms: set[tuple[str, ...]] = set()
        self.errors: dict[str, int] = {}
        self.lost: set[str] = set()
        self.refusals, self.fault = 0, ""
        got_request_exception.connect(self._note_fault, weak=False)

    def ask_everything(self) -> None:
        """Every address once with every name a query may have, by somebody who may open it."""
        for address in self.walked:
            _forms, names = self._page(address)
            asked = [*names, *hostile.QUERY_NAMES]
            client = next((each.client for each in self.visitors if each.may_open(address)), self.insider)
            target = f"{self.world.path(address)}?{'&'.join(hostile.pair(self.rng, name) for name in asked)}"
            self._request(address, client, "get", target)

    def step(self) -> None:
        """One hostile request."""
        address = self.rng.choice(self.walked)
        ways = (self._send_form, self._ask, self._spoil_path, self._spoil_frame)
        self.rng.choices(ways, (8, 3, 1, 2))[0](address, self._visitor(address))

    def _visitor(self, address: Address) -> Client:
        """Mostly somebody who may open the address: the others are turned away at the door."""
        welcome = [each for each in self.visitors if each.may_open(address) and each.is_near]
        return self.rng.choice(welcome if welcome and self.rng.random() < 0.8 else self.visitors).client

    def _send_form(self, address: Address, client: Client) -> None:
        forms, _names = self._page(address)
        if not forms:
            self._spoil_frame(address, client)
            return
        form = self.rng.choice(forms)
        sent, typed = hostile.filled(self.rng, form)
        target = urljoin(self.world.path(address), form.action)
        if form.method == "get":
            asked = hostile.query(self.rng, list(sent) or ["q"])
            self._request(address, client, "get", f"{urlsplit(target).path}?{asked}")
        else:
            answer = self._request(address, client, "post", target, data=sent)
            self._judge_refusal(address, answer, typed)

    def _ask(self, address: Address, client: Client) -> None:
        _forms, names = self._page(address)
        asked = hostile.query(self.rng, [*names, *hostile.QUERY_NAMES])
        method = self.rng.choice(("get", "get", "head", "post"))
        self._request(address, client, method, f"{self.world.path(address)}?{asked}")

    def _spoil_path(self, address: Address, client: Client) -> None:
        spoilt = hostile.path(self.rng, self.world.path(address))
        self._request(address, client, self.rng.choice(("get", "post")), spoilt)

    def _spoil_frame(self, address: Address, client: Client) -> None:
        """Headers, cookies, method and body out of shape."""
        names = self.rng.sample(sorted(hostile.HEADERS), self.rng.choice((0, 1, 2, 4)))
        headers = {name: self.rng.choice(hostile.HEADERS[name]) for name in names}
        content, kind = hostile.body(self.rng)
        for name in self.rng.sample(hostile.COOKIES, self.rng.choice((0, 1, 3))):
            if name != "sessionid" or self.rng.random() < 0.3:
                client.cookies[name] = hostile.cookie(self.rng)
        method = self.rng.choice(hostile.METHODS)
        target = self.world.path(address)
        if method in ("post", "put", "patch"):
            self._request(address, client, "generic", method.upper(), target, content, kind, headers=headers)
        else:
            self._request(address, client, method, target, headers=headers)

    def _request(self, address: Address, client: Client, method: str, *target: str, **more):
        """The answer; what the request changed in the database and in the browser is taken back."""
        self.fault = ""
        with transaction.atomic():
            answer = getattr(client, method)(*target, **more)
            content = answer.getvalue() if answer.streaming else answer.content
            answer.close()
            transaction.set_rollback(True)
        client.cookies = SimpleCookie()
        if client in self.signed_in:
            client.cookies["sessionid"] = self.signed_in[client]
        if answer.status_code >= 500:
            where = f"{address.name}: {self.fault or answer.status_code}"
            self.errors[where] = self.errors.get(where, 0) + 1
        answer.said = content.decode("utf-8", "replace")
        return answer

    def _page(self, address: Address) -> tuple[list[hostile.Form], list[str]]:
        """The forms of the page at this address, and the names its queries go by; read once.

        A form that stands on several pages (search, sign out) is kept with the first alone.
        """
        if address.name not in self.pages:
            answer = self._request(address, self.insider, "get", self.world.path(address))
            found = hostile.FormFinder(answer.said if "text/html" in answer.get("Content-Type", "") else "")
            names = {each.name for form in found.forms if form.method == "get" for each in form.fields}
            new = [form for form in found.forms if self._is_new(urljoin(self.world.path(address), form.action), form)]
            self.pages[address.name] = new, sorted(names | found.queries)
        return self.pages[address.name]

    def _is_new(self, target: str, form: hostile.Form) -> bool:
        key = (target, form.method, *sorted({each.name for each in form.fields}))
        if key in self.known_forms:
            return False
        self.known_forms.add(key)
        return True

    def _judge_refusal(self, address: Address, answer, typed: dict[str, str]) -> None:
        """A form that comes back must say why, and still hold what somebody typed into it."""
        if answer.status_code not in (200, 409) or "<form" not in answer.said or not typed:
            return
        self.refusals += 1
        if not any(mark in answer.said for mark in SAYS_SO):
            self.lost.add(f"{address.name}: no word about {sorted(typed)}")
        page = html.unescape(answer.said)
        for name, value in typed.items():
            plain = value.strip()
            if plain and len(plain) <= LONGEST_KEPT and plain.isprintable() and plain not in page:
                self.lost.add(f"{address.name}: {name} lost {plain[:40]!r}")

    def _note_fault(self, **_signal) -> None:
        """Where in our own code the error was raised, to be told with the address."""
        error = traceback.TracebackException(*sys.exc_info())
        places = [f"{frame.filename.removeprefix(f'{BASE_DIR}/')}:{frame.lineno}" for frame in error.stack]
        ours = [place for place in places if not place.startswith(("/", ".venv", "tests/"))]
        self.fault = f"{error.exc_type.__name__} {ours[-1] if ours else 'in a package'}"


def _what_there_is(read):
    """A body that ends before its length says reads short, as a closed connection does, and fails no assertion."""
    return lambda self, size=-1: read(self, -1 if size is None else min(size, len(self)))


def _make_a_view_careless() -> None:
    """The sabotage: a view that reads a number from the query as if everybody sent one."""
    pattern = next(each for each in get_resolver().url_patterns if getattr(each, "name", "") == CARELESS)
    careful = pattern.callback

    def careless(request, *arguments, **named):
        int(request.GET.get("page", "1"))
        return careful(request, *arguments, **named)

    pattern.callback = careless
