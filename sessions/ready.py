"""Gather what the readiness list needs to know about one session."""

from collections.abc import Sequence
from datetime import date

from django.utils import timezone

from intake.clearance import patch_tests_clear
from intake.findings import Judged, judged_findings, patch_test_from
from intake.models import Consent, ConsentKind
from intake.rules import day_rules, figures_in_force
from intake.screening import Answer, Finding, Kind, Reply, findings
from planning.models import Agreement, Appointment
from sessions.models import MixLot, TreatmentSession
from sessions.readiness import Item, OverriddenItem, ReadinessFacts, readiness_to_sign, readiness_to_start, unmet
from sessions.treated import zone_name
from smpclinic.models import Lot, ProductKind

# Nothing to be careful about: said for information, or not asked yet.
UNREAD = (Kind.INFORMATION, Kind.MISSING)


def facts_of(session: TreatmentSession) -> ReadinessFacts:
    """Everything the list is judged by, read from the database as it is now."""
    appointment = session.appointment
    patient, version = appointment.patient, appointment.planned_session.plan.current_version
    check = getattr(session, "health_check", None)
    passes = list(session.passes.select_related("mix"))
    on = appointment.day
    wants_patch_test = demands_patch_test() and not declines_patch_test(patient)
    judged = judged_findings(patient, on=on)
    warnings = _warnings(patient, judged)
    lots = list(session.lots.select_related("lot__product"))
    return ReadinessFacts(
        on=on,
        plan_version=version.number,
        agreed_version=_agreed_version(appointment),
        practitioner=str(session.practitioner),
        is_qualified=session.practitioner.is_qualified(on=on),
        health_asked_on=timezone.localdate(check.asked_at) if check else None,
        standing=(*(one.finding for one in judged if one.is_standing), *day_findings(check, on=on)),
        unacknowledged=tuple(words for words in warnings if words not in _read_of(check, on)),
        patch_test_demanded=wants_patch_test,
        patch_test_clear=wants_patch_test and _patch_test_clear(patient, on),
        before_photos=session.photos.filter(moment="before").count(),
        photos_refused=_photos_refused(patient),
        pigment_information_given=session.ink_information_given,
        previous_session_on=previous_session_on(appointment),
        least_gap_days=appointment.gap_days,
        is_breach_recorded=bool(appointment.breach_reason),
        healed=check.healed_well if check else None,
        room_cleaned=session.room_cleaned,
        needles_opened_before_patient=session.needles_opened_before_patient,
        is_late_entry=appointment.entered_late,
        passes=len(passes),
        running_zones=tuple(zone_name(each.zone) for each in passes if each.stopped_at is None),
        passes_without_pigment_lot=tuple(zone_name(each.zone) for each in passes if each.mix_id is None),
        needle_lots=sum(row.lot.product.kind == ProductKind.NEEDLE for row in lots),
        recalled_lots=_recalled_lots(session, [row.lot for row in lots]),
        reaction_recorded=session.reactions.exists(),
    )


def warnings_to_read(patient, *, on: date) -> tuple[str, ...]:
    """What must have been read before the needle: alerts, and what screening says that does not stop the treatment."""
    return _warnings(patient, judged_findings(patient, on=on))


def _warnings(patient, judged: Sequence[Judged]) -> tuple[str, ...]:
    alerts = [alert.words for alert in patient.alerts.standing()]
    told = [one.finding.words for one in judged if not one.is_standing and one.finding.kind not in UNREAD]
    return tuple(dict.fromkeys([*alerts, *told]))


def _read_of(check, on: date) -> Sequence[str]:
    """What was acknowledged on the day itself; yesterday's reading does not count."""
    return check.acknowledged if check is not None and timezone.localdate(check.asked_at) == on else ()


def to_start(session: TreatmentSession) -> tuple[Item, ...]:
    """The list before the first pass, as it stands now."""
    return readiness_to_start(facts_of(session))


def to_sign(session: TreatmentSession) -> tuple[Item, ...]:
    """The list before signing, as it stands now."""
    return readiness_to_sign(facts_of(session))


def standing_in_the_way(session: TreatmentSession, items: Sequence[Item]) -> tuple[Item, ...]:
    """The items that block and that nobody has overridden by name and reason."""
    overridden = [OverriddenItem(row.item, str(row.by), row.reason) for row in session.overrides.select_related("by")]
    return unmet(items, overridden)


def day_findings(check, *, on: date) -> tuple[Finding, ...]:
    """The blocking findings of today's three questions (alcohol or drugs, food, pain relief)."""
    if check is None:
        return ()
    # The birth date is judged with the intake's answers; here only today's questions count.
    answers = {code: Answer(Reply(reply)) for code, reply in check.today.items()}
    found = findings(answers, day_rules(), born_on=date(1900, 1, 1), on=on)
    return tuple(finding for finding in found if finding.blocking)


def demands_patch_test() -> bool:
    """Whether the clinic wants a clear patch test before every treatment."""
    return figures_in_force().patch_test_demanded


def declines_patch_test(patient) -> bool:
    """Whether the patient has signed that no patch test is wanted. It settles the clinic's wish, never an allergy."""
    newest = patient.consents.in_force().filter(kind=ConsentKind.PATCH_TEST_DECLINED).first()
    return newest is not None and newest.granted


def _agreed_version(appointment: Appointment) -> int | None:
    agreement = (
        Agreement.objects.in_force()
        .filter(plan_version__plan=appointment.planned_session.plan_id)
        .select_related("plan_version")
        .order_by("-plan_version__number")
        .first()
    )
    return agreement.plan_version.number if agreement else None


def _patch_test_clear(patient, on: date) -> bool:
    return patch_tests_clear([patch_test_from(row) for row in patient.patch_tests.all()], on=on)


def _photos_refused(patient) -> bool:
    latest = Consent.objects.filter(patient=patient, kind=ConsentKind.PHOTOS_RECORD).order_by("-at", "-id").first()
    return latest is not None and (not latest.granted or latest.withdrawn_at is not None)


def previous_session_on(appointment: Appointment) -> date | None:
    """The day of the patient's last session before this one; None before the first (one query)."""
    earlier = (
        Appointment.objects.filter(
            patient=appointment.patient, counts_for_gap=True, state="done", starts_min__lt=appointment.starts_min
        )
        .order_by("-starts_min")
        .first()
    )
    return earlier.day if earlier else None


def _recalled_lots(session: TreatmentSession, noted: Sequence[Lot]) -> tuple[str, ...]:
    needles = {lot for lot in noted if lot.is_recalled}
    used = MixLot.objects.filter(mix__passes__session=session, lot__recalled_at__isnull=False)
    pigments = {row.lot for row in used.select_related("lot__product")}
    return tuple(sorted(str(lot) for lot in needles | pigments))
