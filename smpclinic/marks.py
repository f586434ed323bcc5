"""Marks in a clinic's own texts: ``{phone}`` stands for the clinic's number. Pure.

``str.format`` is never used on what people wrote: it would read attributes for them. A mark is a name in braces that
the kind of text declares; anything else in braces is an error of the writer and is named before it is saved.
"""

import re
from collections.abc import Collection, Mapping

MARK = re.compile(r"\{([^{}]*)\}")


def unknown_marks(words: str, allowed: Collection[str]) -> list[str]:
    """What stands in braces and is no mark of ``allowed``, each once, as it was written.

    >>> unknown_marks("Call {phone}, {phnoe} or {0.__class__}.", {"phone"})
    ['{phnoe}', '{0.__class__}']
    """
    return list(dict.fromkeys(f"{{{name}}}" for name in MARK.findall(words) if name not in allowed))


def has_lone_brace(words: str) -> bool:
    """Whether a brace stands without its partner: a mark that was begun and not ended.

    >>> has_lone_brace("Call {phone"), has_lone_brace("Call {phone}")
    (True, False)
    """
    rest = MARK.sub("", words)
    return "{" in rest or "}" in rest


def filled(words: str, values: Mapping[str, str]) -> str:
    """``words`` with every mark of ``values`` in place, in one pass: a value that looks like a mark stays as it is.

    >>> filled("Call {phone}, {name}.", {"phone": "{name}", "name": "Ana"})
    'Call {name}, Ana.'
    """
    return MARK.sub(lambda found: values.get(found[1], found[0]), words)


def filled_by_paragraph(words: str, values: Mapping[str, str]) -> str:
    """As ``filled``, without the paragraphs and lines whose marks have nothing to say: no phone, no "call".

    >>> filled_by_paragraph("Hello {name},\\n\\nCall {phone}.\\n\\nSee you", {"name": "Ana", "phone": ""})
    'Hello Ana,\\n\\nSee you'
    """
    lines = [line for line in words.split("\n") if not _says_nothing(line, values)]
    return re.sub(r"\n{3,}", "\n\n", filled("\n".join(lines), values)).strip()


def _says_nothing(line: str, values: Mapping[str, str]) -> bool:
    return any(name in values and not values[name] for name in MARK.findall(line))
