"""Who saw and changed what about one patient: the access log and the trail, the newest first.

Values before and after a change are for those who may see health; a manager reads who did what, to which fields.
"""

from django import forms
from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from intake.views.finding import visible_patient
from smpclinic import audit
from smpclinic.models import AccessEntry, AuditEntry
from smpclinic.pages.trail_words import in_words
from smpclinic.roles import Permission, requires

ROWS_A_PAGE = 50
CHANGED, SEEN = "changed", "seen"


class HistoryForm(forms.Form):
    """Which of the two and which page; anything unreadable in the address is left out, never an error page."""

    show = forms.ChoiceField(choices=[(CHANGED, gettext_lazy("Changed")), (SEEN, gettext_lazy("Seen"))], required=False)
    page = forms.IntegerField(required=False, min_value=1, max_value=1_000_000)

    def asked(self) -> tuple[str, int]:
        self.is_valid()
        return self.cleaned_data.get("show") or CHANGED, self.cleaned_data.get("page") or 1


@require_GET
@requires(Permission.SEE_HISTORY)
def history(request, patient_id):
    patient = visible_patient(request, patient_id)
    audit.note_read(request, patient=patient, what="history of the record")
    show, number = HistoryForm(request.GET).asked()
    sees_values = request.user.has(Permission.SEE_HEALTH)
    page = Paginator(_rows(patient, show, sees_values=sees_values), ROWS_A_PAGE).get_page(number)
    if show == CHANGED:
        page.object_list = in_words(list(page.object_list), sees_values=sees_values)
    tabs = [
        {"label": label, "url": f"?show={name}", "current": name == show}
        for name, label in ((CHANGED, _("Changed")), (SEEN, _("Seen")))
    ]
    context = {
        "patient": patient,
        "page": page,
        "show": show,
        "tabs": tabs,
        "query": f"show={show}",
        "sees_values": sees_values,
        "sees_record": request.user.has(Permission.SEE_PATIENTS),
    }
    return render(request, "smpclinic/history.html", context)


def _rows(patient, show, *, sees_values):
    if show == SEEN:
        return AccessEntry.objects.about(patient)
    rows = AuditEntry.objects.about(patient)
    return rows.prefetch_related("values") if sees_values else rows
