"""What staff decides about a finding. Each form belongs to one finding and carries its rule."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from intake.models import DoctorLetter
from intake.models.screening import DoctorsAnswer


class RuleForm(forms.Form):
    """A rule by its code; for a letter it may be empty, which is: everything that needs one."""

    rule = forms.CharField(max_length=60, widget=forms.HiddenInput, required=False)


class ClearForm(RuleForm):
    note = forms.CharField(label=_("What was seen"), max_length=400, required=False)


class OverrideForm(RuleForm):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write the reason; it stays in the record.")},
    )


class LetterForm(forms.Form):
    letter = forms.ModelChoiceField(
        queryset=DoctorLetter.objects.none(), to_field_name="public_id", widget=forms.HiddenInput
    )

    def __init__(self, *args, patient, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["letter"].queryset = patient.doctor_letters.all()


class ReceiveForm(LetterForm):
    FACTS = ("doctor", "dated_on", "answer", "to_mind", "possible_from", "whole_paper")

    doctor = forms.CharField(
        label=_("From which doctor"),
        max_length=160,
        error_messages={"required": _("Name the doctor who wrote the letter.")},
    )
    dated_on = forms.DateField(
        label=_("Date on the letter"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    answer = forms.ChoiceField(
        label=_("What the doctor says"),
        choices=DoctorsAnswer.choices,
        required=False,
        widget=forms.RadioSelect(attrs={"data-layout": "stacked", "data-no-optional": "yes"}),
    )
    to_mind = forms.CharField(label=_("What to mind"), max_length=400, required=False)
    possible_from = forms.DateField(
        label=_("Possible from"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The day the doctor names. Without one, treatment waits for another letter."),
    )
    scan = forms.FileField(
        label=_("Scan or photo"),
        required=False,
        max_length=200,
        help_text=_("PDF, JPEG or PNG, 20 MB at most. It is kept in the record and seen by those who treat."),
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,image/*"}),
    )

    whole_paper = forms.BooleanField(
        label=_("It answers everything asked on the same paper"), required=False, initial=True
    )

    def clean_dated_on(self):
        dated_on = self.cleaned_data["dated_on"]
        if dated_on > timezone.localdate():
            raise forms.ValidationError(_("This date is in the future."))
        return dated_on

    def clean(self):
        told = super().clean()
        if told.get("possible_from") and told.get("answer") != DoctorsAnswer.NOT_NOW:
            self.add_error("possible_from", _("A day goes with “not now” alone. Choose that answer, or clear the day."))
        if told.get("answer") == DoctorsAnswer.WITH_CARE and not told.get("to_mind"):
            self.add_error("to_mind", _("Write what the doctor asks to mind."))
        return told


class SendBackForm(forms.Form):
    note = forms.CharField(
        label=_("What should be looked at again?"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say what should be looked at again.")},
    )
