"""Addresses of the planning room."""

from planning.booking_urls import urlpatterns as booking
from planning.plan_urls import urlpatterns as plans

app_name = "planning"
urlpatterns = [*booking, *plans]
