"""How every form of the program is drawn: our templates, and errors that say in words what is needed."""

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
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
    """The renderer of the settings."""

    bound_field_class = ClinicBoundField
