"""Every environment variable this program reads, with its default and its meaning.

The settings read their values through ``read``; the table in README.md is tested against ``VARIABLES``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

BASE_DIR = Path(__file__).resolve().parent.parent


class BadValue(ValueError):
    """A value that cannot be used; the message names it and the cure."""


@dataclass(frozen=True)
class Variable:
    name: str
    default: str
    meaning: str
    parse: Callable[[str], object]


def _mode(text: str) -> str:
    if text not in {"demo", "clinic"}:
        raise BadValue("use demo or clinic")
    return text


def _switch(text: str) -> bool:
    if text.lower() not in {"0", "1", "no", "yes", "false", "true"}:
        raise BadValue("use yes or no")
    return text.lower() in {"1", "yes", "true"}


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise BadValue("use a number from 1 to 65535")
    return int(text)


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) > 9:
        raise BadValue("use a number from 0 to 9")
    return int(text)


def _hosts(text: str) -> list[str]:
    return [host.strip() for host in text.split(",") if host.strip()]


def _web_address(text: str) -> str:
    if text and (urlsplit(text).scheme not in {"http", "https"} or not urlsplit(text).hostname):
        raise BadValue("use an address such as https://clinic.example.org")
    return text.rstrip("/")


VARIABLES = {
    variable.name: variable
    for variable in (
        Variable("SMPCLINIC_MODE", "demo", "demo (invented data) or clinic (real patients)", _mode),
        Variable("SMPCLINIC_DATA", "", "folder of the database, photos and keys; empty: var/ and the mode", str),
        Variable("SMPCLINIC_BACKUPS", "", "folder of the backups; empty: beside the data folder", str),
        Variable("SMPCLINIC_BACKUPS_OFFSITE", "", "a second, mounted folder that follows it; empty: none", str),
        Variable("DATABASE_URL", "", "sqlite:////path or postgres://user:password@host:port/name; empty: SQLite", str),
        Variable("SMPCLINIC_HOSTS", "localhost,127.0.0.1,[::1]", "names this server answers to, by comma", _hosts),
        Variable("SMPCLINIC_PORT", "8000", "port the server listens on", _port),
        Variable(
            "SMPCLINIC_PUBLIC_URL", "", "address patients can reach; empty: no link is sent or printed", _web_address
        ),
        Variable("SMPCLINIC_PROXIES", "0", "how many proxies of your own stand before this server", _count),
        Variable("SMPCLINIC_HTTPS", "no", "yes: cookies travel only over HTTPS, and browsers are told so", _switch),
        Variable(
            "SMPCLINIC_MAIL_URL", "", "smtp://user:password@host:port; empty: mail is kept in the data folder", str
        ),
        Variable("SMPCLINIC_MAIL_FROM", "clinic@localhost", "sender of the clinic's mail", str),
        Variable(
            "SMPCLINIC_DEBUG", "no", "yes: developer's error pages and the style page; never with patients", _switch
        ),
    )
}


def read(name: str, environ: Mapping[str, str]) -> object:
    """The parsed value of one variable, or its default where it is unset or empty."""
    variable = VARIABLES[name]
    text = environ.get(name, "").strip() or variable.default
    try:
        return variable.parse(text)
    except BadValue as error:
        raise BadValue(f"{name}={text} cannot be used: {error}.") from error
