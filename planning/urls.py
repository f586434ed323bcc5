"""Addresses of the planning room."""

from planning.booking_urls import urlpatterns as booking
from planning.plan_urls import urlpatterns as plans
from planning.setup_urls import urlpatterns as setup
from planning.shade_urls import urlpatterns as shades

app_name = "planning"
urlpatterns = [*booking, *plans, *shades, *setup]
