"""Work done later, by ``manage.py worker``: again after a failure, on time, and never lost with a killed worker.

- ``enqueue`` inside the transaction of the change that causes the work: both happen or neither
- ``@handler("kind")`` above the function that does it, in the app's ``background.py``
- ``@every(hours=24)`` above ``@handler`` for what must happen by itself

Work is done *at least* once: a worker killed between an e-mail and its note sends it again.
"""

from smpclinic.outbox.batches import BatchState, batch_state, enqueue_batch
from smpclinic.outbox.queue import enqueue, try_again
from smpclinic.outbox.registry import GiveUp, Later, UnknownKind, every, handler

__all__ = [
    "BatchState",
    "GiveUp",
    "Later",
    "UnknownKind",
    "batch_state",
    "enqueue",
    "enqueue_batch",
    "every",
    "handler",
    "try_again",
]
