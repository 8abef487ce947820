"""What an offer's package lacks, as a form: one field for each part that is missing."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.reader.language import say
from sla.core.facts import bare, field_of

Value = str | int | bool
LARGEST = 2_147_483_647
BY_HAND = frozenset({"company.status"})
"""What a form does not set: an administrator says how a company stands with us."""


class PackageForm(forms.Form):
    """The missing parts by their names in the terms; what is left empty stays missing."""

    def __init__(self, missing: Sequence[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in missing:
            if name not in BY_HAND:
                self.fields[name] = part(name)
        for field in self.fields.values() if len(self.fields) == 1 else ():
            field.required = True

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not self.values():
            raise forms.ValidationError(_("Fill in at least one part."))
        return data

    def values(self) -> dict[str, Value]:
        """What was filled in, by name."""
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if value is not None and value != ""
        }


def part(name: str, kind: str = "") -> forms.Field:
    """The form field for one part, by its type; `kind` is that of an attribute."""
    known = field_of(name)
    kind = known.type if known and (known.type != "text" or not kind) else kind or "text"
    label = bare(say(known.label)) if known else name.rpartition(".")[2]
    words: dict[str, Any] = {"label": label[:1].upper() + label[1:].replace("_", " ")}
    if kind == "integer":
        return forms.IntegerField(required=False, min_value=0, max_value=LARGEST, **words)
    if kind == "boolean":
        answers = [("", _("Not known")), (True, _("Yes")), (False, _("No"))]
        return forms.TypedChoiceField(
            required=False, choices=answers, coerce=lambda said: said == "True", **words
        )
    return forms.CharField(required=False, max_length=200, **words)
