"""What is asked of who reads one handoff on the way: little, and with the thumb."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leads.forms.choices import choose
from leads.models import Contribution
from sla.core.terms import Terms


class BriefReturn(forms.Form):
    """One of the agreed reasons, each with its example."""

    reason = forms.ChoiceField(
        label=_("Why does it go back?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the reason; the other side acts on it.")},
    )
    note = forms.CharField(label=_("What should be fixed?"), required=False, max_length=500)

    def __init__(self, terms: Terms, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reasons = [(r.key, f"{r.name}. {r.example}") for r in terms.return_reasons]
        choose(self, "reason", reasons)


class BriefAsk(forms.Form):
    """Material for this lead; a comparison is what is asked for most on the way."""

    kind = forms.ChoiceField(
        label=_("What would help?"),
        initial=Contribution.Kind.COMPARISON,
        choices=Contribution.Kind.choices,
    )
    subject = forms.CharField(
        label=_("With whom, about what?"),
        max_length=200,
        error_messages={"required": _("Say with which competitor, or about what.")},
    )


class BriefUsed(forms.Form):
    """Whether delivered material was used."""

    contribution = forms.IntegerField(min_value=1, max_value=2**53, widget=forms.HiddenInput)
    used = forms.TypedChoiceField(
        choices=[("yes", _("Used")), ("no", _("Not used"))],
        coerce=lambda said: said == "yes",
        error_messages={"required": _("Say whether it was used.")},
    )
