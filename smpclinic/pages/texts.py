"""The clinic's texts: what is in force, and a new wording drafted, read and approved."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from smpclinic.actions.texts import TextChanged, approve_text, discard_text_draft, draft_text, fingerprint
from smpclinic.actors import staff
from smpclinic.models import Text
from smpclinic.roles import Permission, requires

CLASH = 409


class TextForm(forms.Form):
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    body = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 18}),
        help_text=gettext_lazy("An empty line parts paragraphs; a line that begins with “- ” is an item of a list."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout("seen", "title", "body")


@require_GET
@requires(Permission.SET_UP)
def texts(request):
    """Every text with the version in force and the draft that waits."""
    rows: dict[tuple[str, str], dict] = {}
    for version in Text.objects.select_related("approved_by").order_by("key", "language", "-version"):
        row = rows.setdefault((version.key, version.language), {"newest": version, "in_force": None, "draft": None})
        if version.approved_at:
            row["in_force"] = row["in_force"] or version
        else:
            row["draft"] = version
    return render(request, "smpclinic/texts.html", {"rows": rows.values(), "languages": dict(settings.LANGUAGES)})


@require_http_methods(["GET", "POST"])
@requires(Permission.SET_UP)
def text(request, text_key, language):
    """One text: the wording in force, the draft as it will be read, every version; save, approve or discard a draft."""
    if not Text.objects.filter(key=text_key).exists() or language not in dict(settings.LANGUAGES):
        raise Http404
    newest = Text.objects.filter(key=text_key, language=language).order_by("-version").first()
    draft = newest if newest and not newest.approved_at else None
    shown = newest or Text.objects.in_force(text_key, language=language)
    form = TextForm(
        request.POST if "save" in request.POST else None,
        initial={"title": shown.title, "body": shown.body, "seen": fingerprint(newest)} if shown else None,
    )
    status = 200
    if request.method == "POST":
        try:
            if answer := _done(request, text_key, language, draft, form):
                return answer
        except TextChanged as clash:
            form.add_error(None, clash) if form.is_bound else messages.error(request, clash.messages[0])
            status = CLASH
            _renew(form, newest)
        except ValidationError as refusal:
            _refused(request, form, refusal)
    versions = Text.objects.filter(key=text_key, language=language).select_related("approved_by")
    context = {"form": form, "draft": draft, "versions": versions, "shown": shown, "text_key": text_key}
    context |= {"in_force": Text.objects.in_force(text_key, language=language), "seen": fingerprint(draft)}
    return render(request, "smpclinic/text.html", context, status=status)


def _done(request, text_key, language, draft, form):
    by = staff(request.user)
    if "approve" in request.POST and draft is not None:
        approve_text(text=draft, seen=request.POST.get("seen", ""), by=by)
        messages.success(request, _("Approved. It is shown from now on."))
    elif "discard" in request.POST and draft is not None:
        discard_text_draft(text=draft, by=by)
        messages.success(request, _("The draft is discarded."))
    elif "save" in request.POST:
        if not form.is_valid():
            return None
        draft_text(key=text_key, language=language, by=by, **form.cleaned_data)
        messages.success(request, _("Saved as a draft. Read it as it will be shown, then approve it."))
    return redirect("text", text_key, language)


def _renew(form, newest) -> None:
    """After a clash the newest version has been shown, so a second press saves over it knowingly."""
    if form.is_bound:
        form.data = form.data.copy()
        form.data["seen"] = fingerprint(newest)


def _refused(request, form, refusal) -> None:
    if form.is_bound:
        form.add_error(None, refusal) if not hasattr(refusal, "error_dict") else form.add_error(None, refusal.messages)
    else:
        messages.error(request, " ".join(refusal.messages))
