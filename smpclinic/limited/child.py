"""A fresh interpreter for one job: ``python -m smpclinic.limited.child``, job on stdin, answer on stdout."""

import os
import sys

from smpclinic.limited import jobs, wire


def main() -> None:
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library that prints must not spoil the answer
    job = wire.receive(sys.stdin.buffer)
    jobs.apply_limits(jobs.limits_of(job.head))
    wire.send(answers, jobs.answer(job))


if __name__ == "__main__":
    main()
