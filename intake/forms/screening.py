"""What staff decides about a finding. Each form belongs to one finding and carries its rule."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from intake.models import DoctorLetter


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
    doctor = forms.CharField(
        label=_("From which doctor"),
        max_length=160,
        error_messages={"required": _("Name the doctor who wrote the letter.")},
    )
    dated_on = forms.DateField(
        label=_("Date on the letter"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
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


class SendBackForm(forms.Form):
    note = forms.CharField(
        label=_("What should be looked at again?"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say what should be looked at again.")},
    )
