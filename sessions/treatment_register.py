"""The treatment register: what an inspector asks for by period, one line a signed session, voided ones marked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from intake.models import Patient
from planning.models import Agreement
from sessions.last_time import reactions_in_words
from sessions.models import Amendment, TreatmentSession
from sessions.treated import zone_name
from smpclinic.local_dates import date_format
from smpclinic.models import Lot, User

LONGEST_PERIOD_DAYS = 366
MOST_ON_PAPER = 400


@dataclass(frozen=True)
class Line:
    """One session in words, as it stands in the signed record."""

    day: str
    patient: str
    born: str
    address: str
    identity: str
    area: str
    practitioner: str
    needles: str
    pigments: str
    consent: str
    complications: str
    remark: str

    def cells(self) -> list[str]:
        return [getattr(self, name) for name in self.__dataclass_fields__]


def heads() -> list[str]:
    """What stands above the columns, in the order of ``Line``."""
    return [
        _("Date"), _("Patient"), _("Date of birth"), _("Address"), _("Identity seen"), _("Area"),
        _("Practitioner, qualification"), _("Needle lots"), _("Pigment lots"), _("Consent"), _("Complications"),
        _("Remark"),
    ]  # fmt: skip


def problems_with_period(first: date, last: date) -> list[str]:
    """Why no register can be made of a period, in words; empty is fine."""
    if last < first:
        return [_("The last day is before the first.")]
    if (last - first).days >= LONGEST_PERIOD_DAYS:
        return [_("Choose a period of at most a year.")]
    return []


def lines_of(first: date, last: date, *, user: User) -> list[Line]:
    """The signed sessions of a period, both days included, of patients whom ``user`` may see, in order."""
    sessions = (
        TreatmentSession.objects.performed(first, last)
        .filter(signed_at__isnull=False, appointment__patient__in=Patient.objects.visible_to(user))
        .select_related("practitioner", "appointment__patient", "appointment__planned_session__plan")
        .prefetch_related(
            "passes__mix__lots__lot__product",
            "lots__lot__product",
            "reactions",
            "amendments",
            "practitioner__qualifications",
        )
        .order_by("appointment__starts_min", "id")
    )
    found = list(sessions)
    agreed = _agreements(found)
    return [_line(session, agreed.get(session.appointment.planned_session.plan_id, [])) for session in found]


def _agreements(sessions: Iterable[TreatmentSession]) -> dict[int, list[Agreement]]:
    """What was agreed to, by plan, in order (one query)."""
    plans = {session.appointment.planned_session.plan_id for session in sessions}
    rows = Agreement.objects.filter(plan_version__plan__in=plans).select_related("plan_version", "consent")
    by_plan: dict[int, list[Agreement]] = {}
    for row in rows.order_by("agreed_at", "id"):
        by_plan.setdefault(row.plan_version.plan_id, []).append(row)
    return by_plan


def _line(session: TreatmentSession, agreed: list[Agreement]) -> Line:
    patient, day = session.patient, session.appointment.day
    before = [row for row in agreed if row.agreed_at <= session.signed_at]
    return Line(
        day=date_format(day, "j M Y"),
        patient=f"{patient.full_name} ({patient.record_number})",
        born=date_format(patient.born_on, "j M Y") if patient.born_on else _("not known"),
        address=" ".join(patient.address.split()),
        identity=patient.id_kind,
        area=_area(session),
        practitioner=_qualified(session.practitioner, day),
        needles=_lots(row.lot for row in session.lots.all() if row.lot.product.kind == "needle"),
        pigments=_lots(row.lot for each in session.passes.all() if each.mix for row in each.mix.lots.all()),
        consent=_consent(before[-1]) if before else _("none recorded"),
        complications=reactions_in_words(session),
        remark=_remark(session),
    )


def _area(session: TreatmentSession) -> str:
    areas = {each.zone: each.area_cm2 for each in session.passes.all()}
    return "; ".join(f"{zone_name(zone)} {area} cm²" if area else zone_name(zone) for zone, area in areas.items())


def _qualified(practitioner: User, day: date) -> str:
    """The name with what allowed treating on that day."""
    valid = [
        str(row.title) for row in practitioner.qualifications.all() if row.allows_treatment and row.is_valid(on=day)
    ]
    return f"{practitioner}: {', '.join(valid) or _('no qualification on that day')}"


def _lots(lots: Iterable[Lot]) -> str:
    return "; ".join(
        f"{lot} ({_('expires %(day)s') % {'day': date_format(lot.expires_on, 'j M Y')}})"
        if lot.expires_on
        else str(lot)
        for lot in dict.fromkeys(lots)
    )


def _consent(row: Agreement) -> str:
    words = {"number": row.plan_version.number, "day": date_format(row.agreed_at, "j M Y")}
    return _("plan version %(number)s, %(day)s") % words


def _remark(session: TreatmentSession) -> str:
    kinds = [row.kind for row in session.amendments.all()]
    parts = [
        _("void") if Amendment.Kind.VOID in kinds else "",
        _("amended") if Amendment.Kind.AMENDMENT in kinds else "",
        _("late entry") if session.appointment.entered_late else "",
        _("breach of a rule recorded") if session.appointment.breach_reason else "",
    ]
    return ", ".join(filter(None, parts))
