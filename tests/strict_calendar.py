"""A second reader of calendar files, written from RFC 5545 and RFC 5546 alone: what breaks a rule is refused in words.

It knows only what an invitation needs: VCALENDAR, VEVENT and VALARM, times in UTC, METHOD REQUEST and CANCEL.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

LONGEST_LINE = 75  # octets without the line break: 3.1
_PARAMETER = r';[A-Z0-9-]+=(?:"[^"\x00-\x1f]*"|[^";:,\x00-\x1f]*)(?:,(?:"[^"\x00-\x1f]*"|[^";:,\x00-\x1f]*))*'
_LINE = re.compile(rf"([A-Z0-9-]+)((?:{_PARAMETER})*):([^\x00-\x08\x0a-\x1f]*)")
_TEXT = re.compile(r"(?:[^\\;,]|\\[\\;,nN])*")
_DURATION = re.compile(r"[+-]?P(?=[0-9T])(?:\d+W|(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+S)?)?)")
_MAIL = re.compile(r"mailto:[^@\s]+@[^@\s]+", re.IGNORECASE)
TEXTS = ("SUMMARY", "DESCRIPTION", "LOCATION", "UID", "PRODID")
PARENT = {"VCALENDAR": "", "VEVENT": "VCALENDAR", "VALARM": "VEVENT"}
ONCE = {
    "VCALENDAR": ("PRODID", "VERSION", "METHOD"),
    "VEVENT": ("UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "STATUS", "SUMMARY", "ORGANIZER"),
    "VALARM": ("ACTION", "TRIGGER", "DESCRIPTION"),
}
AT_MOST_ONCE = ("CALSCALE", "LOCATION", "DESCRIPTION", "CLASS", "TRANSP", "PRIORITY", "URL", "CREATED", "LAST-MODIFIED")
STATUS = {"REQUEST": ("CONFIRMED", "TENTATIVE"), "CANCEL": ("CANCELLED",)}


class BadCalendar(ValueError):
    """The file breaks a rule; the message says which."""


@dataclass
class Part:
    """One component: its properties as (name, value as written), and the parts in it."""

    name: str
    lines: list[tuple[str, str]] = field(default_factory=list)
    parts: list["Part"] = field(default_factory=list)

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.lines if key == name]

    def one(self, name: str) -> str:
        _require(len(self.all(name)) == 1, f"{self.name} has {len(self.all(name))} {name}, not one")
        return self.all(name)[0]

    def text(self, name: str) -> str:
        """A text with its escapes undone (3.3.11)."""
        return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], self.one(name))


def read_invitation(file: bytes) -> tuple[str, Part]:
    """METHOD and the one event of an invitation; BadCalendar where anything breaks a rule."""
    calendar = _nested([_parted(line) for line in _unfolded(file)])
    _check_counts(calendar)
    _require(calendar.one("VERSION") == "2.0", "VERSION is not 2.0")
    method = calendar.one("METHOD")
    _require(method in STATUS, f"METHOD {method} is no invitation")
    _require(len(calendar.parts) == 1, "an invitation holds one event")
    _check_event(calendar.parts[0], method)
    return method, calendar.parts[0]


def moment(value: str) -> datetime:
    """A date and time in UTC (3.3.5, form 2): the only form that needs no VTIMEZONE and means one moment."""
    _require(bool(re.fullmatch(r"\d{8}T\d{6}Z", value)), f"{value} is not a time in UTC")
    try:
        return datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise BadCalendar(f"there is no {value}") from error


def _unfolded(file: bytes) -> list[str]:
    _require(file.endswith(b"\r\n"), "the last line has no CRLF")
    physical = file[:-2].split(b"\r\n")
    for line in physical:
        _require(b"\r" not in line and b"\n" not in line, "a line break is not CRLF")
        _require(0 < len(line) <= LONGEST_LINE, f"a line has {len(line)} octets")
        try:
            line.decode()  # a fold within a character is allowed, but readers are known to stumble over it
        except UnicodeDecodeError as error:
            raise BadCalendar("a line is not whole UTF-8") from error
    _require(physical[0][:1] not in (b" ", b"\t"), "the first line goes on from nothing")
    return re.sub(r"\r\n[ \t]", "", file[:-2].decode()).split("\r\n")


def _parted(line: str) -> tuple[str, str, str]:
    """Name, parameters and value of a content line (3.1)."""
    found = _LINE.fullmatch(line)
    if not found:
        raise BadCalendar(f"no content line: {line}")
    name, parameters, value = found.groups()
    _require(name not in TEXTS or bool(_TEXT.fullmatch(value)), f"{name} is not escaped")
    return name, parameters, value


def _nested(lines: list[tuple[str, str, str]]) -> Part:
    root = Part("")
    opened = [root]
    for name, parameters, value in lines:
        if name == "BEGIN":
            _require(PARENT.get(value) == opened[-1].name, f"{value} stands in {opened[-1].name or 'nothing'}")
            part = Part(value)
            opened[-1].parts.append(part)
            opened.append(part)
        elif name == "END":
            _require(len(opened) > 1 and opened.pop().name == value, f"END:{value} ends something else")
        else:
            _require(len(opened) > 1, f"{name} stands outside")
            _require("TZID=" not in parameters, "a zone is named that the file does not hold")
            opened[-1].lines.append((name, value))
    _require(len(opened) == 1 and len(root.parts) == 1, "the file is not one whole calendar")
    return root.parts[0]


def _check_counts(part: Part) -> None:
    for name in ONCE[part.name]:
        part.one(name)
    for name in AT_MOST_ONCE:
        _require(len(part.all(name)) <= 1, f"{part.name} has more than one {name}")
    for inner in part.parts:
        _check_counts(inner)


def _check_event(event: Part, method: str) -> None:
    """RFC 5545, 3.6.1, and RFC 5546, 3.2.2 and 3.2.5."""
    moment(event.one("DTSTAMP"))
    _require(moment(event.one("DTSTART")) < moment(event.one("DTEND")), "DTEND is not after DTSTART")
    _require(event.one("UID") != "", "UID is empty")
    _require(bool(re.fullmatch(r"\d+", event.one("SEQUENCE"))), "SEQUENCE is no whole number")
    _require(event.one("STATUS") in STATUS[method], f"STATUS {event.one('STATUS')} does not go with {method}")
    _require(bool(event.all("ATTENDEE")), "nobody is invited")
    for address in (event.one("ORGANIZER"), *event.all("ATTENDEE")):
        _require(bool(_MAIL.fullmatch(address)), f"{address} is no mail address")
    _require(method == "REQUEST" or not event.parts, "a cancelled visit has an alarm")
    for alarm in event.parts:
        _require(alarm.one("ACTION") == "DISPLAY", "the alarm does not show words")
        _require(bool(_DURATION.fullmatch(alarm.one("TRIGGER"))), f"TRIGGER {alarm.one('TRIGGER')} is no duration")


def _require(is_kept: bool, broken: str) -> None:
    if not is_kept:
        raise BadCalendar(broken)
