"""Hostile requests: values nobody would type, forms as the pages offer them, frames of a request out of shape."""

import random
import string
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, quote, quote_plus, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile

VALUES = (
    "", " ", "\t", "0", "-1", "-0", "1", "00", "+1", "1.5", "1,5", "1e5", "1e309", "-1e309", "NaN", "Infinity", "0x10",
    "1_000", "٣", "１２", "²", "½", "9" * 19, "9" * 40, "9" * 5000, "0." + "0" * 400 + "1", "2147483648",
    "9223372036854775808", "-9223372036854775809", "32768", "true", "on", "None", "null", "undefined", "[]", "{}",
    '{"a": [1e999]}', "[" * 3000, '{"width": 1, "height": 1, "strokes": 7}', "0001-01-01", "0000-00-00", "9999-12-31",
    "10000-01-01", "2026-02-30", "2026-13-01", "1900-02-29", "31/12/2026", "tomorrow", "24:00", "25:99", "-1:00",
    "23:59:59.9999999", "2026-03-29T02:30", "9999-12-31T23:59:59Z", "00000000-0000-0000-0000-000000000000",
    "not-a-uuid", "1.1.1", "-1.2.3", "9" * 12 + ".1.1", "a\0b", "\0", "\x1b[31m", "\r\nSet-Cookie: a=b",
    "\u202e\u200f\ufeff",
    "\ud7ff\ue000\U0010ffff", "Ａ" * 50, "é" * 400, "x" * 401, "x" * 4001, "x" * 70_000, "🙂" * 300, "\n" * 5000,
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}{% debug %}", "%s%n%d", "%00", "%ff",
    "' OR 1=1 --", "'; DROP TABLE intake_patient; --", "../../../etc/passwd", "/dev/null", "//evil.example/x",
    "javascript:alert(1)", "=cmd|' /C calc'!A0", "o'neill@example.org", "a@" + "b" * 300 + ".example", "+44 20 7946",
)  # fmt: skip
# What a query is usually called, beside the names that the pages themselves use.
QUERY_NAMES = ("page", "q", "id", "day", "date", "from", "to", "next", "sort", "limit", "kind", "by", "number", "new")
HEADERS = {
    "host": ("evil.example", "localhost:99999", "[::1", "a b", "127.0.0.1:0", "..", ""),
    "x-forwarded-for": ("1.2.3.4, , x", "9" * 500, "::1%25eth0", "\x7f"),
    "x-forwarded-proto": ("https", "gopher"),
    "accept-language": ("xx-" + "y" * 500, "*;q=9e99", "en;q=nan", "de,,;;q"),
    "accept-encoding": ("gzip;q=1e999", "br;br;br", "identity;q=0"),
    "referer": ("javascript:alert(1)", "http://[", "x" * 5000),
    "hx-request": ("true", "yes", "\xff"),
    "hx-current-url": ("http://[::bad", "x" * 3000, "%ff%fe"),
    "hx-current-url-uri-autoencoded": ("true",),
    "hx-target": ("'\"><", "x" * 500),
    "if-modified-since": ("yesterday", "Thu, 99 Foo 9999 99:99:99 GMT"),
    "if-none-match": ('W/"', "*", "x" * 2000),
    "range": ("bytes=9-1", "bytes=-99999999999999999999", "bytes=a-b", "lines=1-2"),
    "x-requested-with": ("XMLHttpRequest",),
    "accept": ("application/json", "*/*;q=x", "text/html;" * 200),
    # "x" or "-1" never come this far: the web server refuses them. More than is sent is a browser that hangs up.
    "content-length": ("0", "3", "99999999999"),
}
COOKIES = ("sessionid", "csrftoken", "messages", "known_device", "django_language")
METHODS = ("get", "post", "head", "put", "patch", "delete", "options")


@dataclass
class Field:
    name: str
    kind: str
    value: str = ""
    options: list[str] = field(default_factory=list)

    @property
    def is_typed(self) -> bool:
        """Whether a person types into it, so that what was typed can be lost."""
        return self.kind in ("text", "search", "tel", "email", "number", "date", "time", "textarea", "datetime-local")


@dataclass
class Form:
    action: str
    method: str
    fields: list[Field] = field(default_factory=list)


class FormFinder(HTMLParser):
    """Every form of a page with its fields as they stand, and every query that a link of the page uses."""

    def __init__(self, page: str):
        super().__init__()
        self.forms: list[Form] = []
        self.queries: set[str] = set()
        self._by_id: dict[str, Form] = {}
        self._late: list[tuple[str, Field]] = []
        self._form: Form | None = None
        self._field: Field | None = None
        self.feed(page)
        for form_id, late in self._late:
            if form_id in self._by_id:
                self._by_id[form_id].fields.append(late)

    def handle_starttag(self, tag, attrs):
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(told.get("action", ""), told.get("method", "get").lower())
            self.forms.append(self._form)
            self._by_id[told.get("id", "")] = self._form
        elif tag in ("input", "button", "select", "textarea") and "__prefix__" not in told.get("name", "__prefix__"):
            self._add(tag, told)
        elif tag == "option" and self._field is not None:
            self._field.options.append(told.get("value", ""))
            if "selected" in told:
                self._field.value = told.get("value", "")
        elif tag == "a":
            self.queries |= {name for name, _value in parse_qsl(urlsplit(told.get("href", "")).query)}
        for way in ("get", "post"):
            if f"hx-{way}" in told:
                self.forms.append(Form(told[f"hx-{way}"], way, list(self._form.fields) if self._form else []))

    def _add(self, tag, told):
        kind = {"input": told.get("type", "text"), "button": "submit"}.get(tag, tag)
        found = Field(told["name"], kind, told.get("value", ""))
        if kind in ("checkbox", "radio") and "checked" not in told:
            found.options, found.value = [told.get("value", "on")], ""
        if told.get("form"):
            self._late.append((told["form"], found))
        elif self._form is not None:
            self._form.fields.append(found)
        if tag in ("select", "textarea"):
            self._field = found

    def handle_data(self, data):
        if self._field is not None and self._field.kind == "textarea":
            self._field.value += data

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag in ("select", "textarea"):
            self._field = None


