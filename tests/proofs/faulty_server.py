"""The program as a server starts it, with a fault on demand: a request says in a header where it shall fail.

``X-Fault: N``: its Nth statement to the database fails; ``X-Fault: answer``: all is done, and the answer is lost.
Sabotaged, a change is made outside its transaction, or answered before it is made.
"""

import os
import threading
import time

from django.db import OperationalError, connection

from smpclinic.wsgi import application as program

NO_TRANSACTION = "SMPCLINIC_TESTS_NO_TRANSACTION"
ANSWER_FIRST = "SMPCLINIC_TESTS_ANSWER_FIRST"
LOST = "answer"
LATE_S = 0.4


def application(environ, start_response):
    """WSGI, as the program's own."""
    fault = environ.get("HTTP_X_FAULT", "")
    if fault == LOST:
        list(program(environ, lambda *_args: None))
        start_response("504 Gateway Timeout", [("Content-Type", "text/plain")])
        return [b"The answer is lost."]
    if fault.isdigit():
        with connection.execute_wrapper(_failing(int(fault))):
            return program(environ, start_response)
    return program(environ, start_response)


def _failing(number: int):
    count = 0

    def execute(execute, sql, params, many, context):
        nonlocal count
        count += 1
        if count == number:
            raise OperationalError("disk I/O error, on purpose")
        return execute(sql, params, many, context)

    return execute


def _answer_first() -> None:
    """Say that it is done, and do it a little later."""
    from sessions.views import changes as views

    make = views.actions.apply_changes

    def promise(*, session, changes, by):
        told = list(changes)

        def later():
            time.sleep(LATE_S)
            make(session=session, changes=told, by=by)
            connection.close()

        threading.Thread(target=later).start()
        return [views.actions.Outcome(change.change_id, "applied") for change in told]

    views.actions.apply_changes = promise


if os.environ.get(NO_TRANSACTION):
    from sessions.actions import changes

    changes._apply_once = changes._apply_once.__wrapped__
if os.environ.get(ANSWER_FIRST):
    _answer_first()
