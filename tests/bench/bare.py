"""The page that everything is compared with: signed in, one permission, one patient by key, one small template."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.template import engines
from django.urls import include, path
from django.views.decorators.http import require_GET

from intake.models import Patient
from planning import booking_urls  # noqa: F401  knows how a day stands in an address
from planning.models import Appointment
from smpclinic.roles import Permission, requires

_PAGE = (
    "<!doctype html><html lang='en'><head><title>{{ patient }}</title></head><body><h1>{{ patient }}</h1></body></html>"
)
_FRAME = "{% extends 'base.html' %}{% block content %}<h1>{{ patient }}</h1>{% endblock content %}"
_ROWS = (
    "<!doctype html><html lang='en'><head><title>{{ day }}</title></head><body><table>{% for visit in visits %}"
    "<tr><td>{{ visit.starts_at|date:'H:i' }}</td><td>{{ visit.patient }}</td>"
    "<td>{{ visit.get_state_display }}</td></tr>"
    "{% endfor %}</table></body></html>"
)
SHOWN_ROWS = 20
_templates = {}


def _template(text):
    if text not in _templates:
        _templates[text] = engines["django"].from_string(text)
    return _templates[text]


def _answer(request, patient_id, text):
    patient = get_object_or_404(Patient, public_id=patient_id)
    return HttpResponse(_template(text).render({"patient": patient}, request))


@require_GET
@requires(Permission.SEE_PATIENTS)
def bare(request, patient_id):
    return _answer(request, patient_id, _PAGE)


@require_GET
@requires(Permission.SEE_PATIENTS)
def frame(request, patient_id):
    """The same within the program's header and navigation."""
    return _answer(request, patient_id, _FRAME)


@require_GET
@requires(Permission.SEE_CALENDAR)
def rows(request, day):
    """Twenty visits of a day as a plain table: the least that shows a list."""
    visits = Appointment.objects.on(day).select_related("patient")[:SHOWN_ROWS]
    return HttpResponse(_template(_ROWS).render({"day": day, "visits": visits}, request))


urlpatterns = [
    path("bench/rows/<day:day>/", rows, name="bench_rows"),
    path("bench/bare/<uuid:patient_id>/", bare, name="bench_bare"),
    path("bench/frame/<uuid:patient_id>/", frame, name="bench_frame"),
    path("", include("smpclinic.urls")),
]