def filled(rng: random.Random, form: Form) -> tuple[dict[str, object], dict[str, str]]:
    """A form as somebody might send it, with a few fields spoilt; the second are the spoilt ones that were typed.

    Where a hidden field was spoilt too, none is told: whoever tampers with the form is owed a sentence, not the rest.
    """
    sent: dict[str, object] = {}
    for each in form.fields:
        if each.kind in ("checkbox", "radio") and not each.value:
            if rng.random() < 0.4:
                sent[each.name] = each.options[0] if each.options else "on"
        elif each.kind == "file":
            sent[each.name] = _file(rng)
        elif each.kind != "submit":
            sent[each.name] = each.value or rng.choice([*each.options, "1", "Ana"])
    buttons = [each for each in form.fields if each.kind == "submit"]
    if buttons and rng.random() < 0.9:  # a browser sends the one that was pressed
        pressed = rng.choice(buttons)
        sent[pressed.name] = pressed.value
    spoilt: dict[str, str] = {}
    tampered = False
    for each in rng.sample(form.fields, min(len(form.fields), rng.choice((1, 1, 2, 3, 8)))):
        if each.kind == "file":
            continue
        way, tampered = rng.random(), tampered or each.kind == "hidden"
        if way < 0.1:
            sent.pop(each.name, None)
        elif way < 0.2:
            sent[each.name] = [rng.choice(VALUES) for _each in range(rng.choice((2, 3, 40)))]
        else:
            sent[each.name] = rng.choice(VALUES)
            if each.is_typed:
                spoilt[each.name] = str(sent[each.name])
    if rng.random() < 0.1:
        sent["".join(rng.choices(string.printable, k=8))] = rng.choice(VALUES)
    if tampered:
        return sent, {}
    return sent, {name: value for name, value in spoilt.items() if sent.get(name) == value}


def _file(rng: random.Random) -> SimpleUploadedFile:
    name = rng.choice(("photo.jpg", "a\r\nb.jpg", "../../x.php", "x" * 300 + ".png", "nul", "é.webp"))
    content = rng.choice((b"", b"GIF89a", b"\xff\xd8\xff\xe0", rng.randbytes(300), b"<svg onload=alert(1)>"))
    return SimpleUploadedFile(name, content, rng.choice(("image/jpeg", "text/html", "x/y; a=\x7f", "")))


def query(rng: random.Random, names: list[str]) -> str:
    """A query string, some of it no UTF-8 or no query at all."""
    if rng.random() < 0.1:
        return rng.choice(
            ("%", "%ff=%fe", "&&&==", "a" * 3000, "=".join("ab" * 500), "q=%00", "q[]=1&q[a]=2", "?", ";")
        )
    return "&".join(pair(rng, name) for name in rng.choices(names, k=rng.choice((1, 1, 2, 5))))


def pair(rng: random.Random, name: str) -> str:
    """A name of a query with a hostile value."""
    return f"{quote_plus(name)}={quote_plus(rng.choice(VALUES).encode('utf-8', 'surrogatepass'))[:6000]}"


def body(rng: random.Random) -> tuple[bytes, str]:
    """A body out of shape, with its content type."""
    return rng.choice(
        (
            (b"", "multipart/form-data"),
            (b"--x\r\n", "multipart/form-data; boundary=x"),
            (b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n1", "multipart/form-data; boundary=x"),
            (b"x" * 3000, "multipart/form-data; boundary=" + "y" * 300),
            (
                b"--x\r\nContent-Disposition: form-data; name*=utf-7''%ff\r\n\r\n1\r\n--x--",
                "multipart/form-data; boundary=x",
            ),
            (b"a=%ff&b=%00&c", "application/x-www-form-urlencoded"),
            (b"&".join(b"f%d=1" % n for n in range(2100)), "application/x-www-form-urlencoded"),
            (b"a=1", "application/x-www-form-urlencoded; charset=utf-32"),
            (b"a=1", "application/x-www-form-urlencoded; charset=nowhere"),
            (b"{", "application/json"),
            (b"\xff\xfe", "text/plain; charset=utf-16"),
            (b"<a/>", "application/xml"),
        )
    )


def path(rng: random.Random, good: str) -> str:
    """An address with one part of it spoilt."""
    parts = good.split("/")
    at = rng.randrange(1, len(parts))
    parts[at] = quote(rng.choice(VALUES).encode("utf-8", "surrogatepass")[:300], safe="")
    return "/".join(parts)


def cookie(rng: random.Random) -> str:
    """The value of a cookie, without the characters that no browser could send."""
    value = rng.choice(VALUES)[:2000].translate(dict.fromkeys([*range(32), 127]))
    return value.encode("utf-8", "surrogatepass").decode("latin-1")
