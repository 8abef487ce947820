from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User


class WelcomeForm(forms.Form):
    """The first password of somebody who was invited."""

    password = forms.CharField(
        label=_("Choose a password"),
        help_text=_("At least 12 characters."),
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        entered: str = self.cleaned_data["password"]
        try:
            validate_password(entered, self.user)
        except ValidationError as error:
            raise forms.ValidationError(error.messages) from error
        return entered
