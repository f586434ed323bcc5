"""Ask for pages as a web server would: through WSGI with every middleware, and no test client's own work counted."""

import io
from contextlib import contextmanager

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test import Client


class Browser:
    """A signed-in member of staff."""

    _application = None

    def __init__(self, user):
        client = Client()
        client.force_login(user)
        self._cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
        Browser._application = Browser._application or get_wsgi_application()

    def get(self, address: str, *, partial: bool = False) -> bytes:
        """The page at ``address``; ``partial`` asks as htmx does. RuntimeError where the answer is not 200."""
        path, _, query = address.partition("?")
        environ = {
            "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "SERVER_NAME": "localhost",
            "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "localhost", "HTTP_COOKIE": self._cookie,
            "REMOTE_ADDR": "127.0.0.1", "wsgi.input": io.BytesIO(), "wsgi.errors": io.StringIO(),
            "wsgi.url_scheme": "http", "wsgi.multithread": True, "wsgi.multiprocess": True, "wsgi.run_once": False,
            "wsgi.version": (1, 0),
        }  # fmt: skip
        if partial:
            environ["HTTP_HX_REQUEST"] = "true"
        told = []
        response = self._application(environ, lambda status, headers, info=None: told.append(status))
        try:
            body = b"".join(response)
        finally:
            response.close()
        if not told[0].startswith("200"):
            raise RuntimeError(f"{address} answered {told[0]}")
        return body


@contextmanager
def counted_queries():
    """A list that holds every statement sent within the block."""
    sent = []

    def note(execute, sql, params, many, context):
        sent.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield sent
