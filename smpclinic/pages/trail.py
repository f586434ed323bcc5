"""The audit trail, for the manager: who did what and when; names of fields, never their values."""

from django import forms
from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from smpclinic.models import AuditEntry, User
from smpclinic.pages.trail_words import in_words
from smpclinic.roles import Permission, requires

ROWS_A_PAGE = 50


class TrailForm(forms.Form):
    """What the list is narrowed to; anything unreadable in the address is left out, never an error page."""

    who = forms.ModelChoiceField(
        label=_("Who"), queryset=User.objects.all(), required=False, empty_label=_("Everybody")
    )
    day = forms.DateField(label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    page = forms.IntegerField(required=False, min_value=1, max_value=1_000_000, widget=forms.HiddenInput)

    def narrowed(self, rows):
        self.is_valid()
        told = self.cleaned_data
        if told.get("who"):
            rows = rows.filter(actor_user=told["who"])
        if told.get("day"):
            rows = rows.filter(at__date=told["day"])
        return Paginator(rows, ROWS_A_PAGE).get_page(told.get("page") or 1)


@require_GET
@requires(Permission.READ_AUDIT)
def trail(request):
    form = TrailForm(request.GET or {})
    page = form.narrowed(AuditEntry.objects.all())
    page.object_list = in_words(list(page.object_list))
    return render(request, "smpclinic/trail.html", {"form": form, "page": page})
