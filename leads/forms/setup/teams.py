from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leads.actions.setup.teams import Wanted
from portal.accounts.models import Department

EMPTY = 2


class TeamForm(forms.Form):
    """One team: what it is called and whose it is; a ticked box takes an empty one away."""

    key = forms.CharField(required=False, max_length=50, widget=forms.HiddenInput)
    name = forms.CharField(label=_("Team"), required=False, max_length=80)
    department = forms.ChoiceField(label=_("Department"), choices=Department.Key.choices)
    gone = forms.BooleanField(label=_("Not needed"), required=False)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("key") and not data.get("name") and not data.get("gone"):
            self.add_error("name", _("Give it a name, or tick that it is not needed."))
        return data

    def wanted(self) -> Wanted | None:
        data = self.cleaned_data
        if not data.get("name") and not data.get("key"):
            return None
        return Wanted(data["key"], data["name"], data["department"], data["gone"])


TeamFormSet = forms.formset_factory(TeamForm, extra=EMPTY, max_num=60, absolute_max=80)


def team_forms(data: Any, proposed: Sequence[Wanted]) -> Any:
    """A line for each team, and some empty ones."""
    initial = [
        {"key": one.key, "name": one.name, "department": one.department} for one in proposed
    ]
    return TeamFormSet(data, initial=initial, prefix="team")
