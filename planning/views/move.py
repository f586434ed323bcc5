"""Move a visit: pick a place, see what it means for the other sessions, confirm."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from intake.messages import may_confirm
from planning.actions import booking
from planning.actions.booking import Move
from planning.asked import offered, place_at, stands_at
from planning.clash_answer import clash_answer
from planning.clashes import Clash
from planning.closing import BookingClosed
from planning.forms.moving import MoveForm, WhereForm, also_code
from planning.models import Appointment
from planning.moving import others_of_plan, outcome_of
from planning.near_places import next_places, places_instead
from planning.places import ChosenPlace, choices_of, code_of_chosen
from planning.views.appointment import visible_visit
from planning.views.booking import CLASH
from smpclinic import audit
from smpclinic.actors import staff
from smpclinic.local_dates import date_format
from smpclinic.roles import Permission, requires

OFFERED = 4


@require_http_methods(["GET", "POST"])
@requires(Permission.BOOK)
def move(request, appointment_id):
    visit = visible_visit(request, appointment_id)
    audit.note_read(request, patient=visit.patient, what="move visit", subject_id=str(visit.public_id))
    if request.method == "POST":
        return _answered(request, visit)
    where = WhereForm(request.GET or None)
    wanted = where.place_code or _asked(where, visit)
    return _question(request, visit, wanted) if wanted else _pick(request, visit, where)


def _asked(where: WhereForm, visit: Appointment) -> ChosenPlace | None:
    if where.starts_min is None:
        return None
    told = where.cleaned_data
    return place_at(
        where.starts_min, visit.minutes, practitioner=told["practitioner"], room=told["room"], besides=visit
    )


def _pick(request, visit, where, *, problems=(), status=200):
    """The nearest places, one press each; all of them leave the other sessions where they are."""
    near = next_places(
        minutes=visit.minutes,
        patient=visit.patient,
        near_min=max(visit.starts_min, 0),
        besides=visit,
        apart_min=visit.minutes,
        limit=OFFERED + 1,
    )
    context = {
        "visit": visit,
        "patient": visit.patient,
        "form": where,
        "offers": choices_of([place for place in near if not stands_at(visit, place)][:OFFERED]),
        "problems": problems,
    }
    return render(request, "planning/move.html", context, status=status)


def _question(request, visit, place, *, problems=(), clash_words=(), status=200):
    """ "Move to ...? Session 3 stays." Or why it cannot be, and the nearest places that can."""
    outcome = outcome_of(visit, place, by=staff(request.user))
    refused = [*problems, *outcome.problems]
    context = {
        "visit": visit,
        "patient": visit.patient,
        "asked": choices_of([offered(place, visit.minutes)])[0][1],
        "place": code_of_chosen(place),
        "problems": refused,
        "stays": outcome.stays,
        "displaced": outcome.displaced,
        "reflows": [_reflow(outcome.displaced, places) for places in outcome.reflows],
        "is_possible": outcome.is_possible and not problems,
        "may_mail": may_confirm(visit.patient),
    }
    in_the_way = clash_words or outcome.clashes
    if in_the_way or refused:
        near = places_instead(
            place,
            minutes=visit.minutes,
            patient=visit.patient,
            planned_session=visit.planned_session,
            besides=visit,
        )
        posted = request.POST.dict() | {"sequence": str(visit.sequence)}
        context["clash"] = clash_answer(in_the_way, near, posted=posted, keeps=["sequence", "told"])
    return render(request, "planning/move_question.html", context, status=status)


def _reflow(displaced, places):
    words = [label for _code, label in choices_of(places)]
    return {"code": also_code(displaced, places), "lines": list(zip(displaced, words, strict=True))}


def _answered(request, visit):
    form = MoveForm(request.POST, later=others_of_plan(visit))
    if not form.is_valid():
        words = [error for errors in form.errors.values() for error in errors]
        return _pick(request, visit, WhereForm(), problems=words)
    place = form.cleaned_data["place"]
    if _is_there_already(visit, place):
        return _moved(request, visit)
    told = form.cleaned_data
    outcome = outcome_of(visit, place, by=staff(request.user))
    if not told["told"] or (outcome.displaced and outcome.reflows and not told["also"]):
        return _question(request, visit, place)
    here = Move(visit, place.practitioner, place.room, place.starts_min, visit.minutes, told["sequence"])
    try:
        booking.move_visits(moves=[here, *told["also"]], told=told["told"], by=staff(request.user))
    except Clash as clash:
        return _question(request, visit, place, clash_words=clash.words, status=CLASH)
    except (ValidationError, BookingClosed) as refusal:
        visit.refresh_from_db()
        words = refusal.messages if isinstance(refusal, ValidationError) else [str(refusal)]
        return _question(request, visit, place, problems=words, status=CLASH)
    return _moved(request, visit)


def _is_there_already(visit, place) -> bool:
    """The button was pressed twice: the visit has been moved there a moment ago."""
    return visit.sequence > 0 and (visit.starts_min, visit.practitioner_id, visit.room_id) == (
        place.starts_min,
        place.practitioner.pk,
        place.room.pk,
    )


def _moved(request, visit):
    visit.refresh_from_db()
    when = f"{date_format(visit.starts_at, 'D j M')}, {visit.starts_at:%H:%M}"
    messages.success(request, _("Moved to %(when)s.") % {"when": when})
    return redirect("planning:appointment", visit.public_id)
