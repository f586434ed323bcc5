"""Turning the screen back from the patient to the staff."""

from django import forms
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from smpclinic import turned
from smpclinic.roles import Permission, requires
from smpclinic.signin import one_hash_at_a_time


class TurnBackForm(forms.Form):
    password = forms.CharField(
        label=gettext_lazy("Password of the member of staff"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_CALENDAR)
def turn_back(request):
    if not turned.is_turned(request):
        return redirect("home")
    form, status = TurnBackForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        if not turned.may_try(request):
            form.add_error("password", _("Too many tries. Wait five minutes, or sign out and sign in again."))
            status = 429
        elif _is_right(request, form.cleaned_data["password"]):
            return redirect(turned.turn_back(request))
        else:
            form.add_error("password", _("That is not the password of %(name)s.") % {"name": request.user})
    return render(request, "smpclinic/turn_back.html", {"form": form, "who": request.user}, status=status)


def _is_right(request, password: str) -> bool:
    with one_hash_at_a_time(request):
        return request.user.check_password(password)
