"""How every form of the program is drawn: our templates, and errors that say in words what is needed."""

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _


class NamedError(str):
    """An error that says itself which field it is about; a list of errors need not put the label before it."""

    __slots__ = ()
    names_field = True


class ClinicBoundField(BoundField):
    """A field with "Fill in “Phone”." where Django would say "This field is required."."""

    @property
    def errors(self):
        found = super().errors
        if not found or not self.label:
            return found  # nearly every field of nearly every page, asked some four times
        unsaid = str(forms.Field.default_error_messages["required"])
        if unsaid not in found:
            return found
        said = [NamedError(self._needed()) if error == unsaid else error for error in found]
        return self.form.error_class(said, renderer=self.form.renderer, field_id=self.auto_id)

    def _needed(self) -> str:
        label = str(self.label).rstrip(": ")
        return str(_sentence(self.field, label)) % {"label": label}


def _sentence(field: forms.Field, label: str) -> str:
    if isinstance(field, forms.FileField):
        return _("Choose a file for “%(label)s”.")
    if label.endswith("?"):
        return _("Answer “%(label)s”")
    if isinstance(field, forms.MultipleChoiceField):
        return _("Choose at least one for “%(label)s”.")
    if isinstance(field, forms.ChoiceField):
        return _("Choose one for “%(label)s”.")
    if isinstance(field, forms.BooleanField):
        return _("Tick “%(label)s” to go on.")
    return _("Fill in “%(label)s”.")


class ClinicForms(TemplatesSetting):
    """The renderer of the settings: inputs and selects are written here, everything else by its template.

    The plan has some 150 of them, and a template for each was a third of what its page costs.
    """

    bound_field_class = ClinicBoundField

    def render(self, template_name, context, request=None):
        write = _WRITTEN_HERE.get(template_name)
        if write is None or context["widget"].get("wrap_label"):
            return super().render(template_name, context, request)
        return write(context["widget"])


def _input(widget: dict) -> SafeString:
    """What Django's ``input.html`` writes."""
    value = "" if widget["value"] is None else f' value="{conditional_escape(widget["value"])}"'
    attrs = _attributes(widget["attrs"])
    return mark_safe(f'<input type="{escape(widget["type"])}" name="{escape(widget["name"])}"{value}{attrs}>')  # noqa: S308


def _select(widget: dict) -> SafeString:
    """What Django's ``select.html`` writes."""
    parts = [f'<select name="{escape(widget["name"])}"{_attributes(widget["attrs"])}>']
    for group, options, _index in widget["optgroups"]:
        parts += [f'<optgroup label="{conditional_escape(group)}">'] if group else []
        parts += [
            f'<option value="{conditional_escape(option["value"])}"{_attributes(option["attrs"])}>'
            f"{conditional_escape(option['label'])}</option>"
            for option in options
        ]
        parts += ["</optgroup>"] if group else []
    return mark_safe("\n".join([*parts, "</select>"]))  # noqa: S308


def _attributes(attrs: dict) -> str:
    """With a space before each; True stands alone, False and nothing else is left out."""
    return "".join(
        f" {escape(name)}" if value is True else f' {escape(name)}="{conditional_escape(value)}"'
        for name, value in attrs.items()
        if value is not False
    )


_INPUTS = ("text", "number", "email", "url", "tel", "search", "password", "hidden", "date", "datetime", "time",
           "checkbox", "radio_option", "checkbox_option")  # fmt: skip
_WRITTEN_HERE = {f"django/forms/widgets/{name}.html": _input for name in _INPUTS} | {
    "django/forms/widgets/select.html": _select
}
