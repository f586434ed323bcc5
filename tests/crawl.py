"""Request every address as every kind of visitor, and say what is wrong with the answer."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

from django.db import transaction
from django.test import Client

from smpclinic.roles import Role
from tests.addresses import ANYBODY, POLICY, SIGNED_IN, Address, World, addresses

METHODS = ("get", "post", "head", "put", "delete")
OPENED = {200, 302, 400, 405, 409}
LOGIN = "/accounts/login/"


@dataclass(frozen=True)
class Visitor:
    """Somebody with a browser. ``is_near``: of the patient's own location."""

    name: str
    client: Client
    roles: tuple[Role, ...] = ()
    is_signed_in: bool = True
    is_near: bool = True

    def may_open(self, address: Address) -> bool:
        policy = POLICY.get(address.name, ())
        if policy == ANYBODY:
            return True
        if policy == SIGNED_IN:
            return self.is_signed_in
        return self.is_signed_in and any(role in policy for role in self.roles)


def visitors(world: World) -> list[Visitor]:
    """A stranger, an account out of use, one without roles, each role, and all roles at another location."""
    gone = world.staff(*Role)
    found = [Visitor("stranger", Client(), is_signed_in=False), Visitor("gone", _client(gone), is_signed_in=False)]
    gone.is_active = False
    gone.save()
    found.append(Visitor("no role", _client(world.staff())))
    found += [Visitor(str(role), _client(world.staff(role)), (role,)) for role in Role]
    afar = _client(world.staff(*Role, location=world.south))
    return [*found, Visitor("another location", afar, tuple(Role), is_near=False)]


def _client(user) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def visit(world: World, address: Address, *, methods=METHODS) -> Iterator[tuple[Visitor, str, object]]:
    """Every visitor's answer to every method; what a request changed is taken back."""
    for visitor in visitors(world):
        for method in methods:
            with transaction.atomic():
                response = getattr(visitor.client, method)(world.path(address))
                if response.streaming:
                    response.getvalue()  # reading to the end closes it; closing it again would close the database
                transaction.set_rollback(True)
            yield visitor, method, response


def problem_with_access(world: World, address: Address, visitor: Visitor, response) -> str:
    """What is wrong with this answer for this visitor; empty where nothing is."""
    status = response.status_code
    if status >= 500:
        return f"status {status}"
    if POLICY.get(address.name) == ANYBODY:
        return "" if not _names_the_patient(world, response) else "an open page names the patient"
    if not visitor.is_signed_in:
        return "" if status == 302 and response.url.startswith(LOGIN) else f"status {status}, not sent to sign in"
    if not visitor.may_open(address):
        return _unless(
            status in {403, 405} and not _names_the_patient(world, response), f"status {status}, not refused"
        )
    if not visitor.is_near:
        allowed = {404, 405} if address.is_about_a_patient else OPENED | {404}
        fine = status in allowed and not _names_the_patient(world, response)
        return _unless(fine, f"status {status}, another location's patient is opened or named")
    return _unless(status in OPENED | ({404} if POLICY[address.name] == SIGNED_IN else set()), f"status {status}")


def _unless(fine: bool, problem: str) -> str:
    return "" if fine else problem


def _names_the_patient(world: World, response) -> bool:
    body = b"" if response.streaming else response.content  # a streamed answer is a photo or a static file
    return world.patient.full_name.encode() in body or b"+44 20 7946" in body


def sample(seed: int) -> list[Address]:
    """A quarter of the addresses, another with each seed; the tests walk them all."""
    return list(addresses())[seed % 4 :: 4]


def leaks(address_list) -> Iterator[tuple[str, str, str, str]]:
    """(address, visitor, method, problem) for everything wrong in the whole matrix; "" problems are told too."""
    world = World()
    for address in address_list:
        for visitor, method, response in visit(world, address):
            yield address.name, visitor.name, method, problem_with_access(world, address, visitor, response)


# Headers

STRICT = {
    "X-Content-Type-Options": r"nosniff",
    "X-Frame-Options": r"DENY",
    "Referrer-Policy": r"same-origin|strict-origin|no-referrer",
    "Cross-Origin-Opener-Policy": r"same-origin",
    "Cross-Origin-Resource-Policy": r"same-origin",
    "Permissions-Policy": r".*geolocation=\(\).*",
    "Content-Security-Policy": r"default-src 'none'.*",
}
CSP_PARTS = ("frame-ancestors 'none'", "base-uri 'none'", "require-trusted-types-for 'script'", "trusted-types")


def problems_with_headers(response, *, is_static: bool = False) -> list[str]:
    """Each header that is missing or too weak, and each inline script, style or handler in the page."""
    found = [
        f"{name}: {response.headers.get(name)}"
        for name, wanted in STRICT.items()
        if not re.fullmatch(wanted, response.headers.get(name, ""))
    ]
    policy = response.headers.get("Content-Security-Policy", "")
    found += [f"no {part}" for part in CSP_PARTS if part not in policy]
    scripts = re.search(r"script-src ([^;]*)", policy)
    if scripts and re.search(r"unsafe|\*|https?:|data:", scripts[1]):
        found.append(f"script-src {scripts[1]}")
    caching = response.headers.get("Cache-Control", "")
    if ("immutable" not in caching) if is_static else ("no-store" not in caching):
        found.append(f"Cache-Control: {caching}")
    if not response.streaming and response.headers.get("Content-Type", "").startswith("text/html"):
        found += _inline(response.content.decode())
    return found


def _inline(page: str) -> list[str]:
    parser = _InlineFinder()
    parser.feed(page)
    return parser.found


class _InlineFinder(HTMLParser):
    """Finds what the policy would stop in a browser: the page would be broken there."""

    def __init__(self):
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        if tag == "style" or (tag == "script" and "src" not in named and named.get("type") != "application/json"):
            self.found.append(f"inline <{tag}>")
        self.found += [f"{tag} {name}=" for name in named if name == "style" or name.startswith("on")]
