"""The needle lots to offer at one press."""

from sessions import mixes
from sessions.actions.mixing import facts_of
from sessions.forms.lots import lots_of
from sessions.last_time import last_session
from sessions.models import TreatmentSession
from smpclinic.models import Lot, ProductKind

MOST_OFFERED = 2


def needles_at_hand(session: TreatmentSession) -> list[Lot]:
    """While none is noted: the usable lots of last time, else of the stock (up to four queries)."""
    if session.lots.filter(lot__product__kind=ProductKind.NEEDLE).exists():
        return []
    on = session.appointment.day
    usable = [lot for lot in lots_of(ProductKind.NEEDLE, on=on) if _is_usable(lot, on)]
    last = last_session(session.appointment)
    used = set(last.lots.values_list("lot_id", flat=True)) if last else set()
    return ([lot for lot in usable if lot.pk in used] or usable)[:MOST_OFFERED]


def _is_usable(lot: Lot, on) -> bool:
    until = mixes.usable_until(facts_of(lot))
    return not lot.is_recalled and (until is None or until >= on)
