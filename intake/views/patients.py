"""Find and register a patient."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from django.views.decorators.vary import vary_on_headers

from intake import actions
from intake.forms.fields import add_refusal
from intake.forms.patient import RegistrationForm, SearchForm
from intake.models import Patient
from intake.naming import problems_with_record_number
from intake.register import likely_duplicates
from intake.search import find_patients
from smpclinic.actors import staff
from smpclinic.roles import Permission, requires

ON_A_PAGE = 50


@require_GET
@vary_on_headers("HX-Request")
@requires(Permission.SEE_PATIENTS)
def patients(request):
    query = SearchForm(request.GET).text()
    if request.htmx and not request.htmx.boosted:
        found = find_patients(query, user=request.user, on=timezone.localdate())
        context = {"patients": found, "query": query, "hints": _hints(query, found)}
        return render(request, "partials/search_results.html", context)
    if query:
        found = find_patients(query, user=request.user, on=timezone.localdate())
        return render(
            request, "intake/patients.html", {"patients": found, "query": query, "hints": _hints(query, found)}
        )
    everyone = Patient.objects.current().visible_to(request.user).order_by("full_name", "id")
    page = Paginator(everyone, ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "intake/patients.html", {"patients": page.object_list, "page": page, "query": ""})


def _hints(query, found):
    """Why nobody was found, where the program knows: a record number with a slip."""
    return [] if found else problems_with_record_number(query)


@require_http_methods(["GET", "POST"])
@requires(Permission.REGISTER_PATIENTS)
def register(request):
    form = RegistrationForm(request.POST if request.method == "POST" else None)
    likely = []
    if request.method == "POST" and form.is_valid():
        details = form.details()
        likely = _likely(request, details) if not form.cleaned_data["sure"] else []
        if not likely and (patient := _registered(request, form, details)):
            messages.success(request, _("%(name)s is registered.") % {"name": patient.full_name})
            return redirect(patient)
    return render(request, "intake/register.html", {"form": form, "likely": likely})


def _likely(request, details):
    keys = ("full_name", "phone", "second_phone", "born_on", "email")
    return likely_duplicates(user=request.user, **{key: details[key] for key in keys if key in details})


def _registered(request, form, details):
    try:
        return actions.register_patient(by=staff(request.user), **details)
    except ValidationError as refusal:
        add_refusal(form, refusal)
        return None
