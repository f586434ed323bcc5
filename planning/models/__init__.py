"""Plans and their versions, the shade ladder, appointments and the hours they fit in."""

from planning.models.appointment import ACTIVE_STATES, Appointment, AppointmentKind, AppointmentState
from planning.models.call import CallNote, CallOutcome, CallReason
from planning.models.closure import BookingClosure
from planning.models.dots import DotsDone
from planning.models.feed import CalendarFeed
from planning.models.hours import TimeOff, WeeklyHours
from planning.models.kinds import VisitKind
from planning.models.late import LateEntry
from planning.models.pace import LearnedPace, LearnedZone, PaceSample
from planning.models.plan import Agreement, PlannedSession, PlanVersion, PlanZone, TreatmentPlan
from planning.models.price import Payment, PaymentMethod, PriceBand
from planning.models.shade import HealedPhoto, ShadeStep
from planning.models.waiting import PartOfDay, WaitingWish

__all__ = [
    "ACTIVE_STATES",
    "Agreement",
    "Appointment",
    "AppointmentKind",
    "AppointmentState",
    "BookingClosure",
    "CalendarFeed",
    "CallNote",
    "CallOutcome",
    "CallReason",
    "DotsDone",
    "HealedPhoto",
    "LateEntry",
    "LearnedPace",
    "LearnedZone",
    "PaceSample",
    "PartOfDay",
    "Payment",
    "PaymentMethod",
    "PlanVersion",
    "PlanZone",
    "PlannedSession",
    "PriceBand",
    "ShadeStep",
    "TimeOff",
    "TreatmentPlan",
    "VisitKind",
    "WaitingWish",
    "WeeklyHours",
]
