"""Everything that a clinic sets up for itself, on one page, a line each: the header has no room for all of it."""

from dataclasses import dataclass

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from smpclinic.roles import Permission, requires


@dataclass(frozen=True)
class Row:
    """One page: what it is called, what it decides, and who may open it."""

    route: str
    label: str
    text: str
    icon: str
    permission: Permission = Permission.SET_UP


ROWS = (
    Row(
        "planning:places",
        _("Places and times"),
        _("Locations, rooms, opening and working hours, time off, public holidays."),
        "map-pin",
    ),
    Row("planning:kinds", _("Kinds of visit"), _("How long each kind of visit lasts and what it needs."), "calendar"),
    Row(
        "planning:treatment_defaults",
        _("Treatment defaults"),
        _("Density, pace and shares that estimate a session; the days between two sessions."),
        "sliders-horizontal",
    ),
    Row("planning:price_list", _("Price list"), _("What a plan costs by the area it treats."), "tag"),
    Row("planning:ladder", _("Shade ladder"), _("The recipes from light to dark that plans choose from."), "palette"),
    Row(
        "intake:rules",
        _("Screening rules"),
        _("What is asked before treatment and what follows from a yes; how long a private link opens."),
        "list-checks",
    ),
    Row("paper_look", _("Look of papers"), _("Paper in the printer, the clinic's colour and logo."), "image"),
    Row("texts", _("Texts"), _("What patients read and sign: consents, leaflet, care sheet."), "file-text"),
    Row(
        "planning:watch",
        _("Watch over bookings"),
        _("Whether any visit stands where it may not, and booking opened again."),
        "shield-check",
    ),
    Row(
        "sessions:reports",
        _("Reports"),
        _("Time, pace, results by technique, causes, no-shows and room use; on the page and as a spreadsheet."),
        "chart-no-axes-combined",
        Permission.SEE_REPORTS,
    ),
    Row(
        "planning:session_times",
        _("Session times"),
        _("How long sessions really took, against what was planned."),
        "timer",
        Permission.SEE_REPORTS,
    ),
    Row("backups", _("Backups"), _("What is put aside every night, and the key that opens it."), "archive"),
    Row("audit", _("Trail"), _("Who did what, and when."), "scroll-text", Permission.READ_AUDIT),
)


@require_GET
@requires(Permission.SET_UP)
def set_up(request):
    rows = [
        {"url": reverse(row.route), "label": row.label, "text": row.text, "icon": row.icon}
        for row in ROWS
        if request.user.has(row.permission)
    ]
    return render(request, "smpclinic/set_up.html", {"rows": rows})
