"""Texts of the papers: the information leaflet, the letter of a recall."""

from django.utils.translation import gettext_lazy as _

from smpclinic.text_kinds import CLINIC, PHONE, TextKind, declare

declare(TextKind("leaflet.smp", _("Information leaflet"), _("Leaflets"), marks=(CLINIC, PHONE)))
declare(TextKind("letter.recall", _("Letter of a recall"), _("Letters and notes"), marks=(CLINIC, PHONE)))
