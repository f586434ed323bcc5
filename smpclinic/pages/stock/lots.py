"""One lot: its dates, its ledger; count it, open it, throw the rest away."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from smpclinic import printed_codes
from smpclinic.actions import stock as actions
from smpclinic.actions import stock_ledger
from smpclinic.actions.stock_ledger import amount_of
from smpclinic.actors import staff
from smpclinic.models import Lot, Product
from smpclinic.pages.stock.answering import saved
from smpclinic.pages.stock.forms import ChangedLotForm, CountForm, LotForm, OpenForm, SearchForm, ThrowAwayForm
from smpclinic.pages.stock.products import last_change
from smpclinic.pages.stock.shelf import LotLine
from smpclinic.roles import Permission, requires

LINES = 50


@require_GET
@requires(Permission.SEE_STOCK)
def lot(request, lot_id):
    return _page(request, _found(lot_id))


@require_http_methods(["GET", "POST"])
@requires(Permission.MANAGE_STOCK)
def add_lot(request):
    form = LotForm(request.POST or None, initial=_from_address(request))
    made = saved(request, form, lambda told: actions.add_lot(by=staff(request.user), **told))
    if made:
        return redirect("stock_lot", made.public_id)
    return render(request, "smpclinic/stock_form.html", {"form": form, "title": _("New lot"), "scans": "yes"})


@require_http_methods(["GET", "POST"])
@requires(Permission.MANAGE_STOCK)
def change_lot(request, lot_id):
    found = _found(lot_id)
    form = ChangedLotForm(request.POST or None, instance=found)
    if saved(request, form, lambda told: actions.change_lot(lot=found, by=staff(request.user), **told)):
        return redirect("stock_lot", found.public_id)
    return render(
        request, "smpclinic/stock_form.html", {"form": form, "title": str(found), "lot": found, "scans": "yes"}
    )


@require_POST
@requires(Permission.COUNT_STOCK)
def count_lot(request, lot_id):
    found = _found(lot_id)
    form = CountForm(request.POST, lot=found)
    if saved(request, form, lambda told: stock_ledger.count_lot(lot=found, by=staff(request.user), **told)):
        return redirect("stock_lot", found.public_id)
    return _page(request, found, count=form)


@require_POST
@requires(Permission.COUNT_STOCK)
def open_lot(request, lot_id):
    found = _found(lot_id)
    form = OpenForm(request.POST)
    if saved(request, form, lambda told: actions.open_lot(lot=found, by=staff(request.user), **told)):
        return redirect("stock_lot", found.public_id)
    return _page(request, found, opening=form)


@require_POST
@requires(Permission.COUNT_STOCK)
def throw_away_lot(request, lot_id):
    found = _found(lot_id)
    form = ThrowAwayForm(request.POST)
    if saved(request, form, lambda told: stock_ledger.throw_away(lot=found, by=staff(request.user), **told)):
        return redirect("stock_lot", found.public_id)
    return _page(request, found, throwing=form)


def _found(lot_id) -> Lot:
    return get_object_or_404(Lot.objects.with_on_hand().select_related("product"), public_id=lot_id)


def _from_address(request) -> dict:
    """A product named in the address, or a scanned code with what it tells."""
    asked = request.GET.get("product", "")
    product = next((each for each in Product.objects.filter(is_active=True) if str(each.public_id) == asked), None)
    read = printed_codes.read(request.GET.get("code", "").replace("\0", "")[: printed_codes.LONGEST])
    told = {"product": product, "code": read.text, "number": read.lot, "expires_on": read.expires_on}
    return {"received_on": timezone.localdate()} | {name: value for name, value in told.items() if value}


def _page(request, found: Lot, *, count=None, opening=None, throwing=None):
    may_count, today = request.user.has(Permission.COUNT_STOCK), timezone.localdate()
    page_asked = SearchForm(request.GET)
    page_asked.is_valid()
    ledger = Paginator(found.movements.select_related("actor_user"), LINES).get_page(
        page_asked.cleaned_data.get("page")
    )
    context = {
        "line": LotLine(found, today),
        "lot": found,
        "page": ledger,
        "ledger": [{"row": row, "amount": amount_of(found, row.amount)} for row in ledger],
        "changed": last_change(found),
        "may_count": may_count,
        "may_manage": request.user.has(Permission.MANAGE_STOCK),
        "may_recall": request.user.has(Permission.RUN_RECALL),
        "count": count or CountForm(lot=found),
        "opening": opening or OpenForm(initial={"on": today}),
        "throwing": throwing or ThrowAwayForm(),
        "form_refused": bool(throwing),
    }
    return render(request, "smpclinic/stock_lot.html", context)
