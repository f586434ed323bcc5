"""Addresses of the calendar and of booking."""

from django.urls import path, register_converter

from planning.converters import DayConverter
from planning.views import appointment, book_at, booking, calls, day, feeds, late_entry, move, series, waiting, watch

register_converter(DayConverter, "day")

urlpatterns = [
    path("day/", day.jump, name="jump"),
    path("day/<day:day>/", day.day, name="day"),
    path("day/<day:day>/sheet/", day.sheet, name="sheet"),
    path("day/<day:day>/sheet.pdf", day.sheet_pdf, name="sheet_pdf"),
    path("week/<day:day>/", day.week, name="week"),
    path("month/<day:day>/", day.month, name="month"),
    path("book/", book_at.book_at, name="book_at"),
    path("calls/new/", booking.call, name="call"),
    path("patients/<uuid:patient_id>/visits/new/", booking.visit, name="visit"),
    path("plans/<uuid:plan_id>/book/", series.propose, name="propose"),
    path("appointments/<uuid:appointment_id>/", appointment.appointment, name="appointment"),
    path("appointments/<uuid:appointment_id>/state/", appointment.set_state, name="set_state"),
    path("appointments/<uuid:appointment_id>/move/", move.move, name="move"),
    path("appointments/<uuid:appointment_id>/cancel/", appointment.cancel, name="cancel"),
    path("patients/<uuid:patient_id>/walk-in/", booking.walk_in, name="walk_in"),
    path("patients/<uuid:patient_id>/past-visit/", late_entry.past_visit, name="past_visit"),
    path("appointments/<uuid:appointment_id>/took-place/", late_entry.took_place, name="took_place"),
    path("appointments/<uuid:appointment_id>/scan/", late_entry.scan, name="late_scan"),
    path("watch/", watch.watch, name="watch"),
    path("watch/again/", watch.look_again, name="look_again"),
    path("watch/<uuid:appointment_id>/incident/", watch.keep_as_incident, name="keep_as_incident"),
    path("appointments/<uuid:appointment_id>/late/", calls.late, name="late"),
    path("appointments/<uuid:appointment_id>/called/", calls.note, name="note_call"),
    path("appointments/<uuid:appointment_id>/earlier/", waiting.wait_earlier, name="wait_earlier"),
    path("appointments/<uuid:appointment_id>/freed/", waiting.freed, name="freed"),
    path("calls/", calls.call_list, name="call_list"),
    path("waiting/", waiting.waiting, name="waiting"),
    path("waiting/<uuid:wish_id>/stop/", waiting.stop, name="stop_waiting"),
    path("patients/<uuid:patient_id>/waiting/", waiting.wait, name="wait"),
    path("calendar-feed/", feeds.my_feed, name="my_feed"),
    path("feed/<slug:token>.ics", feeds.feed, name="feed"),
]
