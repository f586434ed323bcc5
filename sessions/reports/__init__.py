"""Reports for the manager. Each is a function from a period to a Report; everything is counted in the database."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from sessions.reports.calendar import no_show_report, room_report
from sessions.reports.outcomes import outcomes_report
from sessions.reports.patients import patients_report
from sessions.reports.report import Period, Report
from sessions.reports.work import pace_report, times_report


@dataclass(frozen=True)
class Kind:
    """One report: its code in the address, its name, what it answers, and how it is made."""

    code: str
    name: str
    question: str
    make: Callable[[Period], Report]


KINDS = (
    Kind("times", _("Planned and taken"), _("Do sessions take as long as they are planned?"), times_report),
    Kind("pace", _("Pace"), _("How fast is the work, by whom and with which needle?"), pace_report),
    Kind("outcomes", _("Results"), _("How does it heal, by technique? What went wrong?"), outcomes_report),
    Kind("patients", _("Causes and patterns"), _("What brings our patients?"), patients_report),
    Kind("no-shows", _("No-shows"), _("Who does not come, and when?"), no_show_report),
    Kind("rooms", _("Room use"), _("How much of its open hours is a room in use?"), room_report),
)

__all__ = ["KINDS", "Kind", "Period", "Report"]
