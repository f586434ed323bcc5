"""The address to which a tablet sends each change as it is made, and sends again what it kept while it was cut off."""

from django.core.exceptions import ValidationError
from django.http import JsonResponse
from django.views.decorators.http import require_POST

from sessions import actions
from sessions.forms.changes import read_changes
from sessions.views.finding import visible_session
from smpclinic.actors import staff
from smpclinic.roles import Permission, requires


@require_POST
@requires(Permission.RECORD_SESSIONS)
def changes(request, session_id):
    """JSON in, JSON out: what became of each change. 400 where the body is none of ours; nothing is then changed."""
    session = visible_session(request, session_id)
    try:
        told = read_changes(request.body, session)
    except ValidationError as refusal:
        return JsonResponse({"problems": refusal.messages}, status=400)
    outcomes = actions.apply_changes(session=session, changes=told, by=staff(request.user))
    return JsonResponse(
        {
            "outcomes": [
                {"id": str(outcome.change_id), "result": outcome.result, "words": outcome.words} for outcome in outcomes
            ]
        }
    )
