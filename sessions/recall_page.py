"""How a recall is shown: how far it has come, and what can still be done for whom."""

from collections.abc import Sequence

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sessions.actions.recalling import RECALL_MAIL
from sessions.forms.recall import ALL, TOLD, UNTOLD
from sessions.models import Recall
from sessions.recall import Touched
from sessions.recall_papers import parts_of, told_words
from smpclinic.models import Outbox
from smpclinic.models.outbox import OutboxState


def all_recalls():
    """Every recall, the newest first, with how many patients were told or tried (one query and one for the lots)."""
    told = Count("tellings__patient", distinct=True)
    rows = Recall.objects.select_related("product").prefetch_related("lots").annotate(tried=told)
    return rows.order_by("-at", "-id")


def shown_of(touched: Sequence[Touched], show: str) -> list[Touched]:
    """The part of the list that is looked at."""
    if show in (TOLD, UNTOLD):
        return [each for each in touched if each.is_told is (show == TOLD)]
    return list(touched)


def summary_of(touched: Sequence[Touched]) -> str:
    """ "14 patients, 20 sessions and patch tests"."""
    uses = sum(len(each.uses) for each in touched)
    patients = ngettext("%(count)s patient", "%(count)s patients", len(touched)) % {"count": len(touched)}
    told = ngettext("%(count)s session or patch test", "%(count)s sessions and patch tests", uses) % {"count": uses}
    return f"{patients}, {told}"


def context_of(recall: Recall, touched: Sequence[Touched], *, show: str) -> dict:
    """The head of the page."""
    told = shown_of(touched, TOLD)
    waiting = shown_of(touched, UNTOLD)
    address = recall.get_absolute_url()
    letters = reverse("sessions:recall_letters", args=[recall.public_id])
    counts = {ALL: (_("All"), touched), UNTOLD: (_("Not told yet"), waiting), TOLD: (_("Told"), told)}
    return {
        "recall": recall,
        "lots": ", ".join(lot.number for lot in recall.lots_meant().order_by("number")),
        "summary": summary_of(touched),
        "told": len(told),
        "whole": len(touched),
        "tabs": [
            {"label": label, "url": f"{address}?show={key}", "current": key == (show or ALL), "count": len(rows)}
            for key, (label, rows) in counts.items()
        ],
        "address_query": f"show={show}" if show else "",
        "papers": [
            {"number": n, "count": len(part), "url": f"{letters}?part={n}"}
            for n, part in enumerate(parts_of(waiting), start=1)
        ],
        "without_address": sum(1 for each in waiting if not each.patient.address.strip()),
    }  # fmt: skip


def rows_of(recall: Recall, touched: Sequence[Touched]) -> list[dict]:
    """Each patient of a page, with what was tried and how an e-mail stands (one query)."""
    keys = [each.patient.pk for each in touched]
    mails = Outbox.objects.filter(kind=RECALL_MAIL, subject_id=recall.pk, second_id__in=keys)
    state = {item.second_id: item.state for item in mails}
    return [
        {
            "touched": each,
            "patient": each.patient,
            "told": [told_words(telling) for telling in each.tellings],
            "mail": _mail_words(state.get(each.patient.pk)),
        }
        for each in touched
    ]


def _mail_words(state: str | None) -> str:
    words = {
        OutboxState.WAITING: _("e-mail waits to be sent"),
        OutboxState.RUNNING: _("e-mail is being sent"),
        OutboxState.FAILED: _("e-mail could not be sent: call instead"),
    }
    return words.get(state, "")
