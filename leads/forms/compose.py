"""An offer by hand: which handoff, what is still blank, and why criteria are waived."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leads.forms.choices import choose
from leads.forms.package import BY_HAND, Value, part
from sla.core.facts import Facts

OWN = ("kind", "waiver_reason")


class ComposeForm(forms.Form):
    """`asked` names the blanks with their types; what stays empty stays unknown.

    `facts` are what was known when the page began, for who checks it.
    """

    facts = Facts()

    kind = forms.ChoiceField(label=_("Hand over"))
    waiver_reason = forms.CharField(
        label=_("Why they do not matter here"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2, "class": "wide"}),
    )

    def __init__(
        self,
        kinds: Sequence[tuple[str, str]],
        asked: Mapping[str, str],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = kinds
        choose(self, "kind", kinds)
        for name, kind in asked.items():
            if name not in BY_HAND:
                self.fields[name] = part(name, kind)

    def blanks(self) -> list[Any]:
        """The bound fields of what is not known yet."""
        return [self[name] for name in self.fields if name not in OWN]

    def values(self) -> dict[str, Value]:
        """What was typed and can be read, by the names of the terms."""
        return {
            name: value
            for name, value in getattr(self, "cleaned_data", {}).items()
            if name not in OWN and value is not None and value != ""
        }
