"""Addresses of the shade ladder."""

from django.urls import path

from planning.views import ladder, shade

urlpatterns = [
    path("shade-preview.jpg", shade.shade_preview, name="shade_preview"),
    path("healed/<uuid:healed_id>.jpg", shade.healed_photo, name="healed_photo"),
    path("ladder/", ladder.ladder, name="ladder"),
    path("ladder/new/", ladder.new_step, name="new_step"),
    path("ladder/healed-look/", ladder.healed_look, name="healed_look"),
    path("ladder/<int:number>/", ladder.step, name="step"),
]
