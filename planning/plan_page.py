"""What a version of a plan shows, on its page and on paper alike."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from planning.density import ZoneDensity
from planning.dots_done import densities_of, place_of
from planning.hairline_shown import numbers_of, photo_of
from planning.hairline_words import hairline_in_words
from planning.lengths import hours_and_minutes
from planning.models import Appointment, PlanVersion, PlanZone
from planning.money import price_in_words
from planning.plan_content import hairline_mark, measured_in_words, row_name, token_of
from planning.plan_estimate import basis_in_words, range_explained, range_in_words
from planning.plan_lock import clinic_today
from planning.plan_map import map_of_version
from planning.plan_zones import Treatment, drawn, rows_of
from planning.prices import account_of
from planning.shade_look import person_of, preview_of
from planning.shade_settings import clinic_healed_look
from planning.zones import plain


def page_of(version: PlanVersion) -> dict:
    """Everything of one version that is shown (four queries)."""
    rows = rows_of(version)
    found = densities_of(version, rows, on=clinic_today())
    return {
        "version": version,
        "rows": rows,
        "token": token_of(version, rows),
        "zones": [zone_shown(row, version, found) for row in rows],
        "densities": found,
        "map": map_of_version(version, rows, found=found),
        "treated_cm2": plain(treated_cm2(rows, version)),
        "sessions": sessions_shown(version),
        "range_explained": range_explained(_shown_of_first(version)),
        "total": hours_and_minutes(sum(version.estimate_minutes)),
        "hairline": hairline_in_words(version),
        "hairline_mark": hairline_mark(version),
        "numbers": numbers_of(version),
        "photo": photo_of(version),
        "price": price_in_words(version.price_minor, version.currency),
        "account": account_of(version.plan, version),
        "preview": page_preview(version, rows),
        "versions": list(version.plan.versions.select_related("approved_by", "drafted_by")),
    }


def page_preview(version: PlanVersion, rows: Sequence[PlanZone] = ()) -> dict | None:
    """The picture of the plan's shade at its density; none while no shade is chosen."""
    if version.shade_step is None:
        return None
    return preview_of(
        person_of(version.plan.patient), version.shade_step, rows or rows_of(version), clinic_healed_look()
    )


def treated_cm2(rows: Sequence[PlanZone], version: PlanVersion) -> Decimal:
    """What is really treated, in cm2: less scars and marks, by the part of each zone."""
    scalp = drawn(rows, circumference_cm=version.head_circumference_cm)
    if scalp.problems():
        return Decimal(0)
    return sum((area.treated_cm2 for area in scalp.areas()), Decimal(0))


def zone_shown(row: PlanZone, version: PlanVersion, found: Mapping[str, ZoneDensity]) -> dict:
    """One row of the table of zones, in words and figures with their units."""
    is_mark = row.treatment == Treatment.DO_NOT_TREAT
    return {
        "name": row_name(row),
        "code": row.zone,
        "is_mark": is_mark,
        "is_scar": row.treatment == Treatment.SCAR,
        "area": _area(row),
        "measured": ", ".join(measured_in_words(row)),
        "size": _size(row),
        "part": "" if is_mark or row.treatment == Treatment.SCAR else f"{row.part_percent} %",
        "surface": _surface(row),
        "dots": "" if is_mark else row.dots_per_cm2,
        "placed": "" if is_mark else _placed(found[place_of(row)]),
        "shade": "" if is_mark else str(row.shade_step or version.shade_step or ""),
        "note": row.note,
        "lighter_reason": row.lighter_reason,
    }


def _placed(density: ZoneDensity) -> str:
    """What is done of a zone's dots: "36 done, 30 from other plans"; empty before the first session."""
    told = [
        _("%(dots)s done") % {"dots": plain(density.done)} if density.done else "",
        _("%(dots)s from other plans") % {"dots": plain(density.before)} if density.before else "",
    ]
    return ", ".join(filter(None, told))


def _area(row: PlanZone) -> str:
    if row.treatment == Treatment.DO_NOT_TREAT and not row.measured_by:
        return _("Whole zone")
    return plain(row.area_cm2)


def _size(row: PlanZone) -> str:
    if row.length_cm is None or row.width_cm is None:
        return ""
    return _("%(length)s × %(width)s cm") % {"length": plain(row.length_cm), "width": plain(row.width_cm)}


def _surface(row: PlanZone) -> str:
    if row.treatment == Treatment.TREAT:
        return _("Among kept hair") if row.among_hair else _("Bare")
    return _("Scar") if row.treatment == Treatment.SCAR else _("Do not treat")


def sessions_shown(version: PlanVersion) -> list[dict]:
    """Each session of the estimate as it was worked out when the version was saved, with its visit (one query)."""
    visits = _visits(version)
    worked = {line["number"]: line for line in version.estimate_working}
    is_touch_up = version.session_count == 1
    return [
        {
            "name": _("Touch-up") if is_touch_up else _("Session %(number)s") % {"number": number},
            "length": hours_and_minutes(minutes),
            "range": _range(worked.get(number)),
            "basis": basis_in_words(worked.get(number, {}).get("shown"), version.plan.practitioner),
            "pace": worked.get(number, {}).get("pace", ""),
            "lines": worked.get(number, {}).get("lines", []),
            "words": worked.get(number, {}).get("words", ""),
            "visit": visits.get(None if is_touch_up else number),
        }
        for number, minutes in enumerate(version.estimate_minutes, start=1)
    ]


def _shown_of_first(version: PlanVersion) -> dict | None:
    """What stands behind the ranges; the sessions of one version have it from one table."""
    return version.estimate_working[0].get("shown") if version.estimate_working else None


def _range(worked: dict | None) -> str:
    return range_in_words(worked["low_min"], worked["high_min"]) if worked else ""


def _visits(version: PlanVersion) -> dict[int | None, Appointment]:
    active = Appointment.objects.active().filter(planned_session__plan=version.plan_id)
    return {visit.planned_session.number: visit for visit in active.with_people()}
