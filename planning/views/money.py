"""The price list of the clinic, and what was paid towards a plan."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from planning.actions.money import PriceListChanged, correct_payment, note_payment, set_price_list
from planning.forms.money import BandFormSet, CorrectionForm, PaymentForm, SeenForm, initial_of_bands
from planning.money import price_in_words
from planning.prices import account_of, bands, list_token
from planning.views.plan import visible_plan
from smpclinic import audit
from smpclinic.actors import staff
from smpclinic.roles import Permission, requires


@require_http_methods(["GET", "POST"])
@requires(Permission.SET_UP)
def price_list(request):
    currency = request.clinic.currency
    rows = BandFormSet(
        request.POST or None, initial=initial_of_bands(bands(currency), currency), form_kwargs={"currency": currency}
    )
    seen = SeenForm(request.POST or None, initial={"seen": list_token(bands(currency))})
    refused, status = [], 200
    if request.method == "POST" and rows.is_valid() and seen.is_valid():
        try:
            set_price_list(listed=rows.bands(), by=staff(request.user), seen=seen.cleaned_data["seen"])
        except PriceListChanged as changed:
            refused = [*changed.messages, _("Correct the lines, or save once more to put yours in its place.")]
            seen, status = SeenForm(initial=seen.initial), 409
        except ValidationError as refusal:
            refused = refusal.messages
        else:
            messages.success(request, _("The price list is saved. Plans that are saved keep their price."))
            return redirect("planning:price_list")
    context = {"rows": rows, "seen": seen, "refused": refused, "currency": currency}
    return render(request, "planning/price_list.html", context, status=status)


@require_http_methods(["GET", "POST"])
@requires(Permission.NOTE_PAYMENTS)
def payments(request, plan_id):
    found = visible_plan(request, plan_id)
    account = account_of(found)
    form = PaymentForm(request.POST or None, currency=account.currency)
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        try:
            note_payment(
                plan=found,
                amount_minor=told.pop("amount"),
                public_id=told.pop("new_id"),
                by=staff(request.user),
                **told,
            )
        except ValidationError as refusal:
            _refuse(form, refusal)
        else:
            messages.success(request, _("Noted."))
            return redirect("planning:payments", plan_id=plan_id)
    return _payments_page(request, found, form)


@require_POST
@requires(Permission.NOTE_PAYMENTS)
def correct(request, plan_id, payment_id):
    found = visible_plan(request, plan_id)
    payment = get_object_or_404(found.payments, public_id=payment_id)
    if not (refused := _refusal_of(payment, CorrectionForm(request.POST), staff(request.user))):
        messages.success(request, _("The entry is taken back by one against it."))
        return redirect("planning:payments", plan_id=plan_id)
    form = PaymentForm(currency=account_of(found).currency)
    return _payments_page(request, found, form, refused=refused, correcting=payment)


def _refusal_of(payment, form, by) -> list[str]:
    """Correct the entry; why it was not done, in words."""
    if not form.is_valid():
        return form.errors["reason"]
    try:
        correct_payment(payment=payment, reason=form.cleaned_data["reason"], by=by)
    except ValidationError as refusal:
        return refusal.messages
    return []


def _payments_page(request, found, form, *, refused=(), correcting=None):
    audit.note_read(request, patient=found.patient, what="payments", subject_id=str(found.public_id))
    account = account_of(found)
    context = {
        "plan": found,
        "patient": found.patient,
        "account": account,
        "entries": [_entry(entry) for entry in account.entries],
        "form": form,
        "refused": refused,
        "correcting": correcting,
        "reason": request.POST.get("reason", ""),
    }
    return render(request, "planning/payments.html", context)


def _entry(entry) -> dict:
    is_corrected = hasattr(entry, "corrected_by")
    return {
        "entry": entry,
        "amount": price_in_words(entry.amount_minor, entry.currency),
        "is_corrected": is_corrected,
        "may_correct": not is_corrected and entry.corrects_id is None,
    }


def _refuse(form: PaymentForm, refusal: ValidationError) -> None:
    by_field = refusal.message_dict if hasattr(refusal, "error_dict") else {"": refusal.messages}
    for field, problems in by_field.items():
        form.add_error(field if field in form.fields else None, problems)
