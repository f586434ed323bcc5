"""The stock at a glance: what to look after, and every product."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from smpclinic import printed_codes
from smpclinic.models import Product, ProductKind
from smpclinic.pages.stock.forms import SearchForm
from smpclinic.pages.stock.shelf import ending, lines_of, low
from smpclinic.roles import Permission, requires

PER_PAGE = 50


@require_GET
@requires(Permission.SEE_STOCK)
def stock(request):
    asked = SearchForm(request.GET)
    asked.is_valid()
    wanted, kind = asked.cleaned_data.get("q") or "", asked.cleaned_data.get("kind") or ""
    products = Product.objects.matching(printed_codes.read(wanted))
    page = Paginator(products.filter(kind=kind) if kind else products, PER_PAGE).get_page(
        asked.cleaned_data.get("page")
    )
    today = timezone.localdate()
    context = {
        "rows": lines_of(page.object_list, on=today),
        "page": page,
        "query": wanted,
        "address_query": urlencode({"q": wanted, "kind": kind}),
        "kind": kind,
        "kinds": ProductKind.choices,
        "ending": ending(on=today),
        "low": low(on=today),
        "may_manage": request.user.has(Permission.MANAGE_STOCK),
        "may_recall": request.user.has(Permission.RUN_RECALL),
    }
    return render(request, "smpclinic/stock.html", context)
