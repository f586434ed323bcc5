"""Forms as people meet them: every error is told, tied to its field and linked from the top."""

import re

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Fieldset, Hidden, Layout, Reset, Row, Submit
from crispy_forms.utils import render_crispy_form
from django import forms
from django.template import Context, Template

from smpclinic.widgets import PictureChoice, PictureChoices


class Sample(forms.Form):
    name = forms.CharField(help_text="As in the passport.")
    note = forms.CharField(required=False)
    thinner = forms.ChoiceField(choices=[("y", "Yes"), ("n", "No")], widget=forms.RadioSelect, help_text="Never stop.")
    brings = forms.MultipleChoiceField(choices=[("a", "Scar")], widget=forms.CheckboxSelectMultiple)
    agrees = forms.BooleanField()
    depth_mm = forms.DecimalField(widget=forms.NumberInput(attrs={"data-unit": "mm", "data-stepper": "big"}))
    secret = forms.CharField(widget=forms.HiddenInput)
    photo = forms.FileField(required=False)
    when = forms.SplitDateTimeField(required=False)


def drawn(form, *layout, **helper_fields) -> str:
    helper = FormHelper()
    helper.layout = Layout(*layout) if layout else None
    for name, value in helper_fields.items():
        setattr(helper, name, value)
    return render_crispy_form(form, helper)


@pytest.fixture
def wrong() -> str:
    return drawn(Sample({"depth_mm": "deep"}))


def control(html: str, id_: str) -> str:
    """The opening tag of the control with this id."""
    return re.search(rf'<(?:input|select|textarea)[^>]*\bid="{id_}"[^>]*>', html).group(0)


def test_a_label_belongs_to_each_field():
    html = drawn(Sample())
    for name in ("name", "note", "depth_mm", "photo", "agrees"):
        assert f'for="id_{name}"' in html


def test_help_is_tied_to_its_field():
    html = drawn(Sample())
    assert 'aria-describedby="id_name_helptext"' in control(html, "id_name")
    assert 'id="id_name_helptext">As in the passport.<' in html


def test_an_error_is_tied_to_its_field_and_keeps_what_was_typed(wrong):
    tag = control(wrong, "id_depth_mm")
    assert 'aria-invalid="true"' in tag
    assert 'aria-describedby="id_depth_mm_error"' in tag
    assert 'value="deep"' in tag
    assert 'id="id_depth_mm_error"' in wrong


def test_the_summary_links_to_the_first_control_of_each_wrong_field(wrong):
    summary = wrong[wrong.index('class="error-summary"') : wrong.index("</ul>")]
    targets = re.findall(r'href="#([\w-]+)"', summary)
    assert targets == [
        "id_name",
        "id_thinner_0",
        "id_brings_0",
        "id_agrees",
        "id_depth_mm",
        "div_id_secret",
    ]
    for target in targets[:-1]:
        assert f'id="{target}"' in wrong
    assert "Please check 6 answers" in summary


def test_a_problem_of_the_whole_form_stands_in_the_summary():
    form = Sample({})
    form.add_error(None, "These two do not fit.")
    assert "<li>These two do not fit.</li>" in drawn(form)


def test_a_right_form_has_no_summary():
    assert "error-summary" not in drawn(Sample())


def test_radio_buttons_and_checkboxes_are_fieldsets_with_a_legend(wrong):
    for name, label in (("thinner", "Thinner"), ("brings", "Brings"), ("when", "When")):
        group = wrong[wrong.index(f'<fieldset id="div_id_{name}"') :]
        assert f"<legend>{label}" in group[: group.index("</fieldset>")]
    assert 'aria-describedby="id_thinner_helptext id_thinner_error"' in wrong


def test_only_what_may_stay_empty_is_marked_optional():
    html = drawn(Sample())
    marked = re.findall(r'for="id_(\w+)">[^<]*\s*<span class="optional">', html)
    assert marked == ["note", "photo"]


def test_an_unwanted_mark_can_be_left_out():
    class Quiet(forms.Form):
        note = forms.CharField(required=False, widget=forms.TextInput(attrs={"data-no-optional": "yes"}))

    assert "optional<" not in drawn(Quiet())


def test_a_figure_has_its_unit_and_steps_beside_it():
    html = drawn(Sample())
    assert re.search(r'class="stepper big" data-steps>\s*<input[^>]*id="id_depth_mm"', html)
    assert '<span class="unit">mm</span>' in html


def test_typed_markup_stays_text():
    html = drawn(Sample({"name": "<script>x</script>", "note": '"><b>'}))
    assert "<script" not in html
    assert '"><b>' not in html


