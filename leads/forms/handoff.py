"""The dialogs of a handoff: each asks only for what the move needs."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leads.core.handoff import Move
from leads.forms.choices import choose
from portal.accounts.models import User
from sla.core.terms import Terms


class ReturnForm(forms.Form):
    """Why a lead goes back: one of the agreed reasons, each with its example."""

    reason = forms.ChoiceField(
        label=_("Why does it go back?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the reason; Marketing acts on it.")},
    )
    note = forms.CharField(
        label=_("What should be fixed?"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "class": "wide"}),
    )

    def __init__(self, terms: Terms, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(r.key, f"{r.name}. {r.example}") for r in terms.return_reasons]
        choose(self, "reason", offered)


def who_looks_again() -> forms.ModelChoiceField:  # type: ignore[type-arg]  # at run time too
    """Who of Marketing gets a lead that goes back to nurture; nobody named: who has it now."""
    people = User.objects.active().of_department("marketing").exclude(team=None)
    return forms.ModelChoiceField(
        label=_("Who looks again"),
        queryset=people,
        required=False,
        empty_label=_("Who has Marketing’s seat then"),
        help_text=_("Told at eight that morning. It stands under In nurture until they act."),
    )


class AnswerForm(forms.Form):
    """The giver's answer to a return."""

    answer = forms.ChoiceField(
        label=_("Your answer"),
        widget=forms.RadioSelect,
        choices=[
            (Move.FIXED, _("Fixed: offer it again")),
            (Move.DISPUTE, _("Disputed: both managers decide")),
            (Move.RECYCLE, _("Back to nurture until a day")),
        ],
        error_messages={"required": _("Choose one of the three.")},
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "class": "wide"}),
    )
    on = forms.DateField(
        label=_("Comes back on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    to = who_looks_again()

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        answer = data.get("answer")
        if answer == Move.RECYCLE and not data.get("on") and "on" not in self.errors:
            self.add_error("on", _("Say on which day the lead comes back."))
        if answer == Move.DISPUTE and not data.get("note"):
            self.add_error("note", _("Say why the return does not stand."))
        return data


class DecideForm(forms.Form):
    """One manager's word on a dispute."""

    counts = forms.ChoiceField(
        label=_("Does the lead count?"),
        widget=forms.RadioSelect,
        choices=[
            ("yes", _("It counts: Sales gets it again")),
            ("no", _("It does not count: it stays with Marketing")),
        ],
        error_messages={"required": _("Choose one of the two.")},
    )


class OutcomeForm(forms.Form):
    """What came of an accepted lead."""

    outcome = forms.ChoiceField(
        label=_("What came of it?"),
        widget=forms.RadioSelect,
        choices=[
            (Move.STILL_TALKING, _("Still talking")),
            (Move.COMPLETE, _("Moved on: the next stage is reached")),
            ("won", _("Won")),
            ("lost", _("Lost: they decided against us")),
            (Move.RECYCLE, _("Back to nurture until a day")),
            (Move.CLOSE, _("Closed: it was never one for us")),
        ],
        error_messages={"required": _("Say what came of it.")},
    )
    note = forms.CharField(
        label=_("Why?"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2, "class": "wide"}),
    )
    on = forms.DateField(
        label=_("Comes back on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    to = who_looks_again()

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        outcome = data.get("outcome")
        if outcome == Move.RECYCLE and not data.get("on") and "on" not in self.errors:
            self.add_error("on", _("Say on which day the lead comes back."))
        if outcome in {Move.CLOSE, "lost"} and not data.get("note"):
            self.add_error("note", _("Say why. Marketing reads it."))
        return data


class ReassignForm(forms.Form):
    to = forms.ModelChoiceField(label=_("To whom?"), queryset=User.objects.none())

    def __init__(self, team_id: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.active().filter(team_id=team_id)
        self.fields["to"] = forms.ModelChoiceField(
            label=_("To whom?"), queryset=people, empty_label=_("choose …")
        )


class DeliverForm(forms.Form):
    link = forms.URLField(
        label=_("Where is it?"),
        max_length=300,
        assume_scheme="https",
        help_text=_("A link to the material"),
    )
