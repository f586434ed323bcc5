"""Texts of the papers: the information leaflet."""

from django.utils.translation import gettext_lazy as _

from smpclinic.text_kinds import CLINIC, PHONE, TextKind, declare

declare(TextKind("leaflet.smp", _("Information leaflet"), _("Leaflets"), marks=(CLINIC, PHONE)))
