import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class AnswerField(forms.CharField):
    """What a device answered, as the script put it into a hidden field: a JSON object."""

    widget = forms.HiddenInput

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=20_000, **options)

    def clean(self, value: Any) -> dict[str, Any]:
        text = super().clean(value)
        try:
            answer = json.loads(text) if text else {}
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise forms.ValidationError(_("Your device's answer cannot be read."))
        return answer


class NameForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=60,
        help_text=_("Such as: my laptop, the key on my ring"),
        widget=forms.TextInput(attrs={"class": "in wide", "autocomplete": "off"}),
    )


class EnrolForm(NameForm):
    answer = AnswerField(error_messages={"required": _("Your device gave no answer.")})
