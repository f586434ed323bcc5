"""Compare what was sealed with what stands there now: plain values of JSON on both sides."""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal, InvalidOperation


def first_difference(sealed: object, live: object, *, may_change: Collection[str] = (), path: str = "") -> str:
    """Where ``live`` first differs from ``sealed``, as "passes 2 depth_mm"; empty where it says the same.

    Only what was sealed is looked at: a field that the record gained since is none of the seal's business, nor one
    that the program no longer has. ``may_change`` holds paths without numbers ("patient name"): names that are looked
    up elsewhere and may rightly be another by now. Numbers and moments count by their value.

    >>> first_difference({"passes": [{"depth_mm": "1.0"}]}, {"passes": [{"depth_mm": "2.0"}]})
    'passes 1 depth_mm'
    >>> first_difference({"depth_mm": "1.0"}, {"depth_mm": "1.00", "note": ""})
    ''
    """
    if _without_numbers(path) in may_change:
        return ""
    if isinstance(sealed, dict) and isinstance(live, dict):
        told = ((sealed[key], live[key], key) for key in sealed if key in live)
    elif isinstance(sealed, list) and isinstance(live, list):
        if len(sealed) != len(live):
            return path or "everything"
        told = ((old, new, str(number)) for number, (old, new) in enumerate(zip(sealed, live, strict=True), start=1))
    else:
        return "" if _same(sealed, live) else path or "everything"
    for old, new, step in told:
        if found := first_difference(old, new, may_change=may_change, path=f"{path} {step}".strip()):
            return found
    return ""


def _without_numbers(path: str) -> str:
    return " ".join(word for word in path.split() if not word.isdigit())


def _same(sealed: object, live: object) -> bool:
    if sealed == live and type(sealed) is type(live):
        return True
    if not isinstance(sealed, str) or not isinstance(live, str):
        return False
    return _number(sealed) == _number(live) is not None or _moment(sealed) == _moment(live) is not None


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
