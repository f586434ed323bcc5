"""The manager's pages of the screening: the list of rules with the figures, and one rule."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from intake import actions
from intake.actions import RuleChanged
from intake.forms.fields import add_refusal
from intake.forms.rules import ActionsForm, FiguresForm, RuleForm
from intake.models import ScreeningRule
from intake.rule_words import action_in_words, traits_in_words
from intake.rules import LAST_SECTION, PLACES, TODAY, figures_in_force, rule_from, rule_of_version
from smpclinic.actors import staff
from smpclinic.roles import Permission, requires

CLASH = 409


@require_http_methods(["GET", "POST"])
@requires(Permission.SET_UP)
def rules(request):
    """Every rule, by where it is asked, and the clinic's figures."""
    form = FiguresForm(request.POST if request.method == "POST" else None, figures=figures_in_force())
    if request.method == "POST" and form.is_valid() and _set(request, form):
        return redirect("intake:rules")
    pages = {place: [] for place in PLACES}
    for row in ScreeningRule.objects.select_related("changed_by"):
        place = TODAY if row.every_session else row.section if row.section in PLACES else LAST_SECTION
        pages[place].append(_shown(row))
    shown = [(PLACES[place], rows) for place, rows in pages.items() if rows]
    return render(request, "intake/rules.html", {"pages": shown, "form": form})


@require_http_methods(["GET", "POST"])
@requires(Permission.SET_UP)
def new_rule(request):
    return _rule_page(request, None)


@require_http_methods(["GET", "POST"])
@requires(Permission.SET_UP)
def rule(request, code):
    return _rule_page(request, get_object_or_404(ScreeningRule.objects.select_related("changed_by"), code=code))


def _rule_page(request, row):
    data = request.POST if request.method == "POST" else None
    form, lines = RuleForm(data, row=row), ActionsForm(data, row=row)
    status = 200
    if data is not None and form.is_valid() and lines.is_valid():
        try:
            return _saved(request, row, form, lines)
        except RuleChanged as clash:
            form.add_error(None, clash)
            status = CLASH
            row = _renewed(row, form)
        except ValidationError as refusal:
            add_refusal(form, refusal)
    context = {
        "row": row,
        "form": form,
        "lines": lines,
        "now": _shown(row) if row else None,
        "is_stale": status == CLASH,
        "versions": _versions(row) if row else [],
    }
    return render(request, "intake/rule.html", context, status=status)


def _renewed(row, form):
    """The newest version, which the page shows; a second press then saves over it knowingly."""
    row.refresh_from_db()
    form.data = form.data.copy()
    form.data["seen"] = row.number
    return row


def _saved(request, row, form, lines):
    told, by = form.cleaned_data, staff(request.user)
    facts = {"rule": form.rule(lines.actions()), "section": told["section"], "is_active": told["is_active"], "by": by}
    if row is None:
        row = actions.add_rule(**facts)
    else:
        row = actions.edit_rule(row=row, seen_number=told["seen"] or 0, **facts)
    messages.success(request, _("Saved: %(title)s.") % {"title": row.title})
    return redirect("intake:rules")


def _set(request, form) -> bool:
    try:
        actions.set_figures(figures=form.figures(), by=staff(request.user))
    except ValidationError as refusal:
        add_refusal(form, refusal)
        return False
    messages.success(request, _("Saved."))
    return True


def _shown(row):
    read = rule_from(row)
    return {
        "row": row,
        "actions": [action_in_words(action, read) for action in read.actions],
        "traits": traits_in_words(read),
    }


def _versions(row):
    shown = []
    for version in row.versions.select_related("changed_by", "rule"):
        read = rule_of_version(version)
        shown.append(
            {"version": version, "rule": read, "actions": [action_in_words(each, read) for each in read.actions]}
        )
    return shown
