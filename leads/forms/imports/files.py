"""The file to bring, and which of the leads that wait go live."""

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import FileExtensionValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

# A ZIP; and what older workbooks and those with a password begin with, which is told later.
PACKED = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


class FileForm(forms.Form):
    """The file to bring."""

    file = forms.FileField(
        label=_("CSV or Excel file"),
        help_text=_(
            "Choose it, or drop it on the field. Up to 20 MB; of a workbook the first sheet."
        ),
        error_messages={"required": _("Choose a file. One over 20 MB is not taken.")},
        validators=[FileExtensionValidator(["csv", "tsv", "txt", "xlsx"])],
    )

    def clean_file(self) -> "UploadedFile[bytes]":
        """Whether it is of the kind that its name says; what is in it is looked at later."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        begins = file.read(4)
        file.seek(0)
        is_packed, says_packed = begins in PACKED, str(file.name).lower().endswith(".xlsx")
        if is_packed and not says_packed:
            raise forms.ValidationError(
                gettext("This is a ZIP file. Unpack it, and bring the CSV inside.")
            )
        if says_packed and not is_packed:
            raise forms.ValidationError(
                gettext("This is no workbook that can be read. Save it as CSV.")
            )
        return file


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
