"""Addresses of the shade ladder."""

from django.urls import path

from planning.views import ladder

urlpatterns = [
    path("ladder/", ladder.ladder, name="ladder"),
    path("ladder/new/", ladder.new_step, name="new_step"),
    path("ladder/healed-look/", ladder.healed_look, name="healed_look"),
    path("ladder/<int:number>/", ladder.step, name="step"),
]
