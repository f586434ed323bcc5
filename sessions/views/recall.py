"""Find whom a product or lot has touched, put it on recall, tell the patients."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from intake.forms.fields import add_refusal
from sessions import recall_page
from sessions.actions import recalling
from sessions.forms.recall import FindForm, ReasonForm, ShownForm, TellForm
from sessions.models import Recall
from sessions.recall import seen_by, told_of, touched_by
from sessions.recall_papers import letters_pdf, parts_of, table_of
from smpclinic import audit, tables
from smpclinic.actors import staff
from smpclinic.models import Lot
from smpclinic.pdf import PdfFailed
from smpclinic.roles import Permission, requires

PER_PAGE = 50


@require_GET
@requires(Permission.RUN_RECALL)
def recalls(request):
    asked = _asked(request)
    page = Paginator(recall_page.all_recalls(), PER_PAGE).get_page(asked.get("page"))
    return render(request, "sessions/recalls.html", {"page": page})


@require_http_methods(["GET", "POST"])
@requires(Permission.RUN_RECALL)
def find_recall(request):
    """Search first; the same question with a reason starts the recall."""
    sent = request.POST if request.method == "POST" else request.GET
    form, reason = FindForm(sent or None), ReasonForm(request.POST if "start" in request.POST else None)
    found = form.is_valid()
    told = form.cleaned_data if found else {}
    if found and reason.is_bound and reason.is_valid():
        try:
            started = recalling.start_recall(
                product=told["product"],
                lots=told["lots"],
                all_lots=told["all_lots"],
                reason=reason.cleaned_data["reason"],
                by=staff(request.user),
            )
        except ValidationError as refusal:
            add_refusal(reason, refusal)
        else:
            messages.success(request, _("On recall from now on: nobody can use it."))
            return redirect(started)
    return _find_page(request, form, reason, told)


def _find_page(request, form, reason, told):
    product = told.get("product")
    lots = Lot.objects.none()
    if product is not None:
        wanted = Lot.objects.filter(product=product)
        lots = wanted if told["all_lots"] else wanted.filter(pk__in=[lot.pk for lot in told["lots"]])
    touched = touched_by(lots) if told.get("lots") or told.get("all_lots") else None
    mine = seen_by(request.user, touched or [])
    page = Paginator(mine, PER_PAGE).get_page(_asked(request).get("page"))
    audit.note_reads_or_refuse(request, patients=[each.patient for each in page], what="recall search")
    form.offer_lots_of(product)
    context = {
        "form": form,
        "reason": reason,
        "product": product,
        "chosen": {str(lot.public_id) for lot in told.get("lots", [])},
        "all_lots": told.get("all_lots"),
        "touched": touched,
        "summary": recall_page.summary_of(touched or []),
        "page": page,
        "elsewhere": len(touched or []) - len(mine),
        "address_query": urlencode([(name, each) for name in request.GET if name != "page"
                                    for each in request.GET.getlist(name)]),
        "may_open": request.user.has(Permission.SEE_PATIENTS),
    }  # fmt: skip
    return render(request, "sessions/recall_find.html", context)


@require_GET
@requires(Permission.RUN_RECALL)
def recall(request, recall_id):
    return _page(request, _found(recall_id))


@require_POST
@requires(Permission.RUN_RECALL)
def tell(request, recall_id):
    found = _found(recall_id)
    form = TellForm(request.POST, touched=_mine(request, found))
    if form.is_valid():
        told = form.cleaned_data
        count = recalling.note_told(
            recall=found, patients=form.patients(), way=told["way"], note=told["note"], by=staff(request.user)
        )
        words = ngettext("Noted for %(count)s patient.", "Noted for %(count)s patients.", count)
        messages.success(request, words % {"count": count})
        return redirect(found)
    return _page(request, found, form=form)


@require_POST
@requires(Permission.RUN_RECALL)
def send_mails(request, recall_id):
    found = _found(recall_id)
    waiting = [each.patient for each in _mine(request, found) if not each.is_told]
    try:
        count = recalling.queue_mails(recall=found, patients=waiting, by=staff(request.user))
    except ValidationError as refusal:
        return _page(request, found, problems=refusal.messages, status=409)
    words = ngettext("%(count)s e-mail is queued.", "%(count)s e-mails are queued.", count)
    messages.success(request, words % {"count": count})
    return redirect(found)


@require_GET
@requires(Permission.RUN_RECALL)
def letters(request, recall_id):
    """One paper with the letters to those who were not told yet; a long list comes in parts."""
    found = _found(recall_id)
    parts = parts_of([each for each in _mine(request, found) if not each.is_told])
    number = _asked(request).get("part") or 1
    if number > len(parts):
        return _page(request, found, problems=[_("Nobody is left who has an address and was not told.")], status=409)
    part = parts[number - 1]
    try:
        content = letters_pdf(found, part)
    except (PdfFailed, ValidationError) as refusal:
        return _page(request, found, problems=getattr(refusal, "messages", [str(refusal)]), status=409)
    patients = [each.patient for each in part]
    audit.note_reads_or_refuse(request, patients=patients, what="recall letter", subject_id=str(found.public_id))
    name = f'inline; filename="recall-letters-{number}.pdf"'
    return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": name})


@require_GET
@requires(Permission.RUN_RECALL)
def list_csv(request, recall_id):
    return _file(request, recall_id, "csv")


@require_GET
@requires(Permission.RUN_RECALL)
def list_xlsx(request, recall_id):
    return _file(request, recall_id, "xlsx")


def _file(request, recall_id, kind):
    found = _found(recall_id)
    touched = _mine(request, found)
    heads, rows = table_of(touched)
    patients = [each.patient for each in touched]
    audit.note_reads_or_refuse(request, patients=patients, what="recall list", subject_id=str(found.public_id))
    if kind == "csv":
        content, media = tables.csv_of(heads, rows), tables.CSV_TYPE
    else:
        content, media = tables.xlsx_of(str(found), heads, rows), tables.XLSX_TYPE
    name = f'attachment; filename="recall-{found.at:%Y-%m-%d}.{kind}"'
    return HttpResponse(content, content_type=media, headers={"Content-Disposition": name})


@require_POST
@requires(Permission.RUN_RECALL)
def lift(request, recall_id):
    found = _found(recall_id)
    try:
        recalling.lift_recall(recall=found, reason=request.POST.get("reason", "")[:200], by=staff(request.user))
    except ValidationError as refusal:
        return _page(request, found, problems=refusal.messages, status=409)
    messages.success(request, _("The recall is lifted."))
    return redirect(found)


def _page(request, found, *, form=None, problems=(), status=200):
    asked = _asked(request)
    touched = told_of(found)
    mine = seen_by(request.user, touched)
    shown = recall_page.shown_of(mine, asked.get("show", ""))
    page = Paginator(shown, PER_PAGE).get_page(asked.get("page"))
    patients = [each.patient for each in page]
    audit.note_reads_or_refuse(request, patients=patients, what="recall", subject_id=str(found.public_id))
    context = recall_page.context_of(found, mine, show=asked.get("show", "")) | {
        "elsewhere": len(touched) - len(mine),
        "page": page,
        "rows": recall_page.rows_of(found, page),
        "chosen": form.data.getlist("patient") if form else [],
        "form": form or TellForm(touched=page),
        "problems": problems,
        "may_open": request.user.has(Permission.SEE_PATIENTS),
    }
    return render(request, "sessions/recall.html", context, status=status)


def _mine(request, found: Recall):
    """Those of the recall's list whom the person who asks may see."""
    return seen_by(request.user, told_of(found))


def _found(recall_id) -> Recall:
    return get_object_or_404(Recall.objects.select_related("product"), public_id=recall_id)


def _asked(request) -> dict:
    asked = ShownForm(request.GET)
    asked.is_valid()
    return asked.cleaned_data
