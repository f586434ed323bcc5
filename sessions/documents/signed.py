"""Papers about what was signed and what is in the skin: copies of consents, the ink passport."""

from base64 import b64encode
from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from intake.models import Consent, PatchTest, Patient
from sessions.documents.document import NotYet
from sessions.models import TreatmentSession
from sessions.treated import zone_name
from smpclinic.local_dates import date_format
from smpclinic.models import Lot


def consent_copies_of(patient: Patient) -> dict[str, Any]:
    """What the patient agreed to and has not taken back, each with its exact text and signature."""
    rows = Consent.objects.filter(patient__in=Patient.objects.of(patient), granted=True).in_force()
    consents = [consent_copy(row) for row in rows.select_related("text", "witness").order_by("at", "id")]
    if not consents:
        raise NotYet(_("Nothing is signed yet. A copy is printed once a consent is given."))
    return {"consents": consents}


def consent_copy(row: Consent) -> dict[str, Any]:
    """One consent in words; the drawn signature as an inline picture, empty where the name was typed."""
    picture = b64encode(bytes(row.signature_png)).decode("ascii") if row.signature_png else ""
    return {
        "title": row.get_kind_display(),
        "text": row.exact_text,
        "version": _("version %(number)s") % {"number": row.text.version} if row.text else "",
        "granted": row.granted,
        "name": row.signed_name,
        "at": date_format(timezone.localtime(row.at), "j F Y, H:i"),
        "witness": str(row.witness or ""),
        "withdrawn": date_format(timezone.localtime(row.withdrawn_at), "j F Y") if row.withdrawn_at else "",
        "sha256": row.text_sha256,
        "picture": f"data:image/png;base64,{picture}" if picture else "",
    }


def ink_passport_of(patient: Patient) -> dict[str, Any]:
    """Every pigment, needle and anaesthetic of signed sessions and patch tests, by lot, with what the label says."""
    sessions = list(
        TreatmentSession.objects.signed()
        .of(patient)
        .select_related("practitioner", "appointment__planned_session__plan__current_version")
        .prefetch_related("passes__mix__lots__lot__product", "lots__lot__product")
        .order_by("appointment__starts_min")
    )
    tests = list(PatchTest.objects.filter(patient__in=Patient.objects.of(patient)).select_related("lot__product"))
    if not sessions and not tests:
        raise NotYet(_("No session is signed yet: there is no pigment to write down."))
    lots = [lot for session in sessions for lot in lots_of(session)] + [test.lot for test in tests]
    return {
        "visits": [_visit(session) for session in sessions],
        "tests": [_test(test) for test in tests],
        "products": _products(lots),
    }


def lots_of(session: TreatmentSession) -> list[Lot]:
    """Everything with a lot number that a session used, each once: what was in the mixes, then the rest."""
    mixed = [row.lot for each in session.passes.all() if each.mix for row in each.mix.lots.all()]
    return list(dict.fromkeys([*mixed, *(row.lot for row in session.lots.all())]))


def _visit(session: TreatmentSession) -> dict[str, Any]:
    zones = dict.fromkeys(each.zone for each in session.passes.all())
    return {
        "day": date_format(session.appointment.day, "j F Y"),
        "title": session.appointment.title,
        "practitioner": str(session.practitioner),
        "zones": ", ".join(zone_name(code) for code in zones),
        "lots": [_lot(lot) for lot in lots_of(session)],
    }


def _test(test: PatchTest) -> dict[str, str]:
    return {
        "day": date_format(timezone.localtime(test.placed_at), "j F Y"),
        "site": test.site,
        "lot": str(test.lot),
        "result": test.get_result_display() if test.result else _("not read yet"),
    }


def _lot(lot: Lot) -> dict[str, str]:
    return {
        "kind": lot.product.get_kind_display(),
        "product": str(lot.product),
        "number": lot.number,
        "expires": date_format(lot.expires_on, "j M Y") if lot.expires_on else "",
    }


def _products(lots: Iterable[Lot]) -> list[dict[str, str]]:
    """What the label of each pigment says (EU 2020/2081 asks for it to be handed over), each product once."""
    products = dict.fromkeys(lot.product for lot in lots if lot.product.kind in ("pigment", "diluent", "anaesthetic"))
    return [
        {
            "name": str(each),
            "colour": each.colour,
            "base": each.base,
            "supplier": each.supplier,
            "label": each.label_statement,
        }
        for each in products
    ]
