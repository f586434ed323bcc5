"""The living page of the look at /style: every part in every state. For development only, without any real data."""

from datetime import date, datetime, time
from types import SimpleNamespace
from uuid import UUID

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Column, Field, Fieldset, Layout, Row, Submit
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from intake.models import PatientAlert
from planning.board import Block, Board
from planning.board import Column as BoardColumn
from planning.models import AppointmentState
from smpclinic.widgets import PictureChoice

NOBODY = UUID(int=0)
YES_NO = [("yes", _("Yes")), ("no", _("No")), ("unsure", _("Not sure"))]
PATTERNS = [("receding", _("Receding")), ("crown", _("Thin at the crown")), ("unsure", _("Not sure"))]


class SampleForm(forms.Form):
    """Every kind of field that the form pack draws."""

    full_name = forms.CharField(label=_("Name"), max_length=80)
    phone = forms.CharField(label=_("Phone"), help_text=_("We ring this number when something changes."))
    email = forms.EmailField(label=_("E-mail"), required=False)
    born_on = forms.DateField(
        label=_("Date of birth"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    at = forms.TimeField(label=_("Time"), required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    room = forms.ChoiceField(label=_("Room"), choices=[("1", _("Room 1")), ("2", _("Room 2"))])
    thinner = forms.ChoiceField(
        label=_("Do you take a blood thinner?"),
        choices=YES_NO,
        widget=forms.RadioSelect,
        help_text=_("Never stop a prescribed medicine for us."),
    )
    brings = forms.MultipleChoiceField(
        label=_("What brings you here?"),
        choices=[("thinning", _("Thinning hair")), ("hairline", _("A receding hairline")), ("scar", _("A scar"))],
        widget=forms.CheckboxSelectMultiple(attrs={"data-layout": "stacked"}),
    )
    pattern = forms.ChoiceField(
        label=_("Which picture is most like you?"),
        choices=PATTERNS,
        widget=PictureChoice(
            pictures={"receding": "partials/mark.html", "crown": "partials/mark.html"},
            texts={"receding": _("The temples move back."), "crown": _("A thin round place at the back.")},
        ),
    )
    depth_mm = forms.DecimalField(
        label=_("Depth"),
        initial="1.0",
        widget=forms.NumberInput(
            attrs={"data-stepper": "big", "data-unit": "mm", "min": "0.1", "max": "4.0", "step": "0.1"}
        ),
    )
    area_cm2 = forms.DecimalField(label=_("Area"), initial=145, widget=forms.NumberInput(attrs={"data-unit": "cm²"}))
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=500)
    photo = forms.FileField(label=_("Photo from the front"), required=False)
    agrees = forms.BooleanField(label=_("I have read this and agree"))
    strokes = forms.CharField(label=_("Signature"), required=False, widget=forms.HiddenInput)
    typed_name = forms.CharField(label=_("Or type your full name"), required=False)

    @property
    def helper(self):
        helper = FormHelper()
        helper.form_class = "form"
        helper.layout = Layout(
            Fieldset(
                _("About you"),
                Row("full_name", "phone"),
                "email",
                Row(Column("born_on"), Column("at"), Column("room")),
            ),
            Fieldset(_("Health"), "thinner", "brings", "pattern"),
            Fieldset(_("At the chair"), Row("depth_mm", "area_cm2"), "note", "photo"),
            Fieldset(
                _("Agreement"),
                "agrees",
                Field("strokes", template="smp/layout/signature.html"),
                "typed_name",
            ),
            ButtonHolder(Submit("save", _("Save")), Submit("later", _("Save for later"), css_class="quiet")),
        )
        return helper


class SampleRow(forms.Form):
    medicine = forms.CharField(label=_("Medicine"))
    since = forms.CharField(label=_("Since when"), required=False)


@require_GET
@login_not_required
def style(request):
    """Show every part; ``?plain`` shows the sheet that patients see."""
    if "plain" in request.GET:
        return render(request, "smpclinic/style_plain.html", {"form": SampleForm()})
    if "found" in request.GET:
        return render(request, "partials/search_results.html", {"patients": _found(), "query": request.GET["found"]})
    return render(request, "smpclinic/style.html", _samples())


def _samples() -> dict[str, object]:
    row_helper = FormHelper()
    row_helper.form_tag = False
    row_helper.disable_csrf = True
    return {
        "form": SampleForm(),
        "wrong_form": SampleForm({"wrong-email": "not an address", "wrong-depth_mm": "9"}, prefix="wrong"),
        "formset": forms.formset_factory(SampleRow, extra=1)(prefix="medicines"),
        "row_helper": row_helper,
        "patient": _patient(),
        "next_appointment": SimpleNamespace(starts_at=datetime(2026, 11, 26, 14, 30), title=_("Session 2 of 3")),  # noqa: DTZ001
        "steps": _steps(),
        "board": _board(),
        "timeline": _timeline(),
        "todo": _todo(),
        "facts": _facts(),
        "tabs": [
            {"label": _("Plan"), "url": "#plan", "current": True},
            {"label": _("Photos"), "url": "#p", "count": 6},
        ],
        "estimate": _estimate(),
        "tints": range(8),
    }


def _patient():
    return SimpleNamespace(
        full_name="Ana María Quintero",
        preferred_name="Ana",
        pronoun=_("she/her"),
        record_number="1042-7",
        public_id=UUID(int=1042),
        born_on=date(1984, 3, 9),
        get_absolute_url="#patient",
        portrait_url="",
        alerts=SimpleNamespace(
            all=[PatientAlert(words=str(_("Takes a blood thinner"))), PatientAlert(words=str(_("Allergic to latex")))]
        ),
    )


def _steps():
    labels = [_("Intake"), _("Assessed"), _("Planned"), _("Agreed"), _("Session 1"), _("Session 2"), _("Session 3")]
    states = ["done"] * 5 + ["current"] + ["ahead"] * 2
    notes = {"current": _("Thu 26 Nov, 14:30")}
    return [
        {"label": label, "state": state, "note": notes.get(state, "")}
        for label, state in zip([*labels, _("Follow-up")], states, strict=True)
    ]


def _board() -> Board:
    first = BoardColumn("Laia Ferrer", "LF", 0, tuple(_block(*row) for row in MORNING), now_row=46)
    second = BoardColumn("Tomás Oyelaran", "TO", 3, tuple(_block(*row) for row in AFTERNOON))
    third = BoardColumn("Iris Vandamme", "IV", 5, (_block(36, 4, "Cho Min-jun", "done"),))
    fourth = BoardColumn("Noor Haddad", "NH", 1)
    return Board(date(2026, 11, 26), 8, 16, (first, second, third, fourth))


MORNING = (
    (34, 2, "Greta Lindqvist", "done"),
    (38, 9, "Ana María Quintero", "in_treatment"),
    (50, 1, "Piotr Nowak", "booked"),
    (52, 6, "Samuel Adeyemi-Featherstonehaugh", "booked", ("intake", "agreement")),
)
AFTERNOON = (
    (36, 7, "Hana Sato", "arrived"),
    (46, 4, "Luca Bianchi", "no_show"),
    (54, 8, "Maren Holt", "booked", ("alert",)),
)


def _block(row: int, span: int, name: str, state: str, missing: tuple[str, ...] = ()) -> Block:
    visit = SimpleNamespace(
        public_id=NOBODY,
        patient=name,
        title=_("Session 2 of 3"),
        state=state,
        state_words=AppointmentState(state).label,
        starts_at=time(row // 4, row % 4 * 15),
        ends_at=time((row + span) // 4, (row + span) % 4 * 15),
    )
    return Block(visit, row, span, missing)  # type: ignore[arg-type]


def _timeline():
    return [
        {"when": _("Thu 26 Nov, 14:30"), "title": _("Session 2 of 3"), "kind": "ahead"},
        {"when": _("Mon 2 Nov"), "title": _("Session 1 signed"), "text": _("3RL, 1.0 mm, 90°"), "url": "#timeline"},
        {"when": _("Fri 30 Oct"), "title": _("Patch test clear"), "kind": "quiet"},
        {"when": _("Wed 28 Oct"), "title": _("Doctor's letter asked for"), "kind": "caution"},
    ]


def _todo():
    return [
        {"words": _("Sign the record of Hana Sato, Mon 23 Nov"), "url": "#todo", "icon": "pen-line"},
        {"words": _("Lot 24-117 expires on 1 Dec 2026"), "url": "#todo", "kind": "caution", "icon": "package-x"},
        {"words": _("Review two intakes"), "text": _("sent yesterday"), "url": "#todo", "count": 2},
    ]


def _facts():
    return [
        {"name": _("Needle"), "value": "3RL"},
        {"name": _("Depth"), "value": "1.0 mm"},
        {"name": _("Doctor"), "value": ""},
    ]


def _estimate():
    return {
        "sessions": [
            {"name": _("Session 1"), "length": "2 h 30", "range": "2 h 05–3 h 10"},
            {"name": _("Session 2"), "length": "1 h 45", "range": "1 h 30–2 h 15"},
            {"name": _("Session 3"), "length": "1 h 30", "range": "1 h 15–1 h 50"},
        ],
        "working": [_("145 cm² × 36 / 70 per min = 75 min + 30, booked 105")],
        "advice": [_("Two sessions would do.")],
    }


def _found():
    return [_patient()]
