"""Papers to fill in with a pen: the intake and the session record, for a power cut and for who prefers paper."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from intake.causes import CAUSES, Asks
from intake.findings import standing_findings
from intake.forms.steps import REASONS, TRANSPLANTS
from intake.grading import CALIBRES, NOT_SURE, PICTURES
from intake.hair import TREATMENTS
from intake.models import Patient
from intake.models.questionnaire import Course
from intake.rules import SECTIONS, by_section, day_rules
from intake.screening import Detail
from planning.availability import to_local_day
from planning.models import Appointment
from planning.plan_map import map_of_version
from planning.plan_zones import rows_of
from sessions.documents.document import NotYet
from sessions.documents.visits import line_of
from sessions.last_time import last_time
from sessions.treated import TreatedZone, marks_of, zones_of
from sessions.words import NEEDLES, REACTIONS, RESISTANCES, SKIN_STATES
from smpclinic.local_dates import date_format

SPARE_ROWS, SPARE_LOTS = 4, 5
OPEN_STATES = ("booked", "arrived", "in_treatment")


def blank_intake_of(patient: Patient | None) -> dict[str, Any]:
    """Every question of the intake as it is asked today; ``patient`` None leaves the name to be written."""
    return {
        "reasons": [words for _code, words in REASONS],
        "causes": [_cause(choice) for choice in CAUSES],
        "pictures": [grade.words for grade in (*PICTURES, NOT_SURE)],
        "courses": Course.labels,
        "calibres": [grade.words for grade in CALIBRES],
        "treatments": list(TREATMENTS.values()),
        "transplants": [words for _code, words in TRANSPLANTS],
        "sections": [_section(code, rules) for code, rules in by_section().items()],
    }


def next_record_of(patient: Patient) -> dict[str, Any]:
    """The blank record of today's session, else of the next one ahead."""
    visits = Appointment.objects.counting_for_gap().filter(patient=patient, state__in=OPEN_STATES).with_people()
    visit = visits.filter(local_day__gte=to_local_day(timezone.localdate())).order_by("starts_min").first()
    if visit is None:
        raise NotYet(_("No session is booked ahead. Book one, then print its blank record."))
    return blank_record_of(visit)


def blank_record_of(visit: Appointment) -> dict[str, Any]:
    """The record of one visit to write by hand: the plan, its share of this session, the values of last time."""
    version = visit.planned_session.plan.current_version
    rows, last = rows_of(version), last_time(visit)
    by_zone = {line.zone: line for line in last.lines} if last else {}
    drawn = map_of_version(version, rows)
    return {
        "visit": line_of(visit),
        "day": date_format(visit.day, "l j F Y"),
        "born": date_format(visit.patient.born_on, "j F Y") if visit.patient.born_on else "",
        "version": version,
        "map": drawn | {"views": [view for view in drawn["views"] if _is_treated(view)]},
        "zones": [_zone(zone, by_zone.get(zone.name)) for zone in zones_of(visit)],
        "marks": marks_of(visit),
        "last": last,
        "standing": [finding.words for finding in standing_findings(visit.patient, on=visit.day)],
        "questions": [rule.question for rule in day_rules()],
        "needles": list(NEEDLES.values()),
        "skin": [*RESISTANCES.values(), *SKIN_STATES.values()],
        "reactions": list(REACTIONS.values()),
        "spare_rows": range(SPARE_ROWS),
        "spare_lots": range(SPARE_LOTS),
    }


def _cause(choice) -> dict[str, Any]:
    lines = {
        Asks.GROUP: _("Which"),
        Asks.NAME: _("What"),
        Asks.SINCE: _("Since when"),
        Asks.UNTIL: _("Until when"),
        Asks.DETAIL: _("More"),
    }
    return {"words": choice.words, "help": choice.help, "lines": [lines[asked] for asked in choice.asks]}


def _section(code: str, rules) -> dict[str, Any]:
    return {"title": SECTIONS[code], "questions": [_question(rule) for rule, _row in rules]}


def _question(rule) -> dict[str, Any]:
    """One question with what a yes asks for."""
    lines = {
        Detail.STARTED_ON: _("Since when"),
        Detail.ENDED_ON: _("Until when"),
        Detail.WORDS: _("Which, where"),
    }
    return {
        "words": rule.question,
        "options": [option.words for option in rule.options] if Detail.OPTION in rule.asks else [],
        "lines": [lines[asked] for asked in rule.asks if asked in lines],
    }


def _zone(zone: TreatedZone, last) -> dict[str, Any]:
    return {
        "name": zone.name,
        "area": f"{zone.area_cm2} cm²",
        "surface": _("among kept hair") if zone.among_hair else _("bare"),
        "share": zone.share_dots,
        "shade": str(zone.shade_step or ""),
        "last": " · ".join(filter(None, [last.needle, last.depth, last.angle, last.recipe])) if last else "",
    }


def _is_treated(view: dict) -> bool:
    return bool(view["spots"]) or any(zone["state"] for zone in view["zones"])
