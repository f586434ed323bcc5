"""One zone at a time: what the plan asks of it, what was done, what a new pass starts from."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from uuid import uuid4

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from planning.clinic_protocol import clinic_protocol
from planning.density import ZoneDensity
from planning.dots_done import darkest_done, densities_of, warnings_for_density
from planning.plan_zones import rows_of
from planning.zones import plain
from sessions import clock, technique
from sessions.actions.mixing import facts_of
from sessions.actions.passes import intervals_of, technique_of
from sessions.forms.passes import PassForm
from sessions.last_time import mix_to_repeat
from sessions.mixes import warnings_for_lot
from sessions.models import TreatmentSession, ZonePass
from sessions.needles import needles_at_hand
from sessions.starts import starts_as_text, starts_of
from sessions.treated import (
    TreatedZone,
    density_of,
    earlier_passes,
    find_zone,
    outside_the_plan,
    zone_choices,
    zone_name,
    zones_of,
)
from sessions.words import NEEDLES, recipe_of, strength_of, word


@dataclass(frozen=True)
class Clock:
    """The clock of a pass as the page shows it; ``worked_s`` counts up to the moment the page was made."""

    state: str
    worked_s: int
    since: str = ""
    until: str = ""

    @property
    def shown(self) -> str:
        hours, rest = divmod(self.worked_s, 3600)
        return f"{hours}:{rest // 60:02}:{rest % 60:02}"

    @property
    def is_running(self) -> bool:
        return self.state == "running"


@dataclass(frozen=True)
class PassShown:
    """One pass with its clock and what is unusual about it."""

    row: ZonePass
    clock: Clock
    words: str
    mix: str
    warnings: list[str]
    url: str


def clock_of(zone_pass: ZonePass, *, now: datetime) -> Clock:
    """The state of a pass's clock: new, running or stopped."""
    intervals = intervals_of(zone_pass)
    if not intervals:
        return Clock("new", 0)
    running = clock.is_running(intervals)
    return Clock(
        "running" if running else "stopped",
        clock.worked_seconds(intervals, now=now),
        since=f"{timezone.localtime(zone_pass.started_at):%H:%M}",
        until="" if running else f"{timezone.localtime(zone_pass.stopped_at):%H:%M}",
    )


def passes_of(session: TreatmentSession) -> list[ZonePass]:
    """The passes of a session with their mixes (seven queries)."""
    rows = session.passes.select_related("mix__shade_step").order_by("number")
    return list(rows.prefetch_related("mix__components__lot__product", "mix__lots__lot__product"))


def zone_page(
    session: TreatmentSession, *, asked: str, edited: int | None = None, form: PassForm | None = None
) -> dict:
    """The context of the zones page. ``asked``: the zone in the address; ``edited``: the pass being changed."""
    zones, passes, earlier = zones_of(session.appointment), passes_of(session), earlier_passes(session)
    row = next((each for each in passes if each.number == edited), None)
    code = row.zone if row else _chosen(asked, zones, passes)
    if row is None and form is None:
        row = not_begun(passes, code)
    planned = find_zone(zones, code)
    now = timezone.now()
    density, limits = density_before(session, code), clinic_limits()
    reached = density.before + density.done + density_of(passes, code, area_cm2=planned.area_cm2 if planned else None)
    shown = [pass_shown(each, reached, limits, now=now) for each in passes if each.zone == code]
    starts = starts_of(session, zones, code, passes, earlier)
    if form is None:
        new = {"initial": starts[code] | {"zone": code, "new_id": uuid4()}}
        form = PassForm(session=session, **(new if row is None else {"row": row}))
    form.helper.attrs["data-starts"] = starts_as_text(starts)
    return {
        "zone": code,
        "zone_name": zone_name(code),
        "zone_tabs": _tabs(session, zones, passes, code),
        "other_zones": [
            (other, name) for other, name in zone_choices() if find_zone(zones, other) is None and other != code
        ],
        "planned": planned,
        "outside": "" if planned else outside_the_plan(code),
        "facts": zone_facts(planned, code, density, passes),
        "cautions": [
            *overlapping(passes, now=now),
            *warnings_for_density({code: density}),
            *lighter_than_before(session, code, passes),
        ],
        "shown": shown,
        "form": form,
        "edited": row,
        "worked_s": sum(clock_of(each, now=now).worked_s for each in passes),
        "break_every_min": clinic_protocol().break_every_min,
        "break_after_s": clinic_protocol().break_every_min * 60,
        "is_running": any(clock_of(each, now=now).is_running for each in passes),
    } | _at_one_press(session, zones, passes, code)


