"""A tablet at the chair as a proof needs it: it numbers its changes and sends one until the server has it."""

import http.client
import json
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import uuid4

from django.urls import reverse
from django.utils import timezone

from sessions.models import AppliedChange, TreatmentSession, ZonePass
from smpclinic.models import AuditEntry
from tests import program
from tests.sessions.room import begun, install_day_questions, sent

VERBS = ("prepared session", "added pass", "changed pass")
PATIENCE_S = 20


def records(count: int) -> list[TreatmentSession]:
    """Records of treatments that have begun today, each of its own practitioner."""
    install_day_questions()
    return [begun(starts_at=timezone.now().replace(second=0) - timedelta(minutes=5)) for _ in range(count)]


@dataclass
class Tablet:
    """One device at one record. ``told``: what the server answered last about each change."""

    server: program.Program
    session: TreatmentSession
    cookies: str = ""
    device: str = field(default_factory=lambda: str(uuid4()))
    made: int = 0
    sends: int = 0
    told: dict[str, str] = field(default_factory=dict)
    target: str = ""
    machine: str = ""
    depth: str = ""

    def __post_init__(self):
        self.cookies = self.cookies or program.cookies_of(self.session.practitioner)
        self.path = reverse("sessions:changes", args=[self.session.public_id])
        self.before = traces(self.session)

    def next_change(self, chance: random.Random) -> dict:
        """Another machine, another depth of the pass at hand, or a new pass."""
        self.made += 1
        told = {"id": str(uuid4()), "sequence": self.made, "at": None, "was": None}
        if not self.target or chance.random() < 0.2:
            self.target, self.depth = f"pass:{uuid4()}", "1.0"
            return told | {"target": self.target, "field": "add", "value": sent()}
        if chance.random() < 0.5:
            was, self.machine = self.machine, f"Machine {self.made}"
            return told | {"target": "session", "field": "machine", "value": self.machine, "was": was}
        was, self.depth = self.depth, f"{chance.choice([n for n in range(5, 20) if n != float(self.depth) * 10]) / 10}"
        return told | {"target": self.target, "field": "depth_mm", "value": self.depth, "was": was}

    def send(self, change: dict, **headers: str) -> str:
        """What the server said of it; "no answer" or its status where that was no answer."""
        self.sends += 1
        body = json.dumps({"device": self.device, "changes": [change]})
        try:
            status, text = program.post(self.server, self.path, self.cookies, body, json=True, **headers)
        except (OSError, http.client.HTTPException):
            return "no answer"
        if status != 200:
            return str(status)
        self.told[change["id"]] = json.loads(text)["outcomes"][0]["result"]
        return self.told[change["id"]]

    def insist(self, change: dict) -> str:
        """Send it again and again, as the tablet does."""
        deadline = time.monotonic() + PATIENCE_S
        while (said := self.send(change)) not in ("applied", "already", "refused", "changed"):
            if time.monotonic() > deadline:
                return said
            time.sleep(0.05)
        return said

    def problems(self) -> Counter:
        """What is wrong with the record now: a change lost, made twice, half made, or refused without a reason."""
        found = Counter()
        made = set(map(str, AppliedChange.objects.filter(session=self.session).values_list("change_id", flat=True)))
        found["lost"] = len(set(self.told) - made)
        found["unknown"] = len(made - set(self.told))
        found["refused"] = sum(result in ("refused", "changed") for result in self.told.values())
        found["traces too many or few"] = abs(traces(self.session) - self.before - self.made)
        session = TreatmentSession.objects.get(pk=self.session.pk)
        found["other value"] = (session.machine != self.machine) + (self.depth != self.last_depth())
        return found

    def last_depth(self) -> str:
        row = ZonePass.objects.filter(public_id=self.target.removeprefix("pass:")).first() if self.target else None
        return str(row.depth_mm) if row else ""


def traces(session: TreatmentSession) -> int:
    """Entries of the trail about what was recorded; each change leaves exactly one."""
    passes = [str(public_id) for public_id in session.passes.values_list("public_id", flat=True)]
    ids = [str(session.public_id), *passes]
    return AuditEntry.objects.filter(verb__in=VERBS, subject_id__in=ids).count()


def together(work, tablets: list[Tablet]) -> None:
    """Each tablet in a thread of its own."""
    threads = [threading.Thread(target=work, args=(tablet,)) for tablet in tablets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
