"""Forms about which leads an agreement takes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sla.core import scopes
from sla.core.criteria import Facts, FieldIs, Value
from sla.core.facts import field_of

LABELS = {
    "lead.segment": _("Kinds of lead"),
    "lead.source": _("Sources"),
    "lead.country": _("Countries of the person"),
    "company.country": _("Countries of the company"),
}


class ScopeForm(forms.Form):
    """Plain lists, values with commas between; a lead must meet each list that is given."""

    def __init__(self, scope: Any, data: Any = None) -> None:
        initial = {
            name.replace(".", "_"): ", ".join(values)
            for name, values in (scopes.simple(scope) or {}).items()
        }
        super().__init__(data, initial=initial)
        for name in scopes.SIMPLE:
            self.fields[name.replace(".", "_")] = forms.CharField(
                label=LABELS[name],
                required=False,
                max_length=1_000,
                help_text=_("Commas between them; empty: any."),
            )

    def scope(self) -> dict[str, Any] | None:
        lists = {
            name: _values(self.cleaned_data[name.replace(".", "_")]) for name in scopes.SIMPLE
        }
        return scopes.scope_of(lists)


class TypedForm(forms.Form):
    """The values of a lead that is only thought of: the fields that the scopes ask about."""

    def __init__(self, asked: list[FieldIs], data: Any = None) -> None:
        super().__init__(data)
        self.asked = {f"f{place}": leaf for place, leaf in enumerate(asked)}
        for key, leaf in self.asked.items():
            self.fields[key] = _input(leaf)

    def facts(self) -> Facts:
        """What was typed as facts; a field left empty is missing."""
        given = {leaf.field: self.cleaned_data.get(key) for key, leaf in self.asked.items()}
        return Facts(
            fields={
                name: Value(str(value) if hasattr(value, "isoformat") else value)
                for name, value in given.items()
                if value not in (None, "")
            }
        )


def _values(text: str) -> list[str]:
    return list(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def _input(leaf: FieldIs) -> forms.Field:
    known = field_of(leaf.field, leaf.type)
    said = known.label if known else leaf.field
    label = said[:1].upper() + said[1:]
    if leaf.type == "integer":
        return forms.IntegerField(label=label, required=False)
    if leaf.type == "boolean":
        return forms.NullBooleanField(label=label, required=False)
    if leaf.type == "date":
        widget = forms.DateInput(attrs={"type": "date"})
        return forms.DateField(label=label, required=False, widget=widget)
    return forms.CharField(label=label, required=False, max_length=200)