def test_a_form_with_a_file_is_sent_in_parts_and_guarded():
    html = render_crispy_form(Sample(), FormHelper(), {"csrf_token": "token-of-the-page"})
    assert 'enctype="multipart/form-data"' in html
    assert 'name="csrfmiddlewaretoken" value="token-of-the-page"' in html


def test_a_form_that_only_asks_carries_no_token():
    helper = FormHelper()
    helper.form_method = "get"
    assert "csrfmiddlewaretoken" not in render_crispy_form(Sample(), helper, {"csrf_token": "token"})


def test_the_layout_objects_are_drawn():
    html = drawn(
        Sample(),
        Fieldset("About you", Row("name", "note", css_class="close"), css_id="about"),
        ButtonHolder(
            Submit("save", "Save"),
            Submit("later", "Save for later", css_class="quiet"),
            Submit("drop", "Discard", css_class="danger big"),
            Reset("undo", "Start again"),
            Hidden("step", "2"),
        ),
        form_class="form",
    )
    assert '<fieldset id="about" class="fieldset"><legend>About you</legend>' in html
    assert 'class="field-row close"' in html
    assert re.search(r'<button type="submit" name="save" value="Save" class="button primary"', html)
    assert re.search(r'name="later"[^>]*class="button quiet"', html)
    assert re.search(r'name="drop"[^>]*class="button danger big"', html)
    assert re.search(r'<button type="reset"[^>]*class="button"', html)
    assert '<input type="hidden" name="step" value="2"' in html
    assert '<form class="form"' in html


@pytest.mark.parametrize(("widget", "kind"), [(PictureChoice, "radio"), (PictureChoices, "checkbox")])
def test_a_picture_grid_shows_picture_and_words(widget, kind):
    class Pictured(forms.Form):
        pattern = forms.ChoiceField(
            choices=[("a", "Receding"), ("b", "Not sure")],
            widget=widget(pictures={"a": "partials/mark.html"}, texts={"a": "The temples move back."}),
        )

    html = drawn(Pictured())
    assert html.count("<svg") == 1
    assert "The temples move back." in html
    assert html.count(f'type="{kind}"') == 2
    assert "<legend>Pattern" in html


def test_a_list_of_forms_can_grow():
    class Row_(forms.Form):
        medicine = forms.CharField()

    helper = FormHelper()
    helper.formset_row_name = "Medicine"
    formset = forms.formset_factory(Row_, extra=2)(prefix="medicines")
    html = render_crispy_form(formset, helper)
    assert 'name="medicines-TOTAL_FORMS" value="2"' in html
    assert html.count('<fieldset class="formset-row">') == 3
    assert 'name="medicines-__prefix__-medicine"' in html[html.index("<template>") :]


def test_what_is_wrong_in_a_whole_list_is_told():
    class Row_(forms.Form):
        medicine = forms.CharField()

    few = forms.formset_factory(Row_, min_num=1, validate_min=True, extra=0)
    formset = few({"form-TOTAL_FORMS": "0", "form-INITIAL_FORMS": "0"})
    assert formset.is_valid() is False
    assert "Please submit at least 1 form." in render_crispy_form(formset, FormHelper())


def test_the_filter_draws_a_form_without_a_helper():
    html = Template("{% load crispy_forms_tags %}{{ form|crispy }}").render(Context({"form": Sample({})}))
    assert "error-summary" in html
    assert 'for="id_name"' in html


@pytest.mark.parametrize(
    ("field", "sentence"),
    [
        (forms.CharField(label="Phone"), "Fill in “Phone”."),
        (forms.DecimalField(label="Depth"), "Fill in “Depth”."),
        (forms.FileField(label="Photo"), "Choose a file for “Photo”."),
        (forms.ChoiceField(label="View", choices=[("a", "A")]), "Choose one for “View”."),
        (forms.MultipleChoiceField(label="Reasons", choices=[("a", "A")]), "Choose at least one for “Reasons”."),
        (forms.ChoiceField(label="Are you pregnant?", choices=[("y", "Yes")]), "Answer “Are you pregnant?”"),
        (forms.BooleanField(label="I agree"), "Tick “I agree” to go on."),
        (forms.CharField(label="Name", error_messages={"required": "Write the name."}), "Write the name."),
    ],
)
def test_what_is_missing_is_said_in_words(field, sentence):
    form = type("Asked", (forms.Form,), {"it": field})({})
    assert list(form["it"].errors) == [sentence]
    assert "This field is required." not in drawn(form)


def test_the_list_of_errors_says_a_label_once():
    form = type("Asked", (forms.Form,), {"phone": forms.CharField(), "age": forms.IntegerField()})({"age": "x"})
    html = drawn(form)
    assert '<a href="#id_phone">Fill in “Phone”.</a>' in html
    assert '<a href="#id_age">Age: Enter a whole number.</a>' in html
