"""The signature form: who signs proves it with password and one-time code, now."""

from collections.abc import Sequence
from typing import Any

from allauth.core import ratelimit
from allauth.mfa.models import Authenticator
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from sla.core.warnings import Caution


class SignForm(forms.Form):
    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(
            attrs={"class": "in wide", "autocomplete": "current-password"}
        ),
    )
    code = forms.CharField(
        label=_("Code"),
        max_length=8,
        help_text=_("6 digits from your app"),
        widget=forms.TextInput(
            attrs={
                "class": "in",
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
                "size": 8,
            }
        ),
    )

    def __init__(
        self, request: HttpRequest, cautions: Sequence[Caution], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.cautions = cautions

    @property
    def acknowledged(self) -> list[str]:
        """Codes of the grave warnings that were ticked."""
        return self.request.POST.getlist("acknowledged")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return data
        user = self.request.user
        if not ratelimit.consume(self.request, action="reauthenticate", user=user):
            raise forms.ValidationError(_("Too many attempts. Wait a minute, then try again."))
        if not user.check_password(data["password"]):
            self.add_error("password", _("This is not your password."))
        elif not self._code_fits(data["code"].replace(" ", "")):
            self.add_error("code", _("This code does not fit, or was used before."))
        return data

    def _code_fits(self, code: str) -> bool:
        totp = Authenticator.objects.filter(
            user=self.request.user, type=Authenticator.Type.TOTP
        ).first()
        if totp is None:
            return False
        fits: bool = totp.wrap().validate_code(code)
        return fits


def has_second_factor(user: Any) -> bool:
    enrolled = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP)
    return bool(enrolled.exists())
