"""Many returns at once: which ones, what was wrong with each, and what becomes of them."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leads.core.handoff import Move
from leads.forms.choices import choose
from leads.forms.handoff import who_looks_again
from leads.forms.package import Value, part
from leads.models import Handoff

MOST = 100
"""As many are answered with one decision."""


class ManyForm(forms.Form):
    """`rows` are the returns on the page. Each chosen one may get a value of its own for
    `field`; `all` sets those that have none."""

    answer = forms.ChoiceField(
        label=_("What becomes of them?"),
        widget=forms.RadioSelect,
        initial=Move.FIXED,
        choices=[
            (Move.FIXED, _("Fixed: offer them again")),
            (Move.DISPUTE, _("Disputed: both managers decide")),
            (Move.RECYCLE, _("Back to nurture until a day")),
        ],
        error_messages={"required": _("Choose one of the three.")},
    )
    pick = forms.TypedMultipleChoiceField(
        coerce=int, error_messages={"required": _("Choose at least one lead.")}
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=500)
    on = forms.DateField(
        label=_("Comes back on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    to = who_looks_again()

    def __init__(
        self, rows: Sequence[Handoff], field: str, kind: str, *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.corrected = field
        choose(self, "pick", [(str(row.pk), str(row.lead)) for row in rows])
        for name in ("all", *(f"value-{row.pk}" for row in rows)) if field else ():
            self.fields[name] = part(field, kind)
        if field:
            self.fields["all"].label = _("The same for all that are chosen")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("answer") == Move.RECYCLE and not data.get("on"):
            self.add_error("on", _("Say on which day they come back."))
        if data.get("answer") == Move.DISPUTE and not data.get("note"):
            self.add_error("note", _("Say why the returns do not stand."))
        return data

    def wanted(self, known: dict[int, Any]) -> dict[int, dict[str, Value]]:
        """The values to be set, by handoff: only what differs from what is `known`."""
        return {
            pk: {self.corrected: value}
            if (value := self._value(pk)) not in (None, "", known.get(pk))
            else {}
            for pk in self.cleaned_data["pick"]
        }

    def _value(self, pk: int) -> Any:
        said = self.cleaned_data.get("all")
        return said if said not in (None, "") else self.cleaned_data.get(f"value-{pk}")


class FieldForm(forms.Form):
    """Which value is corrected."""

    field = forms.ChoiceField(label=_("What was wrong?"))

    def __init__(self, choices: Iterable[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "field", list(choices))
