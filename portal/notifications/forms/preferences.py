"""The form of one's own choices: for each level the ways and how often, and quiet hours."""

from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.notifications.models import Level, Preference

MAIL = ("mail", _("E-mail"))
SLACK = ("slack", _("Slack, a direct message"))
NOW = "now"
GATHERED = [(NOW, _("At once")), ("hourly", _("Each hour")), ("daily", _("Each day at 08:00"))]
HINTS = {
    Level.INFO: _("Proposals, answers, changes of owner."),
    Level.RISK: _("A promise of yours comes near, or a handoff waits for you."),
    Level.LATE: _("A promise of your own is late."),
}


class PreferenceForm(forms.Form):
    """Bound to one person's Preference, or to none; `own` are the ways they have."""

    quiet_from = forms.TimeField(
        label=_("Quiet from"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    quiet_until = forms.TimeField(
        label=_("Quiet until"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )

    def __init__(
        self, data: Any = None, *, preference: Preference | None, has_slack: bool
    ) -> None:
        kept = preference or Preference()
        self.own = [MAIL, SLACK] if has_slack else [MAIL]
        initial: dict[str, Any] = {
            "quiet_from": kept.quiet_from,
            "quiet_until": kept.quiet_until,
        }
        for level in Level:
            chosen = kept.channels(level)
            initial[f"{level}_channels"] = (
                [key for key, _label in self.own] if chosen is None else chosen
            )
            initial[f"{level}_digest"] = kept.digest(level) or NOW
        super().__init__(data, initial=initial)
        for level in Level:
            self._add(level)

    def _add(self, level: Level) -> None:
        self.fields[f"{level}_channels"] = forms.MultipleChoiceField(
            label=_("Way"),
            choices=self.own,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields[f"{level}_digest"] = forms.ChoiceField(
            label=_("How often"), choices=GATHERED
        )

    def levels(self) -> list[dict[str, Any]]:
        """For the page: each level with its words and its two fields."""
        return [
            {
                "label": level.label,
                "hint": HINTS[level],
                "channels": self[f"{level}_channels"],
                "digest": self[f"{level}_digest"],
            }
            for level in Level
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        begin, end = cleaned.get("quiet_from"), cleaned.get("quiet_until")
        if not self.errors and (begin is None) != (end is None):
            missing = "quiet_until" if end is None else "quiet_from"
            self.add_error(missing, _("Quiet hours need a beginning and an end."))
        return cleaned

    def choices(self) -> dict[str, dict[str, Any]]:
        """As Preference keeps them. All own ways mean: as the agreement says."""
        every = [key for key, _label in self.own]
        return {
            str(level): {
                "digest": self.cleaned_data[f"{level}_digest"].removeprefix(NOW),
                **(
                    {}
                    if self.cleaned_data[f"{level}_channels"] == every
                    else {"channels": self.cleaned_data[f"{level}_channels"]}
                ),
            }
            for level in Level
        }

    def quiet(self) -> tuple[time | None, time | None]:
        return self.cleaned_data["quiet_from"], self.cleaned_data["quiet_until"]
