"""Put a product or lots on recall, queue the e-mails, write down who was told, take a mistaken recall back."""

from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from intake.messages import may_confirm
from intake.models import Patient
from sessions.models import Recall, RecallTelling, ToldBy
from smpclinic import audit
from smpclinic.actions import stock
from smpclinic.actors import Actor
from smpclinic.models import Lot, Product
from smpclinic.outbox import enqueue
from smpclinic.saving import save_checked

RECALL_MAIL = "recall_mail"


@transaction.atomic
def start_recall(*, product: Product, lots: Sequence[Lot], all_lots: bool, reason: str, by: Actor) -> Recall:
    """From now on nobody can use these lots, in an open session neither; with ``all_lots`` those still to come too.

    Lots that are on recall already join. Returns the open recall of just these lots where there is one: a form sent
    twice is one recall.
    """
    _refuse(product, lots, all_lots, reason)
    chosen = [] if all_lots else sorted(lots, key=lambda lot: lot.pk)
    if same := _same(product, chosen, all_lots):
        return same
    recall = Recall(
        product=product,
        all_lots=all_lots,
        reason=reason.strip(),
        at=timezone.now(),
        actor_kind=by.kind,
        actor_user=by.user,
        actor_label=by.label,
    )
    save_checked(recall, exclude=_nobody(by))
    recall.lots.set(chosen)
    if all_lots:
        stock.recall_product(product=product, reason=reason, by=by)
    for lot in Lot.objects.filter(pk__in=[lot.pk for lot in chosen], recalled_at__isnull=True).order_by("pk"):
        stock.recall_lot(lot=lot, reason=reason, by=by)
    numbers = [lot.number for lot in chosen]
    audit.record(by=by, verb="started recall", subject=recall, product=str(product), lots=numbers, all_lots=all_lots)
    return recall


@transaction.atomic
def lift_recall(*, recall: Recall, reason: str, by: Actor) -> Recall:
    """A recall that was a mistake: its lots may be used again, unless another recall holds them."""
    recall = Recall.objects.select_for_update().get(pk=recall.pk)
    if not reason.strip():
        raise ValidationError({"reason": _("Say why it was a mistake.")})
    if recall.is_lifted:
        raise ValidationError(_("This recall was lifted already."))
    recall.lifted_at, recall.lifted_reason = timezone.now(), reason.strip()
    save_checked(recall, exclude=["actor_user"])
    others = Recall.objects.filter(product=recall.product_id, lifted_at__isnull=True)
    if recall.all_lots and not others.filter(all_lots=True).exists():
        stock.lift_product(product=recall.product, by=by)
    if not others.filter(all_lots=True).exists():
        held = Lot.objects.filter(recalls__in=others).values("pk")
        for lot in recall.lots_meant().filter(recalled_at__isnull=False).exclude(pk__in=held).order_by("pk"):
            stock.lift_lot(lot=lot, by=by)
    audit.record(by=by, verb="lifted recall", subject=recall, changed={"lifted_reason": ("", recall.lifted_reason)})
    return recall


@transaction.atomic
def note_told(*, recall: Recall, patients: Iterable[Patient], way: str, by: Actor, note: str = "") -> int:
    """Write down that these patients were told, or tried to be told; returns how many."""
    rows = [
        RecallTelling(
            recall=recall,
            patient=patient,
            way=way,
            note=note.strip(),
            at=timezone.now(),
            actor_kind=by.kind,
            actor_user=by.user,
            actor_label=by.label,
        )
        for patient in patients
    ]
    if not rows:
        raise ValidationError(_("Choose at least one patient."))
    for row in rows:
        save_checked(row, exclude=_nobody(by))
        audit.record(by=by, verb="told of recall", subject=recall, patient=row.patient, way=way)
    return len(rows)


@transaction.atomic
def queue_mails(*, recall: Recall, patients: Iterable[Patient], by: Actor) -> int:
    """Queue a discreet e-mail to each of ``patients`` who may be written to; each once. Returns how many."""
    if Recall.objects.select_for_update().get(pk=recall.pk).is_lifted:
        raise ValidationError(_("This recall was lifted: nobody has to be told."))
    queued = 0
    for patient in patients:
        if may_confirm(patient):
            key = f"{RECALL_MAIL}:{recall.pk}:{patient.pk}"
            enqueue(RECALL_MAIL, subject_id=recall.pk, second_id=patient.pk, once_key=key)
            queued += 1
    audit.record(by=by, verb="queued recall e-mails", subject=recall, count=queued)
    return queued


def _nobody(by: Actor) -> list[str]:
    """What may be empty where the program itself acts."""
    return [] if by.user else ["actor_user"]


def _refuse(product: Product, lots: Sequence[Lot], all_lots: bool, reason: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": _("Say who recalled it and why.")})
    if not all_lots and not lots:
        raise ValidationError({"lots": _("Choose the lots, or all of them.")})
    for lot in lots:
        if lot.product_id != product.pk:
            words = _("Lot %(lot)s is of another product: %(other)s, not %(product)s.")
            told = {"lot": lot.number, "other": lot.product, "product": product}
            raise ValidationError({"lots": words % told})


def _same(product: Product, lots: Sequence[Lot], all_lots: bool) -> Recall | None:
    """The open recall of exactly this."""
    wanted = {lot.pk for lot in lots}
    for recall in Recall.objects.filter(product=product, all_lots=all_lots, lifted_at__isnull=True).order_by("pk"):
        if all_lots or {lot.pk for lot in recall.lots.all()} == wanted:
            return recall
    return None


def told_by_mail(*, recall: Recall, patient: Patient, by: Actor) -> None:
    """The mail went out."""
    note_told(recall=recall, patients=[patient], way=ToldBy.EMAIL, by=by)
