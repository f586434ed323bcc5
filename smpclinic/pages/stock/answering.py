"""How a form of the stock is answered: the action, its refusal beside the field, a word that it is saved."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from intake.forms.fields import add_refusal


def saved(request, form, act):
    """What ``act`` made of the cleaned values; None where nothing was sent or something cannot stand."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        made = act(form.cleaned_data)
    except ValidationError as refusal:
        add_refusal(form, refusal)
        return None
    messages.success(request, _("Saved."))
    return made
