"""One product: what it is, its lots, its safety sheet."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from smpclinic import storage
from smpclinic.actions import stock as actions
from smpclinic.actors import staff
from smpclinic.models import AuditEntry, Product
from smpclinic.pages.stock.answering import saved
from smpclinic.pages.stock.forms import ChangedProductForm, ProductForm
from smpclinic.pages.stock.shelf import lines_of
from smpclinic.roles import Permission, requires

MEDIA_TYPES = {"pdf": "application/pdf", "jpg": "image/jpeg"}


@require_GET
@requires(Permission.SEE_STOCK)
def product(request, product_id):
    found = get_object_or_404(Product, public_id=product_id)
    (line,) = lines_of([found], on=timezone.localdate())
    context = {
        "line": line,
        "product": found,
        "here": [each for each in line.lots if not each.is_used_up],
        "used_up": [each for each in line.lots if each.is_used_up],
        "changed": last_change(found),
        "may_manage": request.user.has(Permission.MANAGE_STOCK),
        "may_recall": request.user.has(Permission.RUN_RECALL),
    }
    return render(request, "smpclinic/stock_product.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.MANAGE_STOCK)
def add_product(request):
    form = ProductForm(request.POST or None, request.FILES or None)
    made = saved(request, form, lambda told: actions.add_product(by=staff(request.user), **told))
    if made:
        return redirect("stock_product", made.public_id)
    return render(request, "smpclinic/stock_form.html", {"form": form, "title": _("New product")})


@require_http_methods(["GET", "POST"])
@requires(Permission.MANAGE_STOCK)
def change_product(request, product_id):
    found = get_object_or_404(Product, public_id=product_id)
    form = ChangedProductForm(request.POST or None, request.FILES or None, instance=found)
    if saved(request, form, lambda told: actions.change_product(product=found, by=staff(request.user), **told)):
        return redirect("stock_product", found.public_id)
    return render(request, "smpclinic/stock_form.html", {"form": form, "title": str(found), "product": found})


@require_GET
@requires(Permission.SEE_STOCK)
def safety_sheet(request, product_id):
    """The maker's sheet, as a download: a stranger's PDF is not opened inside our pages."""
    found = get_object_or_404(Product, public_id=product_id)
    if not found.safety_sheet:
        raise Http404
    content = storage.read(found.safety_sheet, sha256=found.safety_sheet_sha256)
    suffix = found.safety_sheet.rpartition(".")[2]
    name = f"safety-sheet-{slugify(str(found)) or 'product'}.{suffix}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=MEDIA_TYPES[suffix], headers=headers)


def last_change(subject) -> AuditEntry | None:
    """Who changed it last, and when (one query)."""
    entries = AuditEntry.objects.filter(subject_type=subject._meta.label, subject_id=str(subject.public_id))
    return entries.order_by("-id").first()
