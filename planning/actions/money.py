"""Set the price list; note what was paid. An entry is never changed: a slip is corrected by one against it."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from planning.models import Payment, PriceBand, TreatmentPlan
from planning.models.plan import Look
from planning.money import price_in_words
from planning.plan_lock import clinic_today, locked
from planning.prices import Account, account_of, bands, list_token
from planning.pricing import Band, problems_with_list
from smpclinic import audit
from smpclinic.actors import Actor
from smpclinic.database.holding import hold
from smpclinic.models import ClinicProfile


class PriceListChanged(ValidationError):
    """Somebody else saved the list after it was opened; nothing was saved. The messages say what stands now."""


@transaction.atomic
def set_price_list(*, listed: Sequence[Band], by: Actor, seen: str | None = None) -> None:
    """Put ``listed`` in the place of the price list, in the clinic's currency. ValidationError in words.

    ``seen`` is ``planning.prices.list_token`` of the list that was opened; PriceListChanged where another stands now.
    Without it nothing is asked, and nothing is written where nothing differs.
    """
    clinic = ClinicProfile.current()
    hold(ClinicProfile.objects.filter(pk=clinic.pk))  # Two managers saving at once come one after the other.
    if problems := problems_with_list(listed):
        raise ValidationError(problems)
    stands = bands(clinic.currency)
    before = _by_look(stands, clinic.currency)
    changed = audit.changes(before, _by_look(listed, clinic.currency))
    if not changed:
        return
    if seen is not None and seen != list_token(stands):
        raise PriceListChanged([_stands_now(look, before[look]) for look in changed])
    PriceBand.objects.all().delete()
    for band in listed:
        row = PriceBand(
            look=band.look, up_to_cm2=band.up_to_cm2, price_minor=band.price_minor, currency=clinic.currency
        )
        row.full_clean()
        row.save()
    audit.record(by=by, verb="changed the price list", subject=clinic, changed=changed)


def _stands_now(look: str, lines: str) -> str:
    words = {"look": Look(look).label, "lines": lines or _("nothing")}
    return _("Somebody saved the list after you opened it. For %(look)s it says now: %(lines)s.") % words


def _by_look(listed: Sequence[Band], currency: str) -> dict[str, str]:
    return {
        look: "; ".join(
            f"{band.up_to_cm2} cm²: {price_in_words(band.price_minor, currency)}"
            for band in sorted(listed)
            if band.look == look
        )
        for look in Look.values
    }


@transaction.atomic
def note_payment(
    *,
    plan: TreatmentPlan,
    amount_minor: int,
    paid_on: date,
    method: str,
    by: Actor,
    is_refund: bool = False,
    note: str = "",
    public_id: UUID | None = None,
) -> Payment:
    """Note money taken for a plan, or with ``is_refund`` paid back; ``public_id`` is the key of the form.

    ValidationError by field: more than is owed, more paid back than was paid, a day to come, no price yet.
    """
    plan = locked(plan)
    account = account_of(plan)
    if public_id and (made := plan.payments.filter(public_id=public_id).first()):
        return made
    if problem := _refused(account, amount_minor, is_refund):
        raise ValidationError({"amount": problem})
    if paid_on > clinic_today():
        raise ValidationError({"paid_on": _("This day is still to come. Note a payment on the day it is made.")})
    row = Payment(
        plan=plan,
        kind=Payment.Kind.REFUND if is_refund else Payment.Kind.PAYMENT,
        amount_minor=-amount_minor if is_refund else amount_minor,
        currency=account.currency,
        paid_on=paid_on,
        method=method,
        note=note.strip(),
        **({"public_id": public_id} if public_id else {}),
    )
    return _note(row, by)


@transaction.atomic
def correct_payment(*, payment: Payment, reason: str, by: Actor) -> Payment:
    """Take an entry back by one of the opposite amount. ValidationError without a reason, or where it was corrected."""
    plan = locked(payment.plan)
    if not reason.strip():
        raise ValidationError({"reason": _("Say why this entry is corrected.")})
    if payment.kind == Payment.Kind.CORRECTION or Payment.objects.filter(corrects=payment).exists():
        raise ValidationError(_("This entry is a correction or was corrected already. Note a new payment instead."))
    row = Payment(
        plan=plan,
        kind=Payment.Kind.CORRECTION,
        amount_minor=-payment.amount_minor,
        currency=payment.currency,
        paid_on=payment.paid_on,
        method=payment.method,
        note=reason.strip(),
        corrects=payment,
    )
    return _note(row, by)


def _note(row: Payment, by: Actor) -> Payment:
    if by.user is None:
        raise ValidationError(_("Only staff who are signed in can note a payment."))
    row.noted_by, row.noted_at = by.user, timezone.now()
    row.full_clean()
    row.save()
    told = {"amount": ("", price_in_words(row.amount_minor, row.currency)), "note": ("", row.note)}
    audit.record(by=by, verb=f"noted a {row.kind}", subject=row, patient=row.plan.patient, changed=told)
    return row


def _refused(account: Account, amount_minor: int, is_refund: bool) -> str:
    if account.balance_minor is None:
        return _("This plan has no price yet. Enter the price in the plan first.")
    if amount_minor <= 0:
        return _("Enter an amount of more than 0. What was noted wrongly is corrected beside its entry.")
    if is_refund and amount_minor > account.paid_minor:
        return _("Only %(paid)s was paid; no more can be paid back.") % {"paid": account.paid}
    if not is_refund and account.balance_minor <= 0:
        return _("Nothing is owed any more: %(paid)s of %(price)s was paid.") % {
            "paid": account.paid,
            "price": account.price,
        }
    if not is_refund and amount_minor > account.balance_minor:
        return _("That is more than is owed: %(balance)s of %(price)s.") % {
            "balance": account.balance,
            "price": account.price,
        }
    return ""
