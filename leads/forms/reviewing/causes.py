"""Why a group of clocks was late."""

from django import forms
from django.utils.translation import gettext_lazy as _

from leads.models import BreachCause

CAUSES = [("", _("Choose a cause")), *BreachCause.Cause.choices]


class CauseForm(forms.Form):
    """A cause for all clocks of a group, which stand as the page showed them."""

    group = forms.CharField(max_length=400, widget=forms.HiddenInput())
    cause = forms.ChoiceField(label=_("Cause"), choices=CAUSES)
    text = forms.CharField(label=_("In words, if it needs any"), max_length=500, required=False)


class ChangeForm(forms.Form):
    """A cause that the agreement is to be changed for."""

    cause = forms.ChoiceField(choices=BreachCause.Cause.choices)
