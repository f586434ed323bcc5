"""The clinic's texts: what is in force and what is missing; a new wording drafted, previewed and approved."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from smpclinic.actions.texts import TextChanged, approve_text, discard_text_draft, draft_text, fingerprint
from smpclinic.actors import staff
from smpclinic.languages import own_name, patient_languages
from smpclinic.models import Text
from smpclinic.pages.text_form import TextForm, preview_of
from smpclinic.pages.texts_list import all_texts
from smpclinic.roles import Permission, requires
from smpclinic.text_kinds import kind_of, shipped
from smpclinic.texts import ENGLISH, is_known

CLASH = 409


@require_GET
@requires(Permission.SET_UP)
def texts(request):
    """Every text by language: the version in force, the draft that waits, or that there is none."""
    groups = all_texts(patient_languages())
    return render(request, "smpclinic/texts.html", {"groups": groups, "languages": patient_languages()})


@require_http_methods(["GET", "POST"])
@requires(Permission.SET_UP)
def text(request, text_key, language):
    """One text in one language: the wording in force, the draft, every version; preview, save, approve or discard."""
    if language not in dict(settings.LANGUAGES) or not is_known(text_key):
        raise Http404
    newest = Text.objects.filter(key=text_key, language=language).order_by("-version").first()
    draft = newest if newest and not newest.approved_at else None
    shown = newest or Text.objects.in_force(text_key, language=language) or shipped(text_key, ENGLISH)
    if shown is None:
        raise Http404
    form = TextForm(
        request.POST if "save" in request.POST or "preview" in request.POST or request.htmx else None,
        kind=kind_of(text_key),
        initial={"title": shown.title, "body": shown.body, "seen": fingerprint(newest)},
    )
    if request.htmx:
        form.is_valid()
        return render(request, "smpclinic/text_preview.html", _previewed(form, shown, text_key, language))
    status = 200
    if request.method == "POST" and "preview" not in request.POST:
        try:
            if answer := _done(request, text_key, language, draft, form):
                return answer
        except TextChanged as clash:
            form.add_error(None, clash) if form.is_bound else messages.error(request, clash.messages[0])
            status = CLASH
            _renew(form, newest)
        except ValidationError as refusal:
            _refused(request, form, refusal)
    return render(request, "smpclinic/text.html", _context(form, shown, draft, text_key, language), status=status)


def _context(form, shown, draft, text_key, language) -> dict:
    versions = Text.objects.filter(key=text_key, language=language).select_related("approved_by")
    in_force = Text.objects.filter(key=text_key, language=language, approved_at__isnull=False)
    return _previewed(form, shown, text_key, language) | {
        "form": form,
        "draft": draft,
        "versions": versions,
        "shown": shown,
        "kind": kind_of(text_key),
        "text_key": text_key,
        "language_code": language,
        "language_name": own_name(language),
        "others": [(code, name) for code, name in patient_languages() if code != language],
        "in_force": in_force.order_by("-version").select_related("approved_by").first(),
        "seen": fingerprint(draft),
    }


def _previewed(form, shown, text_key, language) -> dict:
    typed = form.data if form.is_bound else {"title": shown.title, "body": shown.body}
    return {"preview": preview_of(kind_of(text_key), typed.get("title", ""), typed.get("body", ""), language)}


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
        form.add_error(None, refusal)
    else:
        messages.error(request, " ".join(refusal.messages))
