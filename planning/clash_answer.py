"""The answer to a place that is taken: what stands there, and the nearest free places, each one press away."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from planning.places import choices_of
from planning.scheduling import Place


@dataclass(frozen=True)
class ClashAnswer:
    """``words``: what stands there; ``offers``: (code, words) of free places; ``typed``: (name, value) sent along."""

    words: tuple[str, ...]
    offers: tuple[tuple[str, str], ...]
    typed: tuple[tuple[str, str], ...]


def clash_answer(
    words: Iterable[str], places: Sequence[Place], *, posted: Mapping[str, str], keeps: Iterable[str]
) -> ClashAnswer:
    """The answer for a page; of what was ``posted``, the fields named in ``keeps`` go with the press (two queries)."""
    typed = tuple((name, posted[name]) for name in keeps if posted.get(name))
    return ClashAnswer(tuple(words), tuple(choices_of(places)), typed)
