"""Many items under one name, each with a state of its own: tomorrow's sheets, a recall's letters."""

import uuid
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count

from smpclinic.models import Outbox
from smpclinic.outbox.queue import enqueue


@dataclass(frozen=True)
class BatchState:
    """How many items of a batch are in which state."""

    waiting: int
    running: int
    done: int
    failed: int

    @property
    def is_over(self) -> bool:
        return not self.waiting and not self.running

    @property
    def total(self) -> int:
        return self.waiting + self.running + self.done + self.failed


@transaction.atomic
def enqueue_batch(kind: str, *, subject_ids, run_after=None) -> uuid.UUID:
    """Put one item for each subject in the queue; returns the name of the batch."""
    batch = uuid.uuid4()
    for subject_id in subject_ids:
        enqueue(kind, subject_id=subject_id, run_after=run_after, batch=batch)
    return batch


def batch_state(batch: uuid.UUID) -> BatchState:
    """The state of a batch, from its items."""
    counted = Outbox.objects.filter(batch=batch).values_list("state").annotate(Count("pk"))
    return BatchState(**{"waiting": 0, "running": 0, "done": 0, "failed": 0, **dict(counted)})
