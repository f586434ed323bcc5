"""Addresses of the manager: places, times, kinds of visit."""

from django.urls import path

from planning.views import places, times

urlpatterns = [
    path("places/", places.places, name="places"),
    path("places/new/", places.add_location, name="add_location"),
    path("places/rooms/new/", places.add_room, name="add_room"),
    path("places/rooms/<uuid:room_id>/", places.room, name="room"),
    path("places/time-off/new/", times.add_time_off, name="add_time_off"),
    path("places/time-off/remove/", times.remove_time_off, name="remove_time_off"),
    path("places/holidays/", times.holidays, name="holidays"),
    path("places/kinds/", times.kinds, name="kinds"),
    path("places/<uuid:location_id>/", places.location, name="location"),
    path("places/<uuid:location_id>/hours/", times.opening_hours, name="opening_hours"),
    path("places/<uuid:location_id>/hours/<uuid:user_id>/", times.working_hours, name="working_hours"),
]
