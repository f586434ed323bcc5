"""The clinic's treatment defaults: what plans are estimated with from now on, and who changed what last."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from planning.actions.protocol import change_protocol
from planning.clinic_protocol import clinic_protocol, last_change
from planning.forms.protocol import SHARES, ProtocolForm, label_of, value_in_words
from smpclinic.actors import staff
from smpclinic.roles import Permission, requires


@require_http_methods(["GET", "POST"])
@requires(Permission.SET_UP)
def treatment_defaults(request):
    form = ProtocolForm(request.POST or None, protocol=clinic_protocol(request.clinic))
    if request.method == "POST" and form.is_valid():
        try:
            change_protocol(protocol=form.protocol(), by=staff(request.user))
        except ValidationError as refusal:
            _refuse(form, refusal)
        else:
            messages.success(request, _("Saved. Plans that are approved keep what they were estimated with."))
            return redirect("planning:treatment_defaults")
    return render(request, "planning/treatment_defaults.html", {"form": form, "last": _last_change()})


def _refuse(form: ProtocolForm, refusal: ValidationError) -> None:
    for name, problems in refusal.message_dict.items():
        field = f"{name}_1" if name in SHARES else name
        form.add_error(field if field in form.fields else None, problems)


def _last_change() -> dict | None:
    """The last change in words; None where all stands as the program came."""
    change = last_change()
    if change is None:
        return None
    values = [
        {
            "label": label_of(name),
            "before": value_in_words(name, before),
            "after": value_in_words(name, after),
        }
        for name, before, after in change.values
    ]
    return {"by": change.by, "at": change.at, "values": values}
