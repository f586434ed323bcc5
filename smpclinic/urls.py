"""Every address of the program."""

from django.conf import settings
from django.urls import include, path

from smpclinic.health import healthz
from smpclinic.pages.backups import backup_key, backup_now, backups
from smpclinic.pages.export import export
from smpclinic.pages.history import history
from smpclinic.pages.home import home
from smpclinic.pages.language import choose_language
from smpclinic.pages.merge import merge, merge_preview, same_person
from smpclinic.pages.paper_set_up import paper_look
from smpclinic.pages.patient import patient
from smpclinic.pages.set_up import set_up
from smpclinic.pages.setup import setup
from smpclinic.pages.stock.overview import stock
from smpclinic.pages.texts import text, texts
from smpclinic.pages.timeline import timeline
from smpclinic.pages.trail import trail
from smpclinic.pages.turn_back import turn_back

handler400 = "smpclinic.pages.errors.bad_request"
handler403 = "smpclinic.pages.errors.forbidden"
handler404 = "smpclinic.pages.errors.not_found"

urlpatterns = [
    path("", home, name="home"),
    path("patients/<uuid:patient_id>/", patient, name="patient"),
    path("patients/<uuid:patient_id>/timeline/", timeline, name="timeline"),
    path("patients/<uuid:patient_id>/history/", history, name="history"),
    path("patients/<uuid:patient_id>/export/", export, name="export"),
    path("patients/<uuid:patient_id>/same-person/", same_person, name="same_person"),
    path("patients/<uuid:patient_id>/same-person/<uuid:other_id>/", merge_preview, name="merge_preview"),
    path("patients/<uuid:patient_id>/merge/<uuid:other_id>/", merge, name="merge"),
    path("", include("intake.urls")),
    path("", include("planning.urls")),
    path("", include("sessions.urls")),
    path("stock/", stock, name="stock"),
    path("stock/", include("smpclinic.pages.stock.urls")),
    path("set-up/", set_up, name="set_up"),
    path("set-up/papers/", paper_look, name="paper_look"),
    path("set-up/backups/", backups, name="backups"),
    path("set-up/backups/now/", backup_now, name="backup_now"),
    path("set-up/backups/key/", backup_key, name="backup_key"),
    path("texts/", texts, name="texts"),
    path("texts/<str:text_key>/<slug:language>/", text, name="text"),
    path("audit/", trail, name="audit"),
    path("turned/back/", turn_back, name="turn_back"),
    path("setup/", setup, name="setup"),
    path("language/", choose_language, name="choose_language"),
    path("healthz", healthz, name="healthz"),
    path("accounts/", include("allauth.urls")),
]

if settings.DEBUG:
    from smpclinic.pages.style import style

    urlpatterns.append(path("style", style, name="style"))
