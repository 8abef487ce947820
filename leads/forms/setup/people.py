import csv
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from leads.core.setup import sheet
from leads.core.setup.sheet import Row
from portal.accounts.models import Department, User
from portal.unfinished.models import Unfinished

SAMPLE = "Ada Lovelace\tada@example.org\tInside sales\tyes"


FIELD_NAMES = {
    "name": _("Name"), "email": _("Mail"), "team": _("Team"), "manager": _("Manager"),
}  # fmt: skip
FAULTS = {
    "missing": _("is missing"),
    "no_mail": _("is no mail address"),
    "twice": _("stands twice in these rows"),
    "left": _("belongs to somebody who left; an administrator lets them in again"),
    "unknown": _("is none of the teams"),
    "unclear": _("say yes, or leave it empty"),
    "second": _("this team has a manager already"),
    "placeless": _("operations and auditors have no team to manage"),
}


def said(row: Row) -> list[str]:
    """What is wrong with a row, each fault with its field."""
    return [f"{FIELD_NAMES[name]}: {FAULTS[fault]}" for name, fault in row.faults.items()]


class SheetForm(forms.Form):
    """People as they stand in a sheet."""

    text = forms.CharField(
        label=_("Rows from your sheet"),
        help_text=_("Name, mail, team, manager? (yes or nothing): one person a row."),
        max_length=200_000,
        strip=False,
        widget=forms.Textarea(
            attrs={"rows": 10, "class": "in wide", "spellcheck": "false", "placeholder": SAMPLE}
        ),
    )

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if "\x00" in text:
            raise forms.ValidationError(_("This is no text. Copy the rows from the sheet."))
        try:
            too_long = sheet.is_too_long(text)
        except csv.Error as error:
            said = _("The rows cannot be told apart. Copy them from the sheet once more.")
            raise forms.ValidationError(said) from error
        if too_long:
            raise forms.ValidationError(
                _("At most %(most)d rows at once. Paste the rest afterwards.")
                % {"most": sheet.MOST}
            )
        return text


class PartyForm(forms.Form):
    """Who heads a department, and who signs for it."""

    def __init__(
        self, data: Any, *, department: Department, signs: User | None,
        left: Unfinished | None = None,
    ) -> None:  # fmt: skip
        key = department.key
        super().__init__(
            data, prefix=key, initial={"head": department.head, "signatory": signs}
        )
        people: QuerySet[User] = (
            User.objects.active().filter(department=key, is_staff=False).order_by("name")
        )
        self.department, self.people = department, list(people)
        choices = [("", _("choose …")), *((one.pk, str(one)) for one in self.people)]
        for name, label, text in (
            ("head", _("Head"), _("Told of what stays late, once a week; decides disputes.")),
            ("signatory", _("Signs"), _("May be the head. Signs with a second factor.")),
        ):
            field = forms.ModelChoiceField(label=label, help_text=text, queryset=people)
            field.choices = choices  # read once for both questions
            self.fields[name] = field
        if left is not None:
            self.initial.update(left.values(self.fields, prefix=key))
