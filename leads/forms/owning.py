"""Forms of who owns leads, and of people and teams that go elsewhere."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Team, User


class SeatForm(forms.Form):
    """A seat of a lead for somebody else of its department."""

    department = forms.ChoiceField(choices=[("marketing", ""), ("sales", "")])
    to = forms.ModelChoiceField(
        queryset=User.objects.none(),
        error_messages={"required": _("Say who gets the seat.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.active().exclude(team=None)
        self.fields["to"] = forms.ModelChoiceField(
            queryset=people, error_messages={"required": _("Say who gets the seat.")}
        )


class PlaceForm(forms.Form):
    """The team to which somebody goes, and whether their open work goes along."""

    to = forms.ChoiceField(label=_("New team"))
    takes = forms.BooleanField(
        label=_("Open work goes along"),
        required=False,
        initial=True,
        help_text=_("Within the department. Else, and into the other one, it is handed on."),
    )

    def __init__(self, team: Team, data: Any = None) -> None:
        super().__init__(data)
        self.fields["to"] = forms.ChoiceField(label=_("New team"), choices=_others(team))


class JoinForm(forms.Form):
    """What becomes of a team, and which team goes on with its open work."""

    way = forms.ChoiceField(label=_("What happens"), widget=forms.RadioSelect, initial="joins")
    work = forms.ChoiceField(label=_("Team"))

    def __init__(self, team: Team, other: str, data: Any = None) -> None:
        super().__init__(data)
        ways = [
            ("joins", _("It becomes part of the team below, with its people and pools.")),
            ("over", _("It goes over to %(side)s under its name; what is open stays below.")
             % {"side": other}),
        ]  # fmt: skip
        self.fields["way"] = forms.ChoiceField(
            label=_("What happens"), widget=forms.RadioSelect, initial="joins", choices=ways
        )
        home = _keys(team.department_id)
        mine = [one for one in _others(team) if one[0] in home]
        self.fields["work"] = forms.ChoiceField(
            label=_("The team that goes on with what is open"), choices=mine
        )


def _others(team: Team) -> list[tuple[str, str]]:
    there = Team.objects.filter(archived_at=None).exclude(pk=team.pk)
    rows = there.select_related("department").order_by("department", "name")
    return [(one.key, f"{one.name} ({one.department})") for one in rows]


def _keys(department: str) -> set[str]:
    return set(Team.objects.filter(department=department).values_list("key", flat=True))
