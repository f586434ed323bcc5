"""What must be in order before a session starts and before its record is signed.

Every item blocks until it is in order or overridden by name and reason; a few can never be
overridden. The words are ready to show at the chair.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from intake.dates import in_words
from intake.screening import Finding

LEAST_BEFORE_PHOTOS = 1


@dataclass(frozen=True, kw_only=True)
class ReadinessFacts:
    """What is known of a session on the day ``on`` (clinic-local).

    ``standing`` are the blocking findings that nothing has settled, ``unacknowledged`` the alerts nobody has
    confirmed reading; ``healed`` is None until it is judged. The last group matters for signing alone.
    """

    on: date
    plan_version: int
    agreed_version: int | None
    practitioner: str
    is_qualified: bool
    health_asked_on: date | None
    standing: tuple[Finding, ...] = ()
    unacknowledged: tuple[str, ...] = ()
    patch_test_demanded: bool = False
    patch_test_clear: bool = False
    before_photos: int = 0
    photos_refused: bool = False
    pigment_information_given: bool = False
    previous_session_on: date | None = None
    least_gap_days: int = 2
    is_breach_recorded: bool = False
    healed: bool | None = None
    room_cleaned: bool = False
    needles_opened_before_patient: bool = False
    is_late_entry: bool = False

    passes: int = 0
    running_zones: tuple[str, ...] = ()
    passes_without_pigment_lot: tuple[str, ...] = ()
    needle_lots: int = 0
    recalled_lots: tuple[str, ...] = ()
    reaction_recorded: bool = False


@dataclass(frozen=True)
class Item:
    """One line of the list: what is in order, or what is missing and what to do."""

    code: str
    words: str
    ok: bool
    blocking: bool = True
    overridable: bool = True


@dataclass(frozen=True)
class OverriddenItem:
    code: str
    overridden_by: str
    reason: str


def readiness_to_start(facts: ReadinessFacts) -> tuple[Item, ...]:
    """The list before the first pass."""
    return (
        _agreement(facts),
        _qualification(facts),
        _health(facts),
        *_findings(facts),
        *_alerts(facts),
        *_patch_test(facts),
        *_gap(facts),
        *_healed(facts),
        _photos(facts),
        _told(
            "pigment_information",
            "Pigment information given",
            "Give the pigment information before the pigment is used",
            facts.pigment_information_given,
        ),
        _told("room_cleaned", "Room cleaned", "Confirm that the room was cleaned", facts.room_cleaned),
        _told(
            "needles_opened",
            "Sterile needles opened before the patient",
            "Open the sterile needles before the patient",
            facts.needles_opened_before_patient,
        ),
    )


def readiness_to_sign(facts: ReadinessFacts) -> tuple[Item, ...]:
    """The list before the record is locked: everything from before the start, and what the work added."""
    return (
        *readiness_to_start(facts),
        _told("passes", "Zones and passes recorded", "Record at least one pass", facts.passes > 0),
        _clock(facts),
        _pigment_lots(facts),
        _told("needle_lots", "Needle lot recorded", "Record the needle lot", facts.needle_lots > 0),
        *_recalled(facts),
        _told("reaction", "Reaction recorded", 'Record the reaction, or "none"', facts.reaction_recorded),
    )


def unmet(items: Iterable[Item], overridden: Iterable[OverriddenItem] = ()) -> tuple[Item, ...]:
    """The items that still stand in the way; an override counts with name and reason, where one may.

    >>> photos = Item("before_photos", "Take a photo.", ok=False)
    >>> unmet([photos], [OverriddenItem("before_photos", "Dr Lis", "camera broken")])
    ()
    >>> unmet([photos], [OverriddenItem("before_photos", "Dr Lis", " ")]) == (photos,)
    True
    """
    settled = {item.code for item in overridden if item.overridden_by.strip() and item.reason.strip()}
    return tuple(
        item for item in items if item.blocking and not item.ok and not (item.overridable and item.code in settled)
    )


def is_ready(items: Iterable[Item], overridden: Iterable[OverriddenItem] = ()) -> bool:
    """Whether nothing stands in the way."""
    return not unmet(items, overridden)


def _agreement(facts: ReadinessFacts) -> Item:
    # A past visit is recorded whatever was signed then: refusing it would lose the record.
    overridable = facts.is_late_entry
    if facts.agreed_version == facts.plan_version:
        return Item("agreement", f"Agreed to version {facts.plan_version} of the plan.", True, True, overridable)
    if facts.agreed_version is None:
        words = f"The patient has not agreed to version {facts.plan_version} of the plan."
    else:
        words = f"The patient agreed to version {facts.agreed_version}; the plan is now version {facts.plan_version}."
    return Item("agreement", f"{words} A new signature is needed.", False, True, overridable)


def _qualification(facts: ReadinessFacts) -> Item:
    state = "is qualified" if facts.is_qualified else "has no valid qualification"
    words = f"{facts.practitioner} {state} on {in_words(facts.on)}."
    return Item("qualification", words, facts.is_qualified, overridable=False)


def _health(facts: ReadinessFacts) -> Item:
    if facts.health_asked_on == facts.on:
        return Item("health_today", f"Health asked on {in_words(facts.on)}.", True)
    last = f" (last on {in_words(facts.health_asked_on)})" if facts.health_asked_on else ""
    return Item("health_today", f"Ask about health again on the day of the session{last}.", False)


def _findings(facts: ReadinessFacts) -> list[Item]:
    if not facts.standing:
        return [Item("screening", "Nothing stands open in the screening.", True)]
    return [
        Item(f"finding:{finding.code}:{finding.kind}", finding.words, False, True, finding.overridable)
        for finding in facts.standing
    ]


def _alerts(facts: ReadinessFacts) -> list[Item]:
    words = "; ".join(facts.unacknowledged)
    return [Item("alerts", f"Confirm that you have read: {words}.", False, overridable=False)] if words else []


def _patch_test(facts: ReadinessFacts) -> list[Item]:
    if not facts.patch_test_demanded:
        return []
    wording = ("Patch test clear.", "A clear and valid patch test is needed.")
    return [Item("patch_test", wording[0] if facts.patch_test_clear else wording[1], facts.patch_test_clear)]


def _gap(facts: ReadinessFacts) -> list[Item]:
    """The days since the last session, by the calendar; of a past visit a breach is recorded, never undone."""
    if facts.previous_session_on is None:
        return []
    since, days = in_words(facts.previous_session_on), (facts.on - facts.previous_session_on).days
    words = f"{days} {'day' if days == 1 else 'days'} since the session of {since}"
    if days >= facts.least_gap_days:
        return [Item("gap", f"{words}.", True, overridable=False)]
    if facts.is_breach_recorded:
        return [Item("gap", f"{words}: recorded as an incident.", True, overridable=False)]
    return [
        Item(
            "gap", f"{words}: at least {facts.least_gap_days} days must lie between sessions.", False, overridable=False
        )
    ]


def _healed(facts: ReadinessFacts) -> list[Item]:
    if facts.previous_session_on is None:
        return []
    since = in_words(facts.previous_session_on)
    if facts.healed is None:
        return [Item("healed", f"Judge whether the scalp has healed since {since}.", False)]
    words = f"Healed since {since}." if facts.healed else f"Not healed since {since}."
    return [Item("healed", words, facts.healed)]


def _photos(facts: ReadinessFacts) -> Item:
    if facts.before_photos >= LEAST_BEFORE_PHOTOS:
        return Item("before_photos", f"Photos before the session: {facts.before_photos}.", True)
    if facts.photos_refused:
        return Item("before_photos", "No photos: the patient does not want photos in the record.", True)
    return Item("before_photos", "Take at least one photo before the session.", False)


def _told(code: str, done: str, to_do: str, ok: bool) -> Item:
    return Item(code, f"{done if ok else to_do}.", ok)


def _clock(facts: ReadinessFacts) -> Item:
    if not facts.running_zones:
        return Item("clock", "All clocks have stopped.", True, overridable=False)
    return Item("clock", f"Stop the clock of {', '.join(facts.running_zones)}.", False, overridable=False)


def _pigment_lots(facts: ReadinessFacts) -> Item:
    if not facts.passes_without_pigment_lot:
        return _told("pigment_lots", "Pigment lots recorded", "Record the pigment lots", facts.passes > 0)
    return Item("pigment_lots", f"Record the pigment lot of {', '.join(facts.passes_without_pigment_lot)}.", False)


def _recalled(facts: ReadinessFacts) -> list[Item]:
    # A past visit with a lot recalled since must stay recordable, or the recall could not find it.
    return [
        Item(f"recalled:{lot}", f"{lot} is on recall.", False, True, facts.is_late_entry) for lot in facts.recalled_lots
    ]