def _at_one_press(
    session: TreatmentSession, zones: Sequence[TreatedZone], passes: list[ZonePass], code: str
) -> dict[str, object]:
    """Where a stop leads, and what is offered while it is not there yet: a mix, a needle lot."""
    has_mix = session.mixes.exists()
    return {
        "after_stop": after_stop(session, zones, passes, code),
        "is_last_zone": next_after(zones, passes, code) is None,
        "needles": needles_at_hand(session),
        "has_mix": has_mix,
        "may_repeat_mix": not has_mix and mix_to_repeat(session) is not None,
    }


def overlapping(passes: list[ZonePass], *, now: datetime) -> list[str]:
    """Passes whose clocks run at the same time, in words and on the clinic's clock."""
    told = {
        _("pass %(number)s") % {"number": each.number}: [
            clock.Interval(timezone.localtime(part.start), part.stop and timezone.localtime(part.stop))
            for part in intervals_of(each)
        ]
        for each in passes
    }
    return clock.warnings_between(told, now=timezone.localtime(now))


def lighter_than_before(session: TreatmentSession, code: str, passes: list[ZonePass]) -> list[str]:
    """Passes over a zone with a lighter step than was placed there, and without a note why, in words (one query)."""
    darkest = darkest_done(session.patient, on=session.appointment.day).get(code, 0)
    words = _(
        "Pass %(number)s is lighter (step %(step)s) than step %(darkest)s, placed here before. Note why in the pass."
    )
    return [
        words % {"number": each.number, "step": each.mix.shade_step.number, "darkest": darkest}
        for each in passes
        if each.zone == code and each.mix and each.mix.shade_step and not each.note
        if each.mix.shade_step.number < darkest
    ]


def density_before(session: TreatmentSession, code: str) -> ZoneDensity:
    """What the plan asks of a zone and what signed sessions placed there, this one left out (two queries)."""
    plan = session.appointment.planned_session.plan
    version = plan.current_version
    version.plan = plan
    found = densities_of(version, rows_of(version), on=session.appointment.day)
    return found.get(code, ZoneDensity(code))


def pass_shown(zone_pass: ZonePass, reached: Decimal, limits: technique.Limits, *, now) -> PassShown:
    """A pass in words, with its soft warnings; ``reached``: dots per cm2 in its zone by now."""
    judged = replace(technique_of(zone_pass), cumulative_dots_per_cm2=reached)
    warnings = technique.warnings_for_pass(judged, limits) + clock.warnings_for_clock(intervals_of(zone_pass))
    on = zone_pass.session.appointment.day
    for lot in zone_pass.mix.lots.all() if zone_pass.mix else ():
        warnings += warnings_for_lot(facts_of(lot.lot), on=on)
    return PassShown(
        zone_pass,
        clock_of(zone_pass, now=now),
        pass_in_words(zone_pass),
        f"{zone_pass.mix.name}: {recipe_of(zone_pass.mix)} ({strength_of(zone_pass.mix)})" if zone_pass.mix else "",
        warnings,
        reverse("sessions:change_pass", args=[zone_pass.session.public_id, zone_pass.number]),
    )


def pass_in_words(zone_pass: ZonePass) -> str:
    """Needle, depth, angle and density: "3RL, 1.0 mm, 90°, 36 dots per cm2"."""
    density = _("%(dots)s dots per cm²") % {"dots": zone_pass.dots_per_cm2} if zone_pass.dots_per_cm2 else ""
    parts = [word(NEEDLES, zone_pass.needle_group), f"{zone_pass.depth_mm} mm", f"{zone_pass.angle_degrees}°", density]
    return " · ".join(filter(None, parts))


