"""What the calendar does by itself: mails about visits (a dead mail server delays them and loses none), the watch."""

import smtplib

from django.utils import timezone

from intake.messages import may_confirm, may_remind
from planning.actions.closing import close_where_broken
from planning.actions.telling import VISIT_MAIL, VISIT_REMINDER
from planning.clinic_protocol import clinic_protocol
from planning.learned import learn_anew
from planning.models import Appointment, AppointmentState
from planning.pace import LEARN_PACE
from planning.reminders import visits_to_remind
from planning.visit_mail import Occasion, message_for, occasion_of
from smpclinic import audit
from smpclinic.actors import SYSTEM
from smpclinic.database import guards
from smpclinic.outbox import GiveUp, Later, enqueue, every, handler

VERBS = {
    Occasion.BOOKED: "confirmed by e-mail",
    Occasion.MOVED: "told of the new time by e-mail",
    Occasion.CANCELLED: "told of the cancellation by e-mail",
    Occasion.REMINDER: "reminded by e-mail",
}


@handler(VISIT_MAIL)
def send_visit_mail(item) -> None:
    """Tell the patient how a visit stands now. ``second_id`` is the sequence it was queued for: where the visit has
    changed since, its own mail is queued behind this one, and this one would only confuse."""
    visit = _visit(item)
    if visit.sequence == item.second_id and not _has_passed(visit) and may_confirm(visit.patient):
        _send(visit, occasion_of(visit))


@handler(VISIT_REMINDER)
def send_reminder(item) -> None:
    """Remind the patient, where the visit still stands as it did and may be written about."""
    visit = _visit(item)
    still_stands = visit.state == AppointmentState.BOOKED and visit.sequence == item.second_id
    if still_stands and not _has_passed(visit) and may_remind(visit.patient):
        _send(visit, Occasion.REMINDER)


@every(hours=1)
@handler("queue_reminders")
def queue_reminders(item) -> None:
    """Queue a reminder for each visit that is due one; each is queued once."""
    for visit in visits_to_remind(timezone.now()):
        enqueue(
            VISIT_REMINDER,
            subject_id=visit.pk,
            second_id=visit.sequence,
            once_key=f"{VISIT_REMINDER}:{visit.pk}:{visit.sequence}",
        )


@every(hours=24, offset_minutes=3 * 60)
@handler(LEARN_PACE)
def learn_pace(item) -> None:
    """Learn the pace anew, each night and after a record is signed or voided; one item serves all that came before."""
    learn_anew(clinic_protocol())


@every(hours=24, offset_minutes=2 * 60 + 30)
@handler("watch_bookings")
def watch_bookings(item) -> None:
    """Compare the guards with what is written and the rows with the rules; a break closes booking and is seen."""
    problems = guards.problems()
    if closure := close_where_broken():
        problems.append(f"booking is closed: {closure.found} visits stand where they may not")
    if problems:
        raise GiveUp("; ".join(problems)[:300])


def _visit(item) -> Appointment:
    return Appointment.objects.with_people().get(pk=item.subject_id)


def _has_passed(visit: Appointment) -> bool:
    return visit.starts_min * 60 <= timezone.now().timestamp()


def _send(visit: Appointment, occasion: Occasion) -> None:
    try:
        message_for(visit, occasion).send()
    except smtplib.SMTPRecipientsRefused as error:
        raise GiveUp("The mail server refused the address. Correct it, or call.") from error
    except (OSError, smtplib.SMTPException) as error:
        raise Later(f"The mail server did not take it ({type(error).__name__}).") from error
    audit.record(by=SYSTEM, verb=VERBS[occasion], subject=visit, patient=visit.patient)
