"""The small forms around a draft, and a length of time as a number and a unit."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sla.core import durations

UNITS = [
    ("minutes", _("minutes")),
    ("hours", _("hours")),
    ("days", _("working days")),
    ("weeks", _("working weeks")),
]
ISO = {"minutes": "PT{}M", "hours": "PT{}H", "days": "P{}D", "weeks": "P{}W"}


def number_and_unit(written: str) -> tuple[int, str] | None:
    """An ISO 8601 duration in the largest unit that keeps it whole; None if none does.

    >>> number_and_unit("PT90M"), number_and_unit("PT120M"), number_and_unit("P1DT4H")
    ((90, 'minutes'), (2, 'hours'), None)
    """
    read = durations.parse(written)
    minutes, rest = divmod(int(read.time.total_seconds()), 60)
    parts = {"weeks": read.weeks, "days": read.days, "minutes": minutes, "seconds": rest}
    said = [(number, unit) for unit, number in parts.items() if number]
    if len(said) != 1 or said[0][1] == "seconds":
        return None
    number, unit = said[0]
    return (number // 60, "hours") if unit == "minutes" and number % 60 == 0 else (number, unit)


class DurationWidget(forms.MultiWidget):
    def __init__(self, label: str) -> None:
        number = forms.NumberInput(
            attrs={"class": "in", "min": 1, "size": 5, "aria-label": f"{label}: number"}
        )
        unit = forms.Select(
            attrs={"class": "in", "aria-label": f"{label}: unit"}, choices=UNITS
        )
        super().__init__([number, unit])

    def decompress(self, value: str | None) -> list[Any]:
        """An ISO 8601 duration as (number, unit)."""
        return list((value and number_and_unit(value)) or (None, "hours"))


class DurationField(forms.MultiValueField):
    """A whole number of minutes, hours, working days or weeks; its value is ISO 8601.

    What was not changed stays as it was written: an hour of `PT60M` does not become `PT1H`.
    """

    def __init__(self, *, label: str) -> None:
        fields = [
            forms.IntegerField(min_value=1, max_value=99_999),
            forms.ChoiceField(choices=UNITS),
        ]
        super().__init__(fields, label=label, widget=DurationWidget(label))

    def compress(self, data_list: list[Any]) -> str:
        if not data_list:
            return ""
        if self.initial and number_and_unit(self.initial) == tuple(data_list):
            return str(self.initial)
        return ISO[data_list[1]].format(data_list[0])


class ProposeForm(forms.Form):
    """When a proposal should begin; empty means with the second signature."""

    effective_from = forms.DateTimeField(
        label=_("Begins"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "class": "in"}),
        help_text=_("Empty: as soon as both departments have signed."),
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Why?"),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "in wide"}),
        error_messages={"required": _("Say why. The other department reads the reason.")},
    )
