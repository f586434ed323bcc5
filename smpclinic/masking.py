"""No token of a private link reaches a log, whoever writes the line and whatever the reason."""

import logging
import re

PATTERN = re.compile(r"(/i/)[^/\s\"'?#<>]+")


def masked(text: str) -> str:
    """The text with the secret part of each private address taken out.

    >>> masked("Not Found: /i/abcd-efgh/?x=1")
    'Not Found: /i/…/?x=1'
    """
    return PATTERN.sub(r"\1…", text)


class MaskTokens(logging.Filter):
    """Lets every record through, without tokens in its message or traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if PATTERN.search(message):
            record.msg, record.args = masked(message), ()
        if record.exc_info:
            record.exc_text = masked(logging.Formatter().formatException(record.exc_info))
        return True


def mask_server_logs() -> None:
    """The web server writes its own lines about requests that it cannot serve, past Django's logging."""
    for name in ("gunicorn.error", "gunicorn.access", "waitress"):
        logging.getLogger(name).addFilter(MaskTokens())
