"""Choices shown as a grid of pictures (drawn by ``templates/smp/layout/choice_cards.html``)."""

from collections.abc import Mapping
from types import MappingProxyType

from django import forms

EMPTY: Mapping[str, str] = MappingProxyType({})


class _Pictured:
    """``pictures``: value -> template of an inline drawing; ``texts``: value -> one line of plain words."""

    def __init__(
        self, *args, pictures: Mapping[str, str] | None = None, texts: Mapping[str, str] | None = None, **kwargs
    ):
        super().__init__(*args, **kwargs)
        self.pictures = dict(pictures or {})
        self.texts = dict(texts or {})

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        option["picture"] = self.pictures.get(str(value), "")
        option["text"] = self.texts.get(str(value), "")
        return option


class PictureChoice(_Pictured, forms.RadioSelect):
    """One of several pictures."""


class PictureChoices(_Pictured, forms.CheckboxSelectMultiple):
    """Any number of pictures."""
