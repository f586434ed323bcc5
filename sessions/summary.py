"""A record in words, exactly as it is signed: for the page before the signature and the locked page after it."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from intake.rules import day_rules
from planning.zones import plain
from sessions import ready
from sessions.last_time import reactions_in_words
from sessions.models import TreatmentSession
from sessions.pictures import photos_of
from sessions.treated import zone_name
from sessions.words import (
    DEPTH_KNOWN_BY,
    HAND_SPEEDS,
    NEEDLES,
    PATTERNS,
    VISCOSITIES,
    millilitres,
    recipe_of,
    skin_words,
    strength_of,
    word,
)
from sessions.zone_page import minutes_of, passes_of
from smpclinic.local_dates import date_format

REPLIES = {"yes": gettext_lazy("yes"), "no": gettext_lazy("no"), "unknown": gettext_lazy("not sure")}


def summary_of(session: TreatmentSession) -> dict:
    """Everything of the record by section."""
    passes = passes_of(session)
    return {
        "visit_facts": _visit(session),
        "before_facts": _before(session),
        "health_facts": _health(session),
        "material_facts": _materials(session),
        "passes": [_pass(each) for each in passes],
        "worked_min": sum(minutes_of(each) for each in passes),
        "mixes": [_mix(mix) for mix in session.mixes.prefetch_related("components__lot__product").order_by("id")],
        "lots": list(session.lots.select_related("lot__product").order_by("id")),
        "reaction": reactions_in_words(session),
        "overrides": [_override(session, row) for row in session.overrides.select_related("by").order_by("id")],
        "photos": photos_of(session),
        "note": session.note,
    }


def _visit(session: TreatmentSession) -> list[dict]:
    visit = session.appointment
    plan = visit.planned_session.plan
    when = _("%(day)s, booked %(start)s to %(end)s") % {
        "day": date_format(visit.day, "l j F Y"),
        "start": f"{visit.starts_at:%H:%M}",
        "end": f"{visit.ends_at:%H:%M}",
    }
    return [
        {"name": _("Visit"), "value": visit.title},
        {"name": _("Day"), "value": when},
        {"name": _("Room"), "value": str(visit.room)},
        {"name": _("Treated by"), "value": str(session.practitioner)},
        {
            "name": _("Plan"),
            "value": _("version %(number)s") % {"number": plan.current_version.number},
            "url": plan.get_absolute_url(),
        },
    ]


def _before(session: TreatmentSession) -> list[dict]:
    def told(value: bool) -> str:
        return _("yes") if value else _("not confirmed")

    return [
        {"name": _("Room cleaned"), "value": told(session.room_cleaned)},
        {"name": _("Sterile needles opened before the patient"), "value": told(session.needles_opened_before_patient)},
        {"name": _("Pigment information given"), "value": told(session.ink_information_given)},
    ]


def _health(session: TreatmentSession) -> list[dict]:
    check = getattr(session, "health_check", None)
    if check is None:
        return [{"name": _("Health of the day"), "value": _("not asked")}]
    asked = _("%(name)s, %(time)s") % {
        "name": check.asked_by,
        "time": date_format(timezone.localtime(check.asked_at), "j M Y, H:i"),
    }
    titles = {rule.code: rule.title for rule in day_rules()}
    facts = [{"name": _("Asked by"), "value": asked}]
    facts += [{"name": titles.get(code, code), "value": REPLIES.get(told, told)} for code, told in check.today.items()]
    if check.healed_well is not None:
        facts.append({"name": _("Healed since the last session"), "value": _("yes") if check.healed_well else _("no")})
    facts.append({"name": _("Other answers"), "value": _("confirmed as unchanged")})
    return facts


def _materials(session: TreatmentSession) -> list[dict]:
    speed = [f"{plain(session.speed_hz)} Hz" if session.speed_hz is not None else ""]
    speed += [f"{plain(session.voltage_v)} V" if session.voltage_v is not None else ""]
    times = [_clock_words(session.anaesthetic_on_at), _clock_words(session.anaesthetic_off_at)]
    facts = [
        {"name": _("Machine"), "value": ", ".join(filter(None, [session.machine, *speed]))},
        {"name": _("Viscosity of the mix"), "value": word(VISCOSITIES, session.viscosity)},
        {"name": _("Skin"), "value": skin_words(session.skin)},
        {"name": _("Anaesthetic on and off"), "value": " – ".join(filter(None, times))},
    ]
    return [fact for fact in facts if fact["value"]]


def _pass(zone_pass) -> dict:
    known_by = word(DEPTH_KNOWN_BY, zone_pass.depth_known_by).lower()
    more = [
        f"{zone_pass.needle_diameter_mm} mm",
        known_by,
        _("hand %(speed)s") % {"speed": word(HAND_SPEEDS, zone_pass.hand_speed).lower()}
        if zone_pass.hand_speed
        else "",
        word(PATTERNS, zone_pass.pattern).lower() if zone_pass.pattern else "",
        f"{plain(zone_pass.area_cm2)} cm²" if zone_pass.area_cm2 else "",
    ]
    times = [_clock_words(zone_pass.started_at), _clock_words(zone_pass.stopped_at)]
    return {
        "number": zone_pass.number,
        "zone": zone_name(zone_pass.zone),
        "needle": word(NEEDLES, zone_pass.needle_group),
        "depth": f"{zone_pass.depth_mm} mm",
        "angle": f"{zone_pass.angle_degrees}°",
        "mix": zone_pass.mix.name if zone_pass.mix else "",
        "dots": zone_pass.dots_per_cm2,
        "times": " – ".join(filter(None, times)),
        "minutes": minutes_of(zone_pass),
        "pauses": len(zone_pass.pauses),
        "more": " · ".join(filter(None, more)),
        "note": zone_pass.note,
    }


def _mix(mix) -> dict:
    lots = mix.lots.select_related("lot__product")
    return {
        "name": mix.name,
        "recipe": recipe_of(mix),
        "strength": strength_of(mix),
        "lots": [{"lot": str(row.lot), "ml": millilitres(row.ml)} for row in lots],
    }


def _override(session: TreatmentSession, row) -> dict:
    words = {item.code: item.words for item in ready.to_sign(session)}
    return {"words": words.get(row.item, row.item), "who": str(row.by), "reason": row.reason}


def _clock_words(moment) -> str:
    return "" if moment is None else f"{timezone.localtime(moment):%H:%M}"
