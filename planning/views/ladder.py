"""The clinic's shade ladder: seen by who treats, edited by who sets up."""

from dataclasses import asdict

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from intake.forms.fields import add_refusal
from planning.actions.ladder import add_step, change_healed_look, change_step
from planning.forms.ladder import HealedLookForm, StepForm
from planning.ladder_page import ladder_shown
from planning.models import ShadeStep
from planning.shade_settings import clinic_healed_look
from smpclinic.actors import staff
from smpclinic.roles import Permission, requires


@require_GET
@requires(Permission.SEE_STOCK)
def ladder(request):
    context = ladder_shown() | {"look": clinic_healed_look(), "may_set_up": request.user.has(Permission.SET_UP)}
    return render(request, "planning/ladder.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.SET_UP)
def new_step(request):
    form = StepForm(request.POST or None, initial={"number": _next_number()})
    return _answer(request, form, _("New step"), lambda told: add_step(by=staff(request.user), **told))


@require_http_methods(["GET", "POST"])
@requires(Permission.SET_UP)
def step(request, number):
    found = get_object_or_404(ShadeStep, number=number)
    form = StepForm(request.POST or None, instance=found)
    title = _("Step %(step)s") % {"step": found}
    return _answer(request, form, title, lambda told: change_step(step=found, by=staff(request.user), **told))


@require_http_methods(["GET", "POST"])
@requires(Permission.SET_UP)
def healed_look(request):
    form = HealedLookForm(request.POST or None, initial=asdict(clinic_healed_look()))
    title = _("How colours heal here")
    return _answer(request, form, title, lambda told: change_healed_look(look=told, by=staff(request.user)))


def _next_number() -> int:
    last = ShadeStep.objects.order_by("number").last()
    return last.number + 1 if last else 1


def _answer(request, form, title, change):
    """The page of one form; what it says is changed and the ladder shown, or refused beside the field."""
    if request.method == "POST" and form.is_valid():
        try:
            change(form.values())
        except ValidationError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("planning:ladder")
    return render(request, "planning/ladder_form.html", {"form": form, "title": title})
