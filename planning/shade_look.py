"""What helps to choose a shade: dots drawn on this skin beside this hair, healed photos, mixes for the hair."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from intake.hair_colours import hair_colour, skin_colour
from intake.models import Patient
from planning.dots_done import place_name
from planning.ladder_page import cup_colour
from planning.mix_proposals import Proposal, propose, words_about_reach
from planning.mixing import HealedLook, on_skin
from planning.models import HealedPhoto, PlanZone, ShadeStep
from planning.plan_zones import Treatment
from planning.protocol import DEFAULT_PROTOCOL
from planning.shade import offered_step, pigment_percent
from planning.shade_preview import preview_address
from planning.shade_settings import clinic_healed_look
from planning.shade_stock import shelf
from smpclinic.colour import Srgb, hex_of

PHOTOS_SHOWN = 4


@dataclass(frozen=True)
class Person:
    """The colours a result must blend with, and how each is known."""

    skin: Srgb
    hair: Srgb
    skin_type: str
    skin_words: str
    hair_words: str
    is_hair_known: bool


def person_of(patient: Patient) -> Person:
    """Skin and hair as last seen (one query)."""
    rows = list(patient.hair.all())

    def newest(name: str):
        return next((value for row in rows if (value := getattr(row, name)) not in ("", None)), None)

    level, measured, grey = newest("level"), newest("measured_colour") or "", newest("grey_percent")
    skin_type, skin = newest("skin_type") or "", newest("measured_skin") or ""
    return Person(
        skin=skin_colour(skin_type=skin_type, measured=skin),
        hair=hair_colour(level=level, measured=measured, grey_percent=grey),
        skin_type=skin_type,
        skin_words=_skin_words(skin_type, skin),
        hair_words=_hair_words(level, measured),
        is_hair_known=bool(level or measured),
    )


def _skin_words(skin_type: str, measured: str) -> str:
    if measured:
        return _("skin as measured")
    return (
        _("the usual skin of type %(type)s") % {"type": skin_type}
        if skin_type
        else _("skin of no type yet, as type II")
    )


def _hair_words(level: int | None, measured: str) -> str:
    if measured:
        return _("hair as measured")
    return _("hair of level %(level)s") % {"level": level} if level else _("hair of no level yet, as dark brown")


def preview_of(person: Person, step: ShadeStep, rows: Sequence[PlanZone], look: HealedLook) -> dict:
    """The picture of a step at the density of the plan's densest zone, with the caption that says what it is not."""
    treated = [row for row in rows if row.treatment != Treatment.DO_NOT_TREAT]
    densest = max(treated, key=lambda row: row.dots_per_cm2, default=None)
    dots = min(densest.dots_per_cm2, 300) if densest else int(DEFAULT_PROTOCOL.bare_dots_per_cm2)
    figures = {
        "skin": hex_of(person.skin),
        "hair": hex_of(person.hair),
        "dot": hex_of(on_skin(look.of(cup_colour(step)), person.skin)),
        "dots_per_cm2": dots,
        "among_hair": bool(treated) and all(row.among_hair for row in treated),
    }
    told = {"step": step, "dots": dots, "hair": person.hair_words, "skin": person.skin_words}
    return {
        "figures": figures,
        "url": preview_address(figures),
        "alt": _("Stubble on the left, dots of step %(step)s at %(dots)s per cm² on the right.") % told,
        "caption": _(
            "Drawn, not a photo: %(hair)s on the left, step %(step)s at %(dots)s dots per cm² on the right, on "
            "%(skin)s, about 3.6 cm wide. Healed colour differs from person to person and from screen to screen."
        )
        % told,
    }


def healed_photos_of(step: ShadeStep, skin_type: str) -> dict:
    """Healed photos of a step on a type of skin, and what to say of them (two queries).

    ``photos`` may be shown to the patient in the room: whose head it is agreed to that; ``for_staff`` may not.
    """
    all_types = HealedPhoto.objects.with_who_may_see().filter(shade_step=step)
    rows = all_types.filter(skin_type=skin_type).select_related("photo") if skin_type else all_types.none()
    found = list(rows.order_by(F("is_for_others").desc(nulls_last=True), "-photo__taken_at", "-pk")[:PHOTOS_SHOWN])
    others = all_types.exclude(skin_type=skin_type).count()
    where = {"step": step, "type": skin_type}
    if not skin_type:
        words = _("The skin type is not known yet, so no healed photos can be matched.")
    elif found:
        words = _("Healed photos of step %(step)s on skin type %(type)s:") % where
    else:
        words = _("No healed photo of step %(step)s on skin type %(type)s yet.") % where
    return {
        "photos": [_photo(row) for row in found if row.is_for_others],
        "for_staff": [_photo(row) for row in found if not row.is_for_others],
        "words": words,
        "others": others,
    }


def _photo(row: HealedPhoto) -> dict:
    told = {"zone": place_name(row.zone), "days": row.healed_days}
    return {
        "url": reverse("planning:healed_photo", args=[row.public_id]),
        "words": _("%(zone)s, %(days)s days after") % told,
    }


def mixes_for(person: Person, look: HealedLook, *, on: date) -> dict:
    """Mixes from the stock whose healed look comes nearest to the hair (two queries)."""
    if not person.is_hair_known:
        return {"mixes": [], "words": [_("Choose the hair's level, or measure its colour, for a mix to be proposed.")]}
    stock = shelf(on=on)
    found = propose(stock.pigments, person.hair, healed=look)
    words = [*stock.left_out, *words_about_reach(found, person.hair)]
    if not stock.pigments:
        words.append(_("No pigment in stock can be used today."))
    return {"mixes": [_mix(each) for each in found], "words": words, "target": hex_of(person.hair)}


def _mix(proposal: Proposal) -> dict:
    pigment_ml = sum(pigment.drop_ml * drops for pigment, drops in proposal.drops)
    percent = pigment_percent(pigment_ml=pigment_ml, water_ml=proposal.water_ml)
    parts = [_drops(drops, pigment.name) for pigment, drops in proposal.drops]
    water = [_drops(proposal.water_drops, _("water"))] if proposal.water_drops else []
    return {
        "recipe": ", ".join([*parts, *water]),
        "percent": percent,
        "cup": hex_of(proposal.cup),
        "healed": hex_of(proposal.healed),
        "difference": f"{proposal.difference:.1f}",
        "words": proposal.words,
    }


def _drops(drops: int, what: str) -> str:
    return ngettext("%(drops)s drop %(what)s", "%(drops)s drops %(what)s", drops) % {"drops": drops, "what": what}


def shade_look(
    patient: Patient, step: ShadeStep | None, rows: Sequence[PlanZone], *, on: date, is_first: bool = True
) -> dict:
    """The whole panel for one step (None: none is chosen yet); ``is_first``: a first session is still to come."""
    person, look = person_of(patient), clinic_healed_look()
    panel = {"step": step, "stock": mixes_for(person, look, on=on)}
    if step is None:
        return panel
    return panel | {
        "preview": preview_of(person, step, rows, look),
        "healed": healed_photos_of(step, person.skin_type),
        "first": _first_step(step) if is_first else None,
    }


def _first_step(step: ShadeStep) -> ShadeStep | None:
    """The lighter step that a first session is offered; None where there is none."""
    number = offered_step(step.number, session_number=1)
    return ShadeStep.objects.filter(number=number, is_active=True).exclude(pk=step.pk).first()
