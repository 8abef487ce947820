"""The rules of a team as a form: lists are words with commas, a line for each pool."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leads.core.sharing.rules import PARTS, key_of
from portal.accounts.models import Team, User

METHODS = [
    ("round_robin", _("By turns")),
    ("weighted", _("By turns, weighted by shares")),
    ("least_loaded", _("The shortest queue first")),
]
LABELS = {"sources": _("Sources"), "segments": _("Kinds of lead"), "countries": _("Countries")}
EMPTY_POOLS = 1


def words(name: str) -> forms.CharField:
    return forms.CharField(
        label=LABELS[name],
        required=False,
        max_length=2_000,
        widget=forms.TextInput(attrs={"placeholder": _("all")}),
    )


class RulesForm(forms.Form):
    """Which leads the team takes, how it shares them, and its members' shares."""

    method = forms.ChoiceField(label=_("How leads are shared out"), choices=METHODS)
    owner_first = forms.BooleanField(
        label=_("The company’s owner comes first, and spends no turn"), required=False
    )
    sources = words("sources")
    segments = words("segments")
    countries = words("countries")
    per_person = forms.IntegerField(
        label=_("Of a big batch, each a day at most"),
        required=False,
        min_value=1,
        max_value=500,
        help_text=_("Empty: all at once, when operations let an import go live."),
    )
    lead = forms.CharField(
        label=_("Try it on one lead"),
        required=False,
        max_length=20,
        help_text=_("The number in the address of its page"),
    )

    def __init__(self, team: Team, members: Sequence[User], *args: Any, **kwargs: Any) -> None:
        written = team.routing
        release = written.get("release") or {}
        kwargs["initial"] = {
            "method": written.get("method", "round_robin"),
            "owner_first": written.get("owner_first") is not False,
            "per_person": release.get("per_person"),
            **{part: ", ".join(written.get(part) or []) for part in PARTS},
        }
        super().__init__(*args, **kwargs)
        self.members = members
        for one in members:
            self.fields[f"weight-{one.pk}"] = forms.IntegerField(
                label=str(one), min_value=0, max_value=100, initial=one.weight
            )

    def shares(self) -> list[tuple[User, Any]]:
        """Each member with the bound field of their share."""
        return [(one, self[f"weight-{one.pk}"]) for one in self.members]

    def weights(self) -> dict[int, int]:
        return {one.pk: self.cleaned_data[f"weight-{one.pk}"] for one in self.members}

    def written(self, pools: list[dict[str, Any]]) -> dict[str, Any]:
        """The rules as they are kept; what is as usual is left out."""
        data = self.cleaned_data
        found: dict[str, Any] = {"method": data["method"]}
        found |= {part: listed(data[part]) for part in PARTS if listed(data[part])}
        if not data["owner_first"]:
            found["owner_first"] = False
        if data["per_person"]:
            found["release"] = {"per_person": data["per_person"]}
        if pools:
            found["pools"] = pools
        return found


class PoolForm(forms.Form):
    """One pool: the leads it takes, and who shares them by turns of their own."""

    name = forms.CharField(label=_("Name of the pool"), required=False, max_length=60)
    sources = words("sources")
    segments = words("segments")
    countries = words("countries")
    method = forms.ChoiceField(label=_("Shared out"), choices=METHODS)
    members = forms.TypedMultipleChoiceField(
        label=_("Who shares them; nobody ticked: all"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, people: Sequence[User] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.pk, str(one)) for one in people]
        self.fields["members"] = forms.TypedMultipleChoiceField(
            label=_("Who shares them; nobody ticked: all"),
            required=False,
            coerce=int,
            choices=choices,
            widget=forms.CheckboxSelectMultiple,
        )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        says = [part for part in (*PARTS, "members") if data.get(part)]
        if says and not data.get("name"):
            self.add_error("name", _("A pool needs a name: its turns are kept under it."))
        if data.get("name") and not any(data.get(part) for part in PARTS):
            self.add_error("segments", _("Say which leads it takes, or leave the pool out."))
        return data

    def written(self) -> dict[str, Any] | None:
        """The pool as it is kept; None for a line that was left empty or taken out."""
        data = self.cleaned_data
        if not data.get("name") or data.get("DELETE"):
            return None
        found: dict[str, Any] = {
            "key": key_of(data["name"]), "name": data["name"], "method": data["method"],
        }  # fmt: skip
        found |= {part: listed(data[part]) for part in PARTS if listed(data[part])}
        if data["members"]:
            found["members"] = sorted(data["members"])
        return found


PoolFormSet = forms.formset_factory(PoolForm, extra=EMPTY_POOLS, can_delete=True, max_num=20)


def pool_forms(team: Team, people: Sequence[User], data: Any) -> Any:
    """A line for each pool of the team, and an empty one."""
    initial = [
        {
            "name": one.get("name") or one.get("key"),
            "method": one.get("method", "round_robin"),
            "members": one.get("members") or [],
            **{part: ", ".join(one.get(part) or []) for part in PARTS},
        }
        for one in team.routing.get("pools") or []
    ]
    return PoolFormSet(data, initial=initial, prefix="pool", form_kwargs={"people": people})


def listed(text: str) -> list[str]:
    """Words with commas between them, each once.

    >>> listed("Germany, Austria,, germany ")
    ['Germany', 'Austria']
    """
    found: dict[str, str] = {}
    for word in filter(None, (one.strip()[:80] for one in text.split(","))):
        found.setdefault(word.casefold(), word)
    return list(found.values())
