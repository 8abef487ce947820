from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User


class FirstAdminForm(forms.Form):
    """Who administers the portal."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = forms.CharField(
        label=_("Password"),
        help_text=_("At least 12 characters."),
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    operates = forms.BooleanField(
        label=_("I also bring leads in and let the company go live (operations)"),
        help_text=_("Else the first person of operations does that, whom you add later."),
        required=False,
        initial=True,
    )

    def clean(self) -> dict[str, Any]:
        entered = super().clean() or self.cleaned_data
        person = User(email=entered.get("email", ""), name=entered.get("name", ""))
        try:
            validate_password(entered.get("password", ""), person)
        except ValidationError as error:
            self.add_error("password", error)
        return entered
