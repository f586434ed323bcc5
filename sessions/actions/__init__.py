"""Changes to session records. Each is one transaction and leaves an audit entry; nothing is ever half saved."""

from sessions.actions.changes import Change, Outcome, apply_changes
from sessions.actions.events import add_step, close_event, report_event
from sessions.actions.locking import ChangedMeanwhile
from sessions.actions.mixing import Portion, discard_mix, mix_pigment
from sessions.actions.opening import (
    ask_health,
    open_session,
    override_item,
    prepare_session,
    start_treatment,
    take_over,
)
from sessions.actions.outcomes import ask_again_later, end_follow_up, note_check
from sessions.actions.passes import (
    note_reaction,
    put_back_lot,
    remove_pass,
    save_pass,
    start_clock,
    stop_clock,
    use_lot,
)
from sessions.actions.pictures import add_session_photo
from sessions.actions.signing import amend_session, sign_session, void_session

__all__ = [
    "Change",
    "ChangedMeanwhile",
    "Outcome",
    "Portion",
    "add_session_photo",
    "add_step",
    "amend_session",
    "apply_changes",
    "ask_again_later",
    "ask_health",
    "close_event",
    "discard_mix",
    "end_follow_up",
    "mix_pigment",
    "note_check",
    "note_reaction",
    "open_session",
    "override_item",
    "prepare_session",
    "put_back_lot",
    "remove_pass",
    "report_event",
    "save_pass",
    "sign_session",
    "start_clock",
    "start_treatment",
    "stop_clock",
    "take_over",
    "use_lot",
    "void_session",
]
