"""What is asked once for several rows of a desk."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leads.core.handoff import Move
from leads.forms.choices import choose
from portal.accounts.models import User
from sla.core.terms import Terms

RULES = "rules"


class AcceptAll(forms.Form):
    """Nothing more is asked."""


class AttemptAll(forms.Form):
    kind = forms.ChoiceField(
        label=_("What did you do?"),
        widget=forms.RadioSelect,
        initial="call",
        choices=[
            ("call", _("Called")),
            ("voicemail", _("Voicemail left")),
            ("personal_mail", _("Personal mail sent")),
            ("meeting", _("Meeting booked")),
        ],
        error_messages={"required": _("Choose what you did.")},
    )


class ReturnAll(forms.Form):
    """One reason for all; only what each of their agreements lists."""

    reason = forms.ChoiceField(
        label=_("Why do they go back?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the reason; the other side acts on it.")},
    )
    note = forms.CharField(
        label=_("What should be fixed?"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "class": "wide"}),
    )

    def __init__(self, agreed: Sequence[Terms], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everywhere = [{reason.key for reason in terms.return_reasons} for terms in agreed]
        common = set.intersection(*everywhere) if everywhere else set()
        listed = agreed[0].return_reasons if agreed else ()
        offered = [(r.key, f"{r.name}. {r.example}") for r in listed if r.key in common]
        choose(self, "reason", offered)


class AnswerAll(forms.Form):
    """One answer for all."""

    answer = forms.ChoiceField(
        label=_("Your answer"),
        widget=forms.RadioSelect,
        choices=[
            (Move.FIXED.value, _("Fixed: offer them again")),
            (Move.DISPUTE.value, _("Disputed: both managers decide")),
            (Move.RECYCLE.value, _("Back to nurture until a day")),
        ],
        error_messages={"required": _("Choose one of the three.")},
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "class": "wide"}),
    )
    on = forms.DateField(
        label=_("They come back on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        answer = data.get("answer")
        if answer == Move.RECYCLE and not data.get("on") and "on" not in self.errors:
            self.add_error("on", _("Say on which day the leads come back."))
        if answer == Move.DISPUTE and not data.get("note"):
            self.add_error("note", _("Say why the returns do not stand."))
        return data


class GiveAll(forms.Form):
    """To whom; the rules may choose for each row."""

    to = forms.ChoiceField(
        label=_("To whom?"),
        initial=RULES,
        error_messages={"required": _("Choose to whom.")},
    )

    def __init__(self, teams: Sequence[int], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.active().filter(team__in=teams).select_related("team")
        self.people = {str(one.pk): one for one in people.order_by("name")}
        named = [(key, str(one)) for key, one in self.people.items()]
        choose(self, "to", [(RULES, _("As the rules choose, one by one")), *named])

    def person(self) -> User | None:
        """Who was chosen; None: the rules choose."""
        return self.people.get(str(self.cleaned_data.get("to", "")))
