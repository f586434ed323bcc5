"""Private links: looking changes nothing, dead links answer alike, and the token is in no log, row, Referer or page."""

import hashlib
import io
import logging
import re
import time
from datetime import date, timedelta

from django.apps import apps
from django.core import mail
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse
from django.utils import timezone

from intake import actions
from intake.models import PrivateLink
from intake.tokens import in_groups, new_token
from intake.views import own
from smpclinic.actors import staff
from smpclinic.masking import mask_server_logs
from smpclinic.outbox.queue import take
from smpclinic.outbox.worker import do
from smpclinic.roles import Role
from tests import crawl
from tests.addresses import World, addresses

RIGHT, WRONG = {"born_on": "3 May 1984"}, {"born_on": "4 May 1984"}
LOOKS = 100
SLOWER_IN_A_CLASS = 3.0  # what differs by less is one class of time, even on a busy machine
SEEN_BY_STAFF = ("home", "patient", "intake:intake", "intake:review", "audit")


def prove(*, full: bool, sabotage: bool, seed: int) -> dict[str, object]:
    if sabotage:
        _log_each_token()
    log = _listen()
    with override_settings(PUBLIC_URL="https://clinic.example", ALLOWED_HOSTS=["testserver", "127.0.0.1"]):
        proof = Proof(World())
        rounds = 20 if full else 1
        for _ in range(rounds):
            proof.go_through(by_mail=False)
            proof.go_through(by_mail=True)
        changed = proof.look()
        unlike, ratio = proof.dead_links(samples=60 if full else 30)
        proof.go_wrong()
        pages = proof.staff_pages(addresses() if full else _sample(seed))
    leaks = [*proof.leaks, *proof.found_in("log", log.getvalue()), *proof.found_in("database", _rows())]
    return {
        "broken": bool(
            leaks or changed or unlike or not pages or len(log.getvalue()) < 100 or ratio > SLOWER_IN_A_CLASS
        ),
        "tokens": len(proof.tokens),
        "looks": 2 * LOOKS,
        "changed_by_looking": changed,
        "dead_answers_unlike": unlike,
        "time_ratio": ratio,
        "staff_pages": pages,
        "log_characters": len(log.getvalue()),
        "leaks": len(leaks),
        "first_leaks": sorted(set(leaks))[:5],
    }


class Proof:
    """One clinic whose every answer is searched for every token that was ever given out."""

    def __init__(self, world: World):
        self.world = world
        self.patient = world.patient
        self.patient.born_on, self.patient.email = date(1984, 5, 3), "anna@clinic.example"
        self.patient.save()
        self.desk = Client()
        self.by = staff(world.staff(Role.RECEPTION))
        self.desk.force_login(self.by.user)
        self.tokens: list[str] = []
        self.leaks: list[str] = []

    def found_in(self, place: str, text: str) -> list[str]:
        """Every token, however it is written, that stands in a text."""
        plain = text.lower()
        return [place for token in self.tokens if token in plain or in_groups(token) in plain]

    def search(self, place: str, response) -> None:
        """An answer to a patient or to staff: its page, its headers, where it leads."""
        body = "" if response.streaming else response.content.decode(errors="replace")
        if response.streaming:
            response.close()
        self.leaks += self.found_in(place, body + str(dict(response.headers)))

    def offer(self, *, by_mail: bool) -> str:
        """A fresh link as staff gives it, with its token taken from the code shown or the mail sent."""
        url = reverse("intake:send_link", args=[self.patient.public_id])
        shown = self.desk.post(url, {"channel": "email" if by_mail else "qr"}, follow=True).content.decode()
        if by_mail:
            mail.outbox.clear()
            while item := take("proof"):
                do(item)
            shown = mail.outbox[0].body
        self.tokens.append(re.search(r"clinic\.example/i/([a-z2-7-]+)/", shown)[1].replace("-", ""))
        return f"/i/{in_groups(self.tokens[-1])}/"

    def go_through(self, *, by_mail: bool) -> None:
        """From the link to handing in: no page on the way knows the token, or tells it on."""
        address, client = self.offer(by_mail=by_mail), Client(raise_request_exception=False)
        first = client.get(address)
        wrong, right = client.post(address, WRONG), client.post(address, RIGHT)
        answers = [first, wrong, right]
        answers.append(client.post("/my-intake/reasons/", {"reasons": ["scar"], "seen": "0"}))
        answers.append(client.post("/my-intake/causes/", {"hereditary-is": "on", "seen": "1"}))
        answers += [client.get(f"/my-intake/{slug}/") for slug in ("wishes", "choices", "photos", "check")]
        answers += [client.post("/my-intake/check/"), client.get("/my-intake/thanks/"), client.get(address)]
        for answer in answers:
            self.search("the patient's page", answer)
            if answer.headers["Referrer-Policy"] != "strict-origin" or answer.headers["Cache-Control"] != "no-store":
                self.leaks.append(f"Referer or cache of {answer.request['PATH_INFO'][:11]}")

    def look(self) -> list[str]:
        """GET and HEAD a hundred times each: the models whose rows changed."""
        address, client = self.offer(by_mail=False), Client()
        before = _digests()
        for _ in range(LOOKS):
            client.get(address)
            client.head(address)
        after = _digests()
        return [name for name in before if before[name] != after[name]]

    def dead_links(self, *, samples: int) -> tuple[list[str], float]:
        """The kinds of dead link that answer otherwise than an unknown one, and the largest ratio of their times."""
        dead = {kind: self._killed(**fields) for kind, fields in _deaths().items()}
        unlike, unknown = [], f"/i/{new_token()}/"
        for kind, address in dead.items():
            for method, sent in (("get", None), ("post", RIGHT), ("post", WRONG)):
                if _answer(address, method, sent) != _answer(unknown, method, sent):
                    unlike.append(f"{kind} {method}")
        quickest = _quickest_s([unknown, *dead.values()], samples)
        return unlike, round(max(quickest) / min(quickest), 2)

    def _killed(self, **fields) -> str:
        address = self.offer(by_mail=False)
        link = PrivateLink.objects.first()
        for name, value in fields.items():
            setattr(link, name, value)
        link.save()
        return address

    def go_wrong(self) -> None:
        """Requests that end in an error page or a line of the log: forged, misdirected, broken off."""
        address = self.offer(by_mail=False)
        strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
        answers = [
            strict.post(address, RIGHT),
            strict.put(address),
            strict.get(f"{address}x/"),
            strict.get(address[:-1]),
        ]
        answers.append(strict.get(address, headers={"host": "evil.example"}))
        broken = own.closed
        try:
            own.closed = _fail
            answers.append(strict.get(f"/i/{self.tokens[0]}/"))
        finally:
            own.closed = broken
        for answer in answers:
            self.search("an error page", answer) if "Location" not in answer.headers else None
        logging.getLogger("gunicorn.error").error("Error handling request %s", address)

    def staff_pages(self, walked) -> int:
        """Every page of staff, of the patient whose link is open, as every role: how many were searched."""
        intake = actions.start_intake(patient=self.patient, by=self.by)
        actions.save_answers(intake=intake, answers={"wishes": "Soft."}, by=self.by)
        count = 0
        for address in walked:
            if address.name in ("intake:private_link", "account_logout"):
                continue
            for _visitor, _method, response in crawl.visit(self.world, address, methods=("get",)):
                count += 1
                self.search(f"page {address.name}", response)
        return count


