"""What a scanner reads from a label: plain text, a bare GTIN, or GS1 data with GTIN, lot and expiry in it.

GS1 General Specifications, application identifiers 01 (GTIN, 14 digits), 10 (lot, up to 20 signs), 17 (expiry, YYMMDD;
day 00 means the last of the month). Fields of open length end at FNC1, which scanners send as the sign 29.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date

LONGEST = 120
FNC1 = "\x1d"
_FIXED = {"00": 18, "01": 14, "02": 14, "11": 6, "13": 6, "15": 6, "16": 6, "17": 6, "20": 2}
_OPEN = {"10", "21", "22", "30", "37", "240", "241", "250"}
_BRACKETS = re.compile(r"\((\d{2,4})\)([^(]*)")


@dataclass(frozen=True)
class PrintedCode:
    """``text`` as it is kept and compared; the rest where the code says it."""

    text: str
    gtin: str = ""
    lot: str = ""
    expires_on: date | None = None


def read(text: str) -> PrintedCode:
    """Whatever can be told from a scanned or typed code; an unknown one is its own text.

    >>> read("(01)04012345678901(17)270630(10)CB-2417").lot
    'CB-2417'
    >>> read("]d20104012345678901172706301024A").expires_on
    datetime.date(2027, 6, 30)
    >>> read("CB-2417")
    PrintedCode(text='CB-2417', gtin='', lot='', expires_on=None)
    """
    whole = re.sub(r"^\](?:C1|d2|Q3|e0)", "", text.strip()).strip(FNC1)
    fields = _bracketed(whole) or _element_string(whole)
    kept = whole.replace(FNC1, "|")[:LONGEST]
    if not fields:
        return PrintedCode(kept, gtin=_gtin(whole) if _is_gtin(whole) else "")
    return PrintedCode(kept, _gtin(fields.get("01", "")), fields.get("10", ""), _expiry(fields.get("17", "")))


def has_right_check_digit(gtin: str) -> bool:
    """Whether the last digit of a GTIN-8, -12, -13 or -14 fits the others (weights 3 and 1 from the right).

    >>> has_right_check_digit("4006381333931"), has_right_check_digit("4006381333932")
    (True, False)
    """
    digits = [int(digit) for digit in reversed(gtin)]
    return sum(digit * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10 == 0


def _bracketed(text: str) -> dict[str, str]:
    found = _BRACKETS.findall(text)
    return {identifier: value.strip() for identifier, value in found} if text.startswith("(") else {}


def _element_string(text: str) -> dict[str, str]:
    """The fields of a code that begins with a GTIN; empty where it is no such code to its very end."""
    fields: dict[str, str] = {}
    rest = text
    if not rest.startswith("01"):
        return fields
    while rest:
        identifier = next((rest[:n] for n in (2, 3) if rest[:n] in _FIXED or rest[:n] in _OPEN), "")
        if not identifier:
            return {}
        rest = rest[len(identifier) :]
        if length := _FIXED.get(identifier):
            value, rest = rest[:length], rest[length:].lstrip(FNC1)
            if len(value) < length or not value.isdecimal():
                return {}
        else:
            value, _end, rest = rest.partition(FNC1)
        fields[identifier] = value
    return fields


def _is_gtin(text: str) -> bool:
    return bool(re.fullmatch(r"\d{8}|\d{12,14}", text, re.ASCII)) and has_right_check_digit(text)


def _gtin(digits: str) -> str:
    """Without the zeros that pad it to 14: as it stands below the bar code."""
    return digits.lstrip("0").rjust(8, "0") if digits else ""


def _expiry(value: str) -> date | None:
    if not re.fullmatch(r"\d{6}", value, re.ASCII):
        return None
    year, month, day = 2000 + int(value[:2]), int(value[2:4]), int(value[4:])
    if not 1 <= month <= 12:
        return None
    last = calendar.monthrange(year, month)[1]
    return date(year, month, day or last) if day <= last else None
