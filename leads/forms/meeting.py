"""A meeting that the lead booked."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User


class MeetingForm(forms.Form):
    """With whom, and when; the time is that of who enters it."""

    host = forms.ModelChoiceField(label=_("With whom"), queryset=User.objects.none())
    starts_at = forms.DateTimeField(
        label=_("When"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
    )

    def __init__(self, by: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = ZoneInfo(by.zone)
        people = User.objects.active().of_department(by.department_id or "-")
        self.fields["host"] = forms.ModelChoiceField(
            label=_("With whom"), queryset=people.exclude(team=None), initial=by.pk
        )

    def clean_starts_at(self) -> datetime:
        written: datetime = self.cleaned_data["starts_at"]
        return written.replace(tzinfo=self.zone).astimezone(UTC)
