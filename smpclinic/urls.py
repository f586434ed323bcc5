"""Every address of the program."""

from django.urls import include, path

handler400 = "smpclinic.pages.errors.bad_request"
handler403 = "smpclinic.pages.errors.forbidden"
handler404 = "smpclinic.pages.errors.not_found"

urlpatterns = [
    path("accounts/", include("allauth.urls")),
]