def _sample(seed: int):
    return [each for each in addresses() if each.name in SEEN_BY_STAFF or each in crawl.sample(seed)[::6]]


def _deaths() -> dict[str, dict[str, object]]:
    now = timezone.now()
    return {
        "replayed": {"used_at": now},
        "expired": {"expires_at": now - timedelta(seconds=1)},
        "revoked": {"revoked_at": now},
        "locked": {"wrong_tries": 5},
    }


def _answer(address: str, method: str, sent) -> tuple[object, ...]:
    """All of an answer but chance: status, headers, page, and how many statements it took."""
    with CaptureQueriesContext(connection) as queries:
        answer = getattr(Client(), method)(address, sent)
    page = re.sub(r'(csrf-token" content=")\w+', r"\1", answer.content.decode())
    return answer.status_code, sorted(answer.headers.items()), page, len(queries)


def _quickest_s(paths: list[str], samples: int) -> list[float]:
    """The shortest time of each, in seconds, taken in turns: what the machine does beside it falls on all alike."""
    client, times = Client(), {path: [] for path in paths}
    for _ in range(samples):
        for path, taken in times.items():
            began = time.perf_counter()
            client.get(path)
            taken.append(time.perf_counter() - began)
    return [min(taken) for taken in times.values()]


def _rows() -> str:
    """Every value of every row of the database, as text."""
    encoder = DjangoJSONEncoder()
    return "\n".join(
        encoder.encode([str(value) for value in row])
        for model in apps.get_models()
        for row in model._base_manager.values_list()
    )


def _digests() -> dict[str, str]:
    return {
        model._meta.label: hashlib.sha256(
            repr(list(model._base_manager.order_by("pk").values_list())).encode()
        ).hexdigest()
        for model in apps.get_models()
    }


def _listen() -> io.StringIO:
    """What the program's own handlers write, at their most talkative, and what the web server writes beside them."""
    log = io.StringIO()
    logging.getLogger().setLevel(logging.DEBUG)
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(log)
    server = logging.getLogger("gunicorn.error")
    server.addHandler(logging.StreamHandler(log))
    server.propagate = False
    mask_server_logs()
    return log


def _fail(request):
    raise RuntimeError(f"broken at {request.path}")


def _log_each_token() -> None:
    hashed = own.token_hash

    def telling(token: str) -> str:
        logging.getLogger("smpclinic").warning("A link was opened: %s", token)
        return hashed(token)

    own.token_hash = telling
