"""Forms of who owns leads."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User


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
