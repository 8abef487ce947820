"""Forms about consent and about what people ask of their data."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leads.models import PrivacyRequest, RetentionRule


class ConsentForm(forms.Form):
    """What the person said: to what, whether, where and when."""

    given = forms.ChoiceField(
        label=_("What did they say?"),
        choices=[("yes", _("They agree")), ("no", _("They take it back"))],
    )
    purpose = forms.CharField(
        label=_("To what?"),
        max_length=60,
        initial="contact",
        help_text=_("“contact” is what agreements ask for. Others: newsletter, calls."),
    )
    source = forms.CharField(
        label=_("Where did they say so?"),
        max_length=80,
        help_text=_("A form, a mail, a call, a card at a fair."),
    )
    said_at = forms.DateTimeField(
        label=_("When?"),
        required=False,
        help_text=_("Empty: now."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )
    note = forms.CharField(label=_("The words they saw"), max_length=200, required=False)

    def clean_given(self) -> bool:
        return bool(self.cleaned_data["given"] == "yes")


class AskedForm(forms.Form):
    """What a person asks of their data, and since when they wait."""

    kind = forms.ChoiceField(label=_("They ask for"), choices=PrivacyRequest.Kind)
    asked_at = forms.DateTimeField(
        label=_("Asked on"),
        required=False,
        help_text=_("Empty: now. It is answered within 30 days."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )
    reason = forms.CharField(label=_("How they asked"), max_length=300, required=False)


class EraseForm(forms.Form):
    """An erasure is typed out: the name of the person, and why."""

    name = forms.CharField(label=_("Type their name to erase them"), max_length=200)
    reason = forms.CharField(label=_("Why"), max_length=300)

    def __init__(self, lead_name: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lead_name = lead_name

    def clean_name(self) -> str:
        typed = str(self.cleaned_data["name"])
        if typed.strip().casefold() != self.lead_name.strip().casefold():
            raise forms.ValidationError(
                _("This is not the name. Type: %(name)s"), params={"name": self.lead_name}
            )
        return typed


class RuleForm(forms.Form):
    """After how long which leads are erased."""

    kind = forms.ChoiceField(label=_("Leads that are"), choices=RetentionRule.Kind)
    months = forms.IntegerField(label=_("for so many months"), min_value=1, max_value=240)
    automatic = forms.BooleanField(label=_("Erase without asking, day by day"), required=False)
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)


class DueForm(forms.Form):
    """How many leads were on the page: typed, so that nobody erases by a slip."""

    expected = forms.IntegerField(label=_("Type their number to erase them"), min_value=1)
