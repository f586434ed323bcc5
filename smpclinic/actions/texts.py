"""Word a text of the clinic anew: a draft, its preview, and the approval that puts it in force."""

import hashlib

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from smpclinic import audit
from smpclinic.actors import Actor
from smpclinic.marks import has_lone_brace, unknown_marks
from smpclinic.models import Text
from smpclinic.saving import save_checked
from smpclinic.text_kinds import kind_of

LONGEST_BODY = 20_000  # a text field does not hold its own length
MOST_NAMED, LONGEST_NAMED = 5, 200  # of the marks that are not known


class TextChanged(ValidationError):
    """Somebody else worded this text in between; nothing was saved or approved."""


@transaction.atomic
def draft_text(*, key: str, language: str, title: str, body: str, seen: str, by: Actor) -> Text:
    """Save the wording that waits for approval: a new version after the newest one, or the draft that waits already.

    ``seen`` is ``fingerprint`` of the newest version that was on the screen.
    """
    versions = Text.objects.select_for_update().filter(key=key)
    if kind_of(key) is None and not versions.exists():
        raise ValidationError(_("The clinic has no such text."))
    newest = versions.filter(language=language).order_by("-version").first()
    if fingerprint(newest) != seen:
        raise TextChanged(_("Somebody changed this text in between. Nothing was saved."))
    if newest is None or newest.approved_at:
        draft = Text(key=key, language=language, version=newest.version + 1 if newest else 1)
    else:
        draft = newest
    draft.title, draft.body = title.strip(), body.replace("\r\n", "\n").strip()
    if newest is not None and (newest.title, newest.body) == (draft.title, draft.body) and newest.approved_at:
        raise ValidationError(_("This is the wording in force already. Change something first."))
    if problems := problems_with_words(key, draft.title, draft.body):
        raise ValidationError(problems)
    save_checked(draft)
    audit.record(by=by, verb="drafted text", subject=draft, key=key, language=language, version=draft.version)
    return draft


def problems_with_words(key: str, title: str, body: str) -> dict[str, list[str]]:
    """Why these words cannot be saved, by field; empty is fine."""
    kind = kind_of(key)
    marks = kind.mark_names if kind else frozenset()
    problems = {"title": _mark_problems(title, marks), "body": _mark_problems(body, marks)}
    if "\0" in title + body:
        problems["body"].append(_("Null characters are not allowed."))
    if len(body) > LONGEST_BODY:
        problems["body"].append(_("The text is too long; %(most)s letters fit.") % {"most": LONGEST_BODY})
    if kind and kind.problems and not problems["body"]:
        problems["body"] += kind.problems(body)
    return {field: found for field, found in problems.items() if found}


def _mark_problems(words: str, allowed: frozenset[str]) -> list[str]:
    if not (unknown := unknown_marks(words, allowed)):
        return [_("A brace stands alone: a mark is written like {phone}.")] if has_lone_brace(words) else []
    names = ", ".join(unknown[:MOST_NAMED])[:LONGEST_NAMED]
    if not allowed:
        return [_("%(marks)s cannot stand here: this text has no marks.") % {"marks": names}]
    known = ", ".join(f"{{{name}}}" for name in sorted(allowed))
    return [_("%(marks)s is no mark of this text. Its marks are %(known)s.") % {"marks": names, "known": known}]


@transaction.atomic
def approve_text(*, text: Text, seen: str, by: Actor) -> Text:
    """Put a draft in force, exactly as it was seen. What was signed or printed before keeps its own wording."""
    text = Text.objects.select_for_update().get(pk=text.pk)
    if text.approved_at:
        return text
    if fingerprint(text) != seen:
        raise TextChanged(_("Somebody changed this text in between. Read it again, then approve it."))
    text.approved_at, text.approved_by = timezone.now(), by.user
    save_checked(text, exclude=["approved_by"])
    audit.record(by=by, verb="approved text", subject=text, key=text.key, language=text.language, version=text.version)
    return text


@transaction.atomic
def discard_text_draft(*, text: Text, by: Actor) -> None:
    """Throw a draft away; the wording in force stays."""
    for draft in Text.objects.select_for_update().filter(pk=text.pk):
        if draft.approved_at:
            raise ValidationError(_("An approved text is kept."))
        audit.record(by=by, verb="discarded text", subject=draft, key=draft.key, version=draft.version)
        draft.delete()


def fingerprint(text: Text | None) -> str:
    """One word for a version exactly as it is; empty without one."""
    if text is None:
        return ""
    return hashlib.sha256(f"{text.version}\n{text.approved_at}\n{text.title}\n{text.body}".encode()).hexdigest()
