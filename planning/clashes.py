"""What stands in the way of a booking, named in words."""

from dataclasses import dataclass, fields
from datetime import timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from intake.models import Patient
from planning.models import Appointment
from smpclinic.actors import SYSTEM, Actor, ActorKind
from smpclinic.local_dates import date_format


class Clash(Exception):
    """Somebody or something is already taken; ``words`` says what, one sentence each."""

    def __init__(self, words: list[str]):
        super().__init__(" ".join(words))
        self.words = words


@dataclass(frozen=True)
class Wanted:
    """The place and people of one wanted visit."""

    patient: object
    practitioner: object
    room: object
    starts_min: int
    ends_min: int
    room_until_min: int
    local_day: int
    gap_days: int
    counts_for_gap: bool

    @classmethod
    def of(cls, appointment: Appointment) -> "Wanted":
        """What an appointment wants, saved or not."""
        return cls(**{field.name: getattr(appointment, field.name) for field in fields(cls)})


def find_clashes(wanted: Wanted, *, besides=(), by: Actor = SYSTEM) -> list[str]:
    """Everything that clashes with ``wanted``, leaving out the appointments in ``besides`` (one or two queries).

    The words name a patient only to whom may open that patient.
    """
    near = (
        Appointment.objects.active()
        .filter(breach_reason="", local_day__range=(wanted.local_day - 366, wanted.local_day + 366))
        .exclude(pk__in=[appointment.pk for appointment in besides if appointment.pk])
    )
    overlapping = Q(
        starts_min__lt=wanted.room_until_min,
        room_until_min__gt=wanted.starts_min,
        starts_min__gt=wanted.starts_min - 1440,
    )
    rows = near.filter(
        (overlapping & (Q(practitioner=wanted.practitioner) | Q(room=wanted.room) | Q(patient=wanted.patient)))
        | Q(patient=wanted.patient, counts_for_gap=True)
    ).with_people()
    found = list(rows)
    named = _may_name({row.patient_id for row in found}, by)
    return [words for row in found for words in _words_for(row, wanted, is_named=row.patient_id in named)]


def _may_name(patients: set[int], by: Actor) -> set[int]:
    """Those of the patients (keys) whose name ``by`` may read; nobody's where a patient acts."""
    if by.kind in (ActorKind.PATIENT_LINK, ActorKind.KIOSK):
        return set()
    if by.user is None or not patients:
        return patients
    return set(Patient.objects.visible_to(by.user).filter(pk__in=patients).values_list("pk", flat=True))


def _words_for(row: Appointment, wanted: Wanted, *, is_named: bool):
    people_meet = row.starts_min < wanted.ends_min and wanted.starts_min < row.ends_min
    room_meets = row.starts_min < wanted.room_until_min and wanted.starts_min < row.room_until_min
    place = {
        "who": row.practitioner,
        "room": row.room,
        "patient": row.patient,
        "what": row.title,
        "from": f"{row.starts_at:%H:%M}",
        "to": f"{row.ends_at:%H:%M}",
        "day": date_format(row.day, "D j M"),
    }
    if people_meet and row.practitioner_id == wanted.practitioner.pk and not is_named:
        yield _("%(who)s is taken on %(day)s, %(from)s-%(to)s.") % place
    elif people_meet and row.practitioner_id == wanted.practitioner.pk:
        yield _("%(who)s already has %(what)s with %(patient)s on %(day)s, %(from)s-%(to)s.") % place
    if room_meets and row.room_id == wanted.room.pk:
        yield _("%(room)s is taken on %(day)s, %(from)s-%(to)s, and cleaned after it.") % place
    if row.patient_id != wanted.patient.pk:
        return
    if people_meet:
        yield _("%(patient)s already has %(what)s on %(day)s, %(from)s-%(to)s.") % place
    if wanted.counts_for_gap and row.counts_for_gap and _too_close(row, wanted):
        yield _too_close_words(row, wanted)


def _too_close(row: Appointment, wanted: Wanted) -> bool:
    gap = row.gap_days if row.local_day <= wanted.local_day else wanted.gap_days
    return abs(row.local_day - wanted.local_day) < gap


def _too_close_words(row: Appointment, wanted: Wanted) -> str:
    gap = max(row.gap_days, wanted.gap_days)
    facts = {"patient": row.patient, "gap": gap, "day": date_format(row.day, "D j M")}
    if row.local_day <= wanted.local_day:
        facts["earliest"] = date_format(row.day + timedelta(days=gap), "D j M")
        return (
            _(
                "%(patient)s has a session on %(day)s, and sessions are at least %(gap)s days apart: "
                "the earliest is %(earliest)s."
            )
            % facts
        )
    facts["latest"] = date_format(row.day - timedelta(days=gap), "D j M")
    return (
        _(
            "%(patient)s has a session on %(day)s, and sessions are at least %(gap)s days apart: "
            "the latest before it is %(latest)s."
        )
        % facts
    )
