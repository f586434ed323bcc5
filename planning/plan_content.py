"""What a version of a plan says, in one place: for the seal, for telling who changed what, for a token of its state."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from planning.hairline_words import HairlineShape
from planning.models import PlanVersion, PlanZone
from planning.models.plan import Look
from planning.money import price_in_words
from planning.plan_zones import Method
from planning.zones import name_of, plain
from smpclinic.chain import canonical
from smpclinic.models import User

# What a person decides when drafting; estimates, approval and price's currency follow from it.
VERSION_FIELDS = (
    "session_count",
    "look",
    "hairline_shape",
    "hairline_points",
    "hairline_height_mm",
    "hairline_photo",
    "hairline_on_photo",
    "shade_step",
    "head_circumference_cm",
    "consulted_before",
    "grade",
    "long_session_reason",
    "note",
    "price_minor",
    "price_reason",
    "deposit_minor",
)
_HOW_SHOWN = {
    "session_count": gettext_lazy("Sessions"),
    "look": gettext_lazy("Look"),
    "hairline_shape": gettext_lazy("Hairline shape"),
    "hairline_points": gettext_lazy("Hairline as drawn"),
    "hairline_height_mm": gettext_lazy("Hairline height"),
    "hairline_photo": gettext_lazy("Photo of the hairline"),
    "hairline_on_photo": gettext_lazy("Hairline on the photo"),
    "shade_step": gettext_lazy("Target shade"),
    "head_circumference_cm": gettext_lazy("Head circumference"),
    "consulted_before": gettext_lazy("Earlier consultation"),
    "grade": gettext_lazy("Grade"),
    "long_session_reason": gettext_lazy("Reason for a session over 4 hours"),
    "note": gettext_lazy("Note"),
    "price_minor": gettext_lazy("Price"),
    "price_reason": gettext_lazy("Reason for another price"),
    "deposit_minor": gettext_lazy("Deposit"),
}


def values_of(version: PlanVersion) -> dict[str, object]:
    """The decided fields by name; related rows as they are shown."""
    return {field: _value(version, field) for field in VERSION_FIELDS}


def _value(version: PlanVersion, field: str) -> object:
    value = getattr(version, field)
    if field == "head_circumference_cm":
        return plain(value)
    if field == "hairline_photo":  # the picture itself is named by its hash: the line means nothing on another one
        return value and value.sha256
    if field in ("shade_step", "grade"):
        return str(value) if value is not None else None
    return value


def zone_values(row: PlanZone) -> dict[str, object]:
    """One row of the scalp, for the seal: numbers as text with the places they are kept with."""
    return {
        "zone": row.zone,
        "treatment": str(row.treatment),
        "area_cm2": row.area_cm2,
        "measured_by": row.measured_by,
        "assessor": row.assessor and str(row.assessor),
        "length_cm": row.length_cm,
        "width_cm": row.width_cm,
        "part_percent": row.part_percent,
        "among_hair": row.among_hair,
        "dots_per_cm2": row.dots_per_cm2,
        "shade_step": row.shade_step and shade_values(row.shade_step),
        "spot": row.spot,
        "note": row.note,
        "lighter_reason": row.lighter_reason,
    }


def hairline_sha256(version: PlanVersion) -> str:
    """SHA-256 in hex of a version's hairline, drawing and photo included; empty where the front edge stays as it is.

    A later version that leaves the hairline alone has the same; moving one point by one unit gives another.
    """
    if not version.hairline_shape:
        return ""
    drawn = {field: _value(version, field) for field in VERSION_FIELDS if field.startswith("hairline_")}
    drawn["head_circumference_cm"] = plain(version.head_circumference_cm)  # millimetres follow from it
    return hashlib.sha256(canonical(drawn).encode()).hexdigest()


def hairline_mark(version: PlanVersion) -> str:
    """A few letters by which people tell whether two papers mean the same hairline: "3F2A 91"; empty without one."""
    mark = hairline_sha256(version)[:6].upper()
    return f"{mark[:4]} {mark[4:]}".strip()


def shade_values(step) -> dict[str, object]:
    """A step of the ladder with the recipe it had when this was written: the ladder may be edited later."""
    return {"step": step.number, "name": step.name, "pigment_ml": step.pigment_ml, "water_ml": step.water_ml}


def content_of(version: PlanVersion, rows: Iterable[PlanZone]) -> dict[str, object]:
    """All of a version that its approval seals."""
    plan = version.plan
    return {
        "plan": plan.public_id,
        "kind": str(plan.kind),
        "version": version.number,
        "version_id": version.public_id,
        "patient": plan.patient.public_id,
        "practitioner": {"id": plan.practitioner.public_id, "name": str(plan.practitioner)},
        **values_of(version),
        "shade_step": version.shade_step and shade_values(version.shade_step),
        "price_listed_minor": version.price_listed_minor,
        "currency": version.currency,
        "zones": [zone_values(row) for row in rows],
        "estimate_minutes": version.estimate_minutes,
        "protocol": version.protocol,
        "drafted_by": str(version.drafted_by),
        "drafted_at": version.drafted_at,
        "approved_by": version.approved_by and str(version.approved_by),
        "approved_at": version.approved_at,
    }


def approved_practitioner(version: PlanVersion) -> User:
    """Whom the approval of a version named as the practitioner; the plan's own where the seal was erased."""
    sealed = version.sealed
    if sealed is None or sealed.erased_at:
        return version.plan.practitioner
    return User.objects.get(public_id=json.loads(sealed.content)["practitioner"]["id"])


