"""Backups: how the clinic stands, one now, and the key that opens them, shown once."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from smpclinic import audit
from smpclinic.actors import staff
from smpclinic.backup import standing, taking
from smpclinic.models import ClinicProfile, Outbox
from smpclinic.models.outbox import OutboxState
from smpclinic.outbox import enqueue
from smpclinic.roles import Permission, requires

SHOWN = 30


@require_GET
@requires(Permission.SET_UP)
def backups(request):
    """What is on the shelf, what is wrong, and what can be done."""
    stands = standing.standing(now=timezone.now())
    context = {"stands": stands, "shown": stands.backups[:SHOWN], "recipient": taking.recipient(), "waits": _waits()}
    return render(request, "smpclinic/backups.html", context)


@require_POST
@requires(Permission.SET_UP)
def backup_now(request):
    """Queue one backup; a second press while one waits changes nothing."""
    if not taking.recipient():
        messages.error(request, _("Make the recovery key first: without it a backup could not be opened."))
        return redirect("backups")
    with transaction.atomic():
        if not _waits():
            enqueue("backup")
            audit.record(by=staff(request.user), verb="backup_asked", subject=ClinicProfile.current())
    messages.success(request, _("The backup is being made. This page shows it when it is whole."))
    return redirect("backups")


@require_POST
@requires(Permission.SET_UP)
def backup_key(request):
    """Make the recovery key and show it once. Sent again, or from an old page, it makes none."""
    if request.POST.get("instead_of", "") != taking.recipient():
        messages.error(request, _("A recovery key was made meanwhile; it was shown once. Nothing was changed."))
        return redirect("backups")
    recovery_key = taking.make_key()
    audit.record(
        by=staff(request.user), verb="backup_key_made", subject=ClinicProfile.current(), recipient=taking.recipient()
    )
    return render(request, "smpclinic/backup_key.html", {"recovery_key": recovery_key})


def _waits() -> bool:
    return Outbox.objects.filter(kind="backup", state__in=[OutboxState.WAITING, OutboxState.RUNNING]).exists()