def clinic_limits() -> technique.Limits:
    """The limits of technique with the clinic's own of density (one query)."""
    bounds = replace(technique.DEFAULT_LIMITS.dots_per_cm2, usual_to=clinic_protocol().most_dots_per_cm2)
    return replace(technique.DEFAULT_LIMITS, dots_per_cm2=bounds)


def zone_facts(planned: TreatedZone | None, code: str, density: ZoneDensity, passes: list[ZonePass]) -> list[dict]:
    """What the plan asks of a zone and how far it has come, as names and values."""
    today = density_of(passes, code, area_cm2=planned.area_cm2 if planned else None)
    per_cm2 = _("dots per cm²")
    facts = []
    if planned:
        surface = _("among kept hair") if planned.among_hair else _("bare")
        facts = [
            {"name": _("Area"), "value": f"{plain(planned.area_cm2)} cm², {surface}"},
            {"name": _("Whole plan"), "value": f"{planned.target_dots} {per_cm2}"},
            {"name": _("This session"), "value": _("about %(dots)s") % {"dots": f"{planned.share_dots} {per_cm2}"}},
            {"name": _("Shade"), "value": str(planned.shade_step or "")},
        ]
    told = ((density.before, _("in earlier plans")), (density.done, _("before")), (today, _("today")))
    done = [f"{when} {plain(dots)}" for dots, when in told if dots]
    words = f"{' + '.join(filter(None, done))} {per_cm2}" if any(done) else _("nothing yet")
    return [*facts, {"name": _("Done so far"), "value": words}]


def _chosen(asked: str, zones: Sequence[TreatedZone], passes: list[ZonePass]) -> str:
    """The zone asked for; else where a pass is set up or its clock runs; else the first that nothing was done in."""
    known = {zone.code for zone in zones} | {code for code, _name in zone_choices()} | {each.zone for each in passes}
    if asked in known:
        return asked
    running = next((each.zone for each in passes if not each.stopped_at), None)
    begun = {each.zone for each in passes}
    ahead = next((zone.code for zone in zones if zone.code not in begun), None)
    return running or ahead or (zones[0].code if zones else zone_choices()[0][0])


def _tabs(session: TreatmentSession, zones: Sequence[TreatedZone], passes: list[ZonePass], code: str) -> list[dict]:
    """The zones of the plan, those worked besides it, and the one looked at."""
    counts: dict[str, int] = {zone.code: 0 for zone in zones}
    for each in passes:
        counts[each.zone] = counts.get(each.zone, 0) + 1
    counts.setdefault(code, 0)
    running = {each.zone for each in passes if each.started_at and not each.stopped_at}
    address = reverse("sessions:record", args=[session.public_id])
    return [
        {
            "zone": each,
            "label": zone_name(each),
            "url": f"{address}?zone={each}",
            "current": each == code,
            "passes": count,
            "is_running": each in running,
        }
        for each, count in counts.items()
    ]


def not_begun(passes: list[ZonePass], code: str) -> ZonePass | None:
    """The pass of a zone that was set up but whose clock has not started: it is gone on with."""
    waiting = [each for each in passes if each.zone == code and each.started_at is None]
    return waiting[-1] if waiting else None


def after_stop(session: TreatmentSession, zones: Sequence[TreatedZone], passes: list[ZonePass], code: str) -> str:
    """Where a stop leads: to the next zone of the plan that nothing was done in, after the last to the reaction."""
    following = next_after(zones, passes, code)
    if following is None:
        return reverse("sessions:reaction", args=[session.public_id])
    return f"{reverse('sessions:record', args=[session.public_id])}?zone={following}"


def next_after(zones: Sequence[TreatedZone], passes: list[ZonePass], code: str) -> str | None:
    """The planned zone to go on with; None where each has its pass."""
    begun = {each.zone for each in passes} | {code}
    return next((zone.code for zone in zones if zone.code not in begun), None)


def minutes_of(zone_pass: ZonePass) -> Decimal:
    """Minutes of work in a pass that has stopped, pauses left out."""
    return Decimal(clock.worked_minutes(intervals_of(zone_pass), now=timezone.now()))