def token_of(version: PlanVersion, rows: Iterable[PlanZone]) -> str:
    """Short text that changes whenever the stored version changes; a form carries it to notice a second writer."""
    decided = {**values_of(version), "number": version.number, "practitioner": version.plan.practitioner_id}
    text = canonical({**decided, "approved": version.is_approved, "zones": [zone_values(row) for row in rows]})
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def differences(stored: Mapping[str, Any], typed: Mapping[str, Any]) -> list[str]:
    """In words, where what is stored differs from what was typed; both as ``comparable`` gives them."""
    return [
        _("%(what)s: saved as %(stored)s, here %(typed)s.")
        % {"what": key, "stored": stored.get(key) or _("empty"), "typed": typed.get(key) or _("empty")}
        for key in dict.fromkeys([*stored, *typed])
        if stored.get(key) != typed.get(key)
    ]


def comparable(version: PlanVersion, rows: Iterable[PlanZone]) -> dict[str, str]:
    """A version as a list of things people recognise, each with its value in words."""
    shown = {str(_HOW_SHOWN[field]): _in_words(field, value) for field, value in values_of(version).items()}
    for field in ("price_minor", "deposit_minor"):
        shown[str(_HOW_SHOWN[field])] = price_in_words(getattr(version, field), version.currency)
    shown[_("Practitioner")] = str(version.plan.practitioner)
    for row in rows:
        key = row_name(row)
        shown[key] = "; ".join(filter(None, [shown.get(key), row_in_words(row)]))
    return shown


def _in_words(field: str, value: object) -> str:
    if value in (None, "", [], {}):
        return ""
    if field == "hairline_photo":
        return _("photo %(mark)s") % {"mark": str(value)[:4]}
    if field in ("hairline_points", "hairline_on_photo"):
        return _("drawing %(mark)s") % {"mark": hashlib.sha256(canonical(value).encode()).hexdigest()[:4]}
    if field == "hairline_shape":
        return str(HairlineShape(value).label)
    if field == "consulted_before":
        return str(_("yes") if value else _("no"))
    if field == "look":
        return str(Look(value).label)
    return str(value)


def row_name(row: PlanZone) -> str:
    """A row's place on the scalp: "Vertex (crown)", "Scar in Occipital", "Do not treat in Nape"."""
    where = name_of(row.zone)
    if row.treatment == PlanZone.Treatment.SCAR:
        return _("Scar in %(zone)s") % {"zone": where}
    if row.treatment == PlanZone.Treatment.DO_NOT_TREAT:
        return _("Do not treat in %(zone)s") % {"zone": where}
    return where


def row_in_words(row: PlanZone) -> str:
    """What is planned there, shortly: "50 cm², bare, 75 %, 90 dots/cm²"."""
    if row.treatment == PlanZone.Treatment.DO_NOT_TREAT:
        size = _("%(area)s cm²") % {"area": plain(row.area_cm2)} if row.measured_by else _("whole zone")
        return ", ".join(filter(None, [str(size), row.note]))
    surface = _("among kept hair") if row.among_hair else _("bare")
    shown = _("%(area)s cm², %(surface)s, %(part)s %%, %(dots)s dots/cm²") % {
        "area": plain(row.area_cm2),
        "surface": surface,
        "part": row.part_percent,
        "dots": row.dots_per_cm2,
    }
    return ", ".join([shown, *measured_in_words(row), *filter(None, [row.note, row.lighter_reason])])


def measured_in_words(row: PlanZone) -> list[str]:
    """How a zone's area is known and who measured it; empty where the usual area of this head is taken."""
    if not row.measured_by or row.treatment != PlanZone.Treatment.TREAT:
        return []
    method = Method(row.measured_by).label
    if row.assessor is None:
        return [str(method)]
    return [_("%(method)s, %(name)s") % {"method": method, "name": row.assessor}]
