"""The clinic's texts in use: the first wording put in, the one in force, and what a language still lacks."""

from collections.abc import Collection

from django.conf import settings
from django.utils import timezone

from smpclinic.models import Text
from smpclinic.text_kinds import Shipped, kind_of, kinds, shipped

ENGLISH = "en"


def install(*, key: str, title: str, body: str, language: str = ENGLISH, approved: bool = True) -> None:
    """Version 1 of a text, unless the clinic already has any version of it in that language."""
    if not Text.objects.filter(key=key, language=language).exists():
        at = timezone.now() if approved else None
        Text.objects.create(key=key, language=language, title=title, body=body, approved_at=at)


def install_shipped() -> None:
    """Every wording that comes with the program and is missing. A clinical text in another language than English waits
    as a draft until a manager has read and approved it."""
    present = set(Text.objects.values_list("key", "language"))
    for kind in kinds():
        for language, _name in settings.LANGUAGES:
            words = shipped(kind.key, language)
            if words and (kind.key, language) not in present:
                approved = language == ENGLISH or not kind.is_clinical
                install(key=kind.key, title=words.title, body=words.body, language=language, approved=approved)


def words_of(key: str, *, language: str) -> Text | Shipped:
    """The wording in force of a text that the program always has one of, such as a mail."""
    found = Text.objects.in_force(key, language=language)
    words = found or shipped(key, language) or shipped(key, ENGLISH)
    if words is None:
        raise LookupError(f"no wording of {key!r} comes with the program")
    return words


def not_in(language: str, keys: Collection[str] = ()) -> list[str]:
    """Titles of the clinical texts that fall back to another language here, because nobody has approved them in
    ``language``; none for English (one query)."""
    if language == ENGLISH:
        return []
    approved = Text.objects.filter(language=language, approved_at__isnull=False)
    has = set(approved.values_list("key", flat=True))
    wanted = [kind for kind in kinds() if kind.is_clinical and (not keys or kind.key in keys)]
    return [str(kind.title) for kind in wanted if kind.key not in has]


def is_known(key: str) -> bool:
    """Whether the program uses a text of this name, or the clinic has one."""
    return kind_of(key) is not None or Text.objects.filter(key=key).exists()
