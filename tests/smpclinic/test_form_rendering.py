"""Inputs and selects are written without a template, and say exactly what Django's own templates say."""

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.test.html import parse_html
from django.utils.html import mark_safe
from hypothesis import given
from hypothesis import strategies as st

from smpclinic.form_rendering import ClinicForms

OURS, DJANGOS = ClinicForms(), TemplatesSetting()
HOSTILE = "\"'><script>alert(1)</script>&amp; ü"
# Letters and what HTML must escape; a parsed page tells nothing apart that differs in spaces alone.
texts = st.text(st.sampled_from("ab<>&\"'=`/ü") | st.characters(codec="utf-8", categories=["L", "N"]), max_size=12)
attributes = st.dictionaries(
    st.sampled_from(["id", "min", "data-unit", "disabled", "required", "class"]), texts | st.booleans(), max_size=4
)
WIDGETS = [
    forms.TextInput, forms.NumberInput, forms.EmailInput, forms.URLInput, forms.TelInput, forms.SearchInput,
    forms.HiddenInput, forms.DateInput, forms.DateTimeInput, forms.TimeInput,
]  # fmt: skip


def same(widget, name, value, attrs) -> str:
    ours = widget.render(name, value, attrs, renderer=OURS)
    assert parse_html(ours) == parse_html(widget.render(name, value, attrs, renderer=DJANGOS))
    return ours


@pytest.mark.parametrize("widget", WIDGETS)
def test_an_input_is_djangos_with_nothing_in_it_able_to_leave_it(widget):
    assert "<script>" not in same(widget(), HOSTILE, HOSTILE, {"id": HOSTILE, "data-x": True, "data-y": False})
    same(widget(), "name", None, {})


@given(texts, texts, attributes)
def test_an_input_is_djangos_whatever_stands_in_it(name, value, attrs):
    same(forms.TextInput(), name, value, attrs)


@given(st.lists(st.tuples(texts, texts), max_size=4), st.lists(st.tuples(texts, texts), max_size=3), attributes)
def test_a_select_is_djangos_with_groups_and_what_is_chosen(plain, grouped, attrs):
    choices = [*plain, ("A & B <group>", grouped)]
    chosen = plain[-1][0] if plain else ""
    same(forms.Select(choices=choices), "zone", chosen, attrs)
    same(forms.NullBooleanSelect(), "zone", True, attrs)


def test_a_label_marked_as_safe_stays_and_every_other_is_escaped():
    written = same(forms.Select(choices=[(1, mark_safe("<b>1</b>")), (2, HOSTILE)]), "x", 1, {})
    assert "<b>1</b>" in written
    assert "<script>" not in written


@pytest.mark.parametrize("widget", [forms.RadioSelect, forms.CheckboxSelectMultiple])
def test_groups_of_options_and_each_alone_are_djangos(widget):
    class Asked(forms.Form):
        answer = forms.MultipleChoiceField(choices=[("y", "Yes"), (HOSTILE, HOSTILE)], widget=widget, initial=["y"])

    ours, djangos = Asked(renderer=OURS)["answer"], Asked(renderer=DJANGOS)["answer"]
    assert parse_html(str(ours)) == parse_html(str(djangos))
    for one, other in zip(ours, djangos, strict=True):
        assert parse_html(one.tag()) == parse_html(other.tag())
        assert parse_html(one.tag(wrap_label=True)) == parse_html(other.tag(wrap_label=True))


@pytest.mark.parametrize("value", [True, False])
def test_a_checkbox_is_ticked_where_it_should_be(value):
    same(forms.CheckboxInput(), "x", value, {"required": True})
