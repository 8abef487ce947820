"""The file to bring, and which of the leads that wait go live."""

from django import forms
from django.utils.translation import gettext_lazy as _


class FileForm(forms.Form):
    """The file to bring."""

    file = forms.FileField(
        label=_("CSV or Excel file"),
        help_text=_(
            "Choose it, or drop it on the field. Up to 20 MB; of a workbook the first sheet."
        ),
        error_messages={"required": _("Choose a file. One over 20 MB is not taken.")},
    )


class LiveForm(forms.Form):
    """Which of the leads that wait go live."""

    since = forms.DateField(
        label=_("That arrived since"), widget=forms.DateInput(attrs={"type": "date"})
    )
    limit = forms.IntegerField(
        label=_("At most"),
        min_value=1,
        max_value=500,
        help_text=_("The oldest first. So many that the teams can take them today."),
    )
