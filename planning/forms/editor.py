"""The plan editor: one page, made of the plan's form, a form for each zone, and the lists of scars and marks."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cached_property

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _

from planning.estimation import Estimate
from planning.forms.plan import PlanForm
from planning.forms.zones import MarkFormSet, ScarFormSet, ZoneForm, zone_choices
from planning.learned import paces_for
from planning.models import PlanZone, ShadeStep
from planning.models.plan import PlanKind
from planning.money import price_in_words
from planning.plan_estimate import estimates_for
from planning.plan_zones import Drawn, Treatment, drawn, unsaved_rows, usual_dots
from planning.prices import listed_for
from planning.protocol import Protocol
from planning.work_pace import SessionPace
from planning.zones import REFERENCE_CIRCUMFERENCE_CM, ZONES, Salt, name_of, plain, salt_of, usual_area_cm2
from smpclinic.models import User


class PlanEditor:
    """Forms of one plan, bound where ``posted`` is given. ``rows`` are the zones that stand there at first."""

    def __init__(
        self,
        posted=None,
        *,
        currency: str,
        protocol: Protocol,
        kind: str = PlanKind.PLAN,
        initial=None,
        rows=(),
        photos=None,
    ):
        self.kind, self.protocol, self.rows = kind, protocol, list(rows)
        first = _initial_of_rows(self.rows)
        choices = zone_choices()
        self.form = PlanForm(posted, initial=initial, currency=currency, kind=kind, photos=photos)
        _people, listed = choices["assessor"]
        self.form.fields["practitioner"].choices = listed[1:]
        self.zones = [self._zone_form(posted, zone, first["zones"].get(zone.code), choices) for zone in ZONES]
        self.scars = ScarFormSet(posted, prefix="scars", initial=first["scars"], form_kwargs={"choices": choices})
        self.marks = MarkFormSet(posted, prefix="marks", initial=first["marks"])

    def _zone_form(self, posted, zone, initial, choices) -> ZoneForm:
        usual_cm2 = plain(usual_area_cm2(zone.code, circumference_cm=self.circumference_cm))
        first = {"dots_per_cm2": self.dots_bare} | (initial or {})
        return ZoneForm(posted, zone=zone, choices=choices, usual_cm2=usual_cm2, prefix=zone.code, initial=first)

    def is_valid(self) -> bool:
        """Whether everything can be saved; what cannot says so beside its field."""
        parts = [self.form, *self.zones, self.scars, self.marks]
        if not all([part.is_valid() for part in parts]):  # noqa: C419 - every part is asked, so that all errors show
            return False
        self._say(self.scalp().problems())
        return all(part.is_valid() for part in parts)

    def zone_rows(self) -> list[dict]:
        """What is chosen and right so far, as values of PlanZone."""
        chosen = [form.row() for form in self.zones if form.is_chosen and form.is_valid()]
        return [*chosen, *_listed(self.scars), *_listed(self.marks)]

    def scalp(self) -> Drawn:
        """The scalp as far as it is right."""
        circumference_cm = self.circumference_cm
        return drawn(
            unsaved_rows(self.zone_rows(), circumference_cm=circumference_cm), circumference_cm=circumference_cm
        )

    @property
    def circumference_cm(self) -> Decimal:
        if self.form.is_bound and self.form.errors.get("head_circumference_cm") is None:
            return self.form.cleaned_data["head_circumference_cm"]
        initial = self.form.get_initial_for_field(self.form.fields["head_circumference_cm"], "head_circumference_cm")
        return Decimal(initial or REFERENCE_CIRCUMFERENCE_CM)

    @property
    def session_count(self) -> int:
        typed = str(self.form["session_count"].value())
        default = 1 if self.kind == PlanKind.TOUCH_UP else 3
        return int(typed) if typed in ("1", "2", "3") else default

    def estimates(self) -> tuple[dict[int, Estimate], list[str]]:
        """What can be estimated now, and what stands in the way, in words."""
        scalp = self.scalp() if self.form.is_bound else drawn(self.rows, circumference_cm=self.circumference_cm)
        if problems := scalp.problems():
            return {}, problems
        consulted = bool(self.form["consulted_before"].value())
        estimates = estimates_for(
            scalp.areas(), kind=self.kind, consulted_before=consulted, protocol=self.protocol, paces=self.paces()
        )
        return estimates, []

    @cached_property
    def practitioner(self) -> User | None:
        """Who is chosen to treat now."""
        chosen = str(self.form["practitioner"].value() or "")
        people = self.form.fields["practitioner"].queryset
        return people.filter(pk=chosen).first() if chosen.isdecimal() else None

    def paces(self) -> Mapping[int, SessionPace]:
        """The pace that each session would be booked by."""
        return paces_for(self.practitioner, protocol=self.protocol)

    def listed_price(self) -> str:
        """What the price list asks for what is drawn now, in words; empty where it asks nothing."""
        scalp = self.scalp() if self.form.is_bound else drawn(self.rows, circumference_cm=self.circumference_cm)
        if scalp.problems():
            return ""
        look, currency = str(self.form["look"].value()), self.form.currency
        band = listed_for(scalp.areas(), look=look, kind=self.kind, currency=currency)
        return price_in_words(band.price_minor, currency) if band else ""

    def rows_now(self) -> list[PlanZone]:
        """The zones as they stand on the desk: what is chosen and right so far, not saved."""
        if not self.form.is_bound:
            return self.rows
        return unsaved_rows(self.zone_rows(), circumference_cm=self.circumference_cm)

    @cached_property
    def shade_step(self) -> ShadeStep | None:
        """The step chosen for the whole plan, as it stands in the form."""
        told = self.form["shade_step"].value()
        key = getattr(told, "pk", told)
        return ShadeStep.objects.select_related("product").filter(pk=key).first() if str(key or "").isdigit() else None

    def left_out(self) -> list[str]:
        """What the estimate leaves out because it is not right yet."""
        if not self.form.is_bound:
            return []
        unread = [form.zone.name for form in self.zones if form.is_chosen and not form.is_valid()]
        return [_("%(zone)s is not counted yet: check what is typed there.") % {"zone": name} for name in unread]

    def salt(self) -> Salt:
        """SALT of what is drawn now."""
        scalp = self.scalp() if self.form.is_bound else drawn(self.rows, circumference_cm=self.circumference_cm)
        return salt_of(scalp.choices, scars=scalp.scars, circumference_cm=scalp.circumference_cm)

    @property
    def dots_bare(self) -> int:
        return usual_dots({}, self.protocol)

    @property
    def dots_among_hair(self) -> int:
        return usual_dots({"among_hair": True}, self.protocol)

    def states(self) -> dict[str, str]:
        """How the map draws each zone that is chosen now."""
        return {form.zone.code: form.map_state for form in self.zones if form.is_chosen}

    def refuse(self, refusal: ValidationError) -> None:
        """Show what an action refused, beside the field it names."""
        by_field = refusal.message_dict if hasattr(refusal, "error_dict") else {NON_FIELD_ERRORS: refusal.messages}
        for field, messages in by_field.items():
            self.form.add_error(field if field in self.form.fields else None, messages)

    def _say(self, problems: Iterable[str]) -> None:
        """Put each problem of the scalp beside the zone it begins with."""
        for problem in problems:
            form = next((form for form in self.zones if problem.startswith(name_of(form.zone.code))), None)
            if form is not None:
                form.add_error("treat", problem)
            else:
                self.form.add_error(None, problem)

    @property
    def has_scars(self) -> bool:
        return _has_something(self.scars)

    @property
    def has_marks(self) -> bool:
        return _has_something(self.marks)

    @property
    def list_errors(self) -> list[str]:
        """What is wrong with a list as a whole."""
        bound = [formset for formset in (self.scars, self.marks) if formset.is_bound]
        return [message for formset in bound for message in formset.non_form_errors()]

    @property
    def errors_beside_zones(self) -> list[tuple[str, str]]:
        """Every error of zones, scars and marks with the id of its control, for the summary at the top."""
        found = []
        lists = (*self.scars.forms, *self.marks.forms)
        for form in (*self.zones, *lists):
            name = form.zone.name if isinstance(form, ZoneForm) else _named(form)
            for field, messages in form.errors.items():
                found += [(form[field].id_for_label, _with_name(name, message)) for message in messages]
        return found


def _initial_of_rows(rows: Iterable[PlanZone]) -> dict:
    first: dict = {"zones": {}, "scars": [], "marks": []}
    for row in rows:
        if row.treatment == Treatment.TREAT:
            first["zones"][row.zone] = _initial_of_zone(row)
        elif row.treatment == Treatment.SCAR:
            names = ("zone", "length_cm", "width_cm", "dots_per_cm2", "shade_step", "note", "lighter_reason", "spot")
            first["scars"].append({name: getattr(row, name) for name in names})
        else:
            size = {"area_cm2": row.area_cm2, "measured_by": row.measured_by} if row.measured_by else {}
            first["marks"].append({"zone": row.zone, "note": row.note, "spot": row.spot, **size})
    return first


def _initial_of_zone(row: PlanZone) -> dict:
    names = ("part_percent", "among_hair", "dots_per_cm2", "shade_step", "note", "lighter_reason")
    values = {name: getattr(row, name) for name in names}
    names = ("area_cm2", "measured_by", "assessor")
    measured = {name: getattr(row, name) for name in names} if row.measured_by else {}
    return {"treat": True, **values, **measured}


def _listed(formset) -> list[dict]:
    if not formset.is_bound:
        return []
    gone = formset.deleted_forms if formset.is_valid() else []
    return [
        form.row()
        for form in formset.forms
        if form not in gone and form.has_changed() and form.is_valid() and form.cleaned_data.get("zone")
    ]


def _has_something(formset) -> bool:
    return any(form.initial or (form.is_bound and form.has_changed()) for form in formset.forms)


def _named(form) -> str:
    code = form["zone"].value()
    where = {zone.code: name_of(zone.code) for zone in ZONES}.get(code, "")
    return _("In %(zone)s") % {"zone": where} if where else ""


def _with_name(name: str, message: str) -> str:
    return message if not name or message.startswith(name) else f"{name}: {message}"
