"""An empty place on the calendar was pressed: for whom is it?"""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from intake.forms.patient import SearchForm
from intake.search import find_patients
from planning.forms.calendar import AskedForm
from smpclinic.roles import Permission, requires


@require_GET
@requires(Permission.BOOK, Permission.SEE_PATIENTS)
def book_at(request):
    asked = AskedForm(request.GET or None)
    query = SearchForm(request.GET).text()
    context = {
        "form": asked,
        "query": query,
        "asked": asked.query if asked.is_bound else "",
        "has_place": asked.starts_min is not None,
        "patients": find_patients(query, user=request.user, on=timezone.localdate()) if query else [],
        "may_register": request.user.has(Permission.REGISTER_PATIENTS),
    }
    return render(request, "planning/book_at.html", context)
