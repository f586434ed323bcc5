"""Text as search sees it: no case, no accents, one plain letter for its variants, in any script.

Folding is done here, in Python, so that both databases find the same people.
"""

import re
import unicodedata
from itertools import groupby

_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ħ": "h", "ı": "i", "ŧ": "t"}
    # Letters of Arabic and Persian that keyboards exchange; the lengthening stroke says nothing.
    | {"ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ٱ": "ا", "ـ": ""}
    # The last letter of a Hebrew word has a form of its own.
    | dict(zip("ךםןףץ", "כמנפצ", strict=True))
    # Japanese names are spelled in either syllabary.
    | {chr(sign): chr(sign - 0x60) for sign in range(0x30A1, 0x30F7)}
)
# What German, Danish and Swedish keyboards write where there is no such letter.
_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
_APOSTROPHES = str.maketrans("", "", "'`´’‘ʼʻ′.׳״")
_NOT_A_LETTER = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """Text as search sees it: no case, no accents, one plain letter for its variants, words by single spaces.

    >>> fold("Łukasz  ØSTERGÅRD-Groß"), fold("Ægir Đorđe"), fold("O’Brien")
    ('lukasz ostergard gross', 'aegir dorde', 'obrien')
    """
    folded = _fold_once(text)
    while (again := _fold_once(folded)) != folded:
        folded = again
    return folded


def spellings(word: str) -> tuple[str, ...]:
    """A word folded, and where it has umlauts or rings also as they are spelled out.

    >>> spellings("Müller"), spellings("Nowak")
    (('muller', 'mueller'), ('nowak',))
    """
    spelled_out = unicodedata.normalize("NFC", word).casefold().translate(_SPELLED_OUT)
    return tuple(dict.fromkeys([fold(word), fold(spelled_out)]))


def runs(word: str) -> list[str]:
    """A word as it is, or where it holds signs of Chinese, Japanese or Korean, these one by one."""
    found: list[str] = []
    for is_cjk, signs in groupby(word, _is_cjk):
        run = list(signs)
        found += run if is_cjk else ["".join(run)]
    return found


def _is_cjk(sign: str) -> bool:
    name = unicodedata.name(sign, "")
    return name.startswith(("CJK UNIFIED", "CJK COMPATIBILITY", "HIRAGANA", "KATAKANA", "HANGUL"))


def _fold_once(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES).casefold()).translate(_LETTERS)
    bare = "".join(sign for sign in plain if not unicodedata.combining(sign))
    # Composed again, so that a Korean syllable stays one sign.
    return " ".join(_NOT_A_LETTER.sub(" ", unicodedata.normalize("NFC", bare)).split())
