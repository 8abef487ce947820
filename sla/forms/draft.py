"""The numbers and the prose of a draft as one form, built from its own terms.

Each field is one leaf: its name is the leaf's path. What the form does not show stays as it
was, because the values are set into a copy of the terms.
"""

from copy import deepcopy
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


class ProseField(forms.CharField):
    """Text of several lines, whose ends of line stay as the terms have them: a browser
    sends them as CRLF, which would be another text with another fingerprint."""

    def to_python(self, value: Any) -> str:
        read = super().to_python(value) or ""
        plain = read.replace("\r\n", "\n")
        same = self.initial is not None and plain.strip() == str(self.initial).strip()
        return str(self.initial) if same else plain.strip()


class DraftForm(forms.Form):
    """Edit the prose, targets, attainment, volumes and benchmarks of one draft."""

    def __init__(self, terms: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.terms = terms
        self.paths: dict[str, list[str | int]] = {}
        self.groups: list[tuple[str, list[str]]] = []
        self._prose()
        self._obligations()
        self._volumes()
        self._benchmarks()

    def result(self) -> dict[str, Any]:
        """The terms with what was entered; only after `is_valid()`."""
        terms = deepcopy(self.terms)
        for name, path in self.paths.items():
            target: Any = terms
            for step in path[:-1]:
                target = target[step]
            target[path[-1]] = self.cleaned_data[name]
        return terms

    def fieldsets(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The groups in their order, each with its bound fields."""
        return [(title, [self[name] for name in names]) for title, names in self.groups]

    def _add(self, names: list[str], path: list[str | int], field: forms.Field) -> None:
        name = "-".join(str(step) for step in path)
        target: Any = self.terms
        for step in path:
            target = target[step]
        field.initial = target
        self.fields[name] = field
        self.paths[name] = path
        names.append(name)

    def _group(self, title: Any) -> list[str]:
        names: list[str] = []
        self.groups.append((str(title), names))
        return names

    def _prose(self) -> None:
        names = self._group(_("Words"))
        self._add(names, ["title"], forms.CharField(label=_("Title"), widget=_line()))
        self._add(names, ["preamble"], _text(_("Preamble")))
        for index, clause in enumerate(self.terms.get("clauses", [])):
            self._add(names, ["clauses", index, "text"], _text(clause["heading"]))

    def _obligations(self) -> None:
        for index, obligation in enumerate(self.terms["obligations"]):
            names = self._group(obligation["name"])
            for row, target in enumerate(obligation["targets"]):
                who = target["segment"] or _("any other lead")
                label = _("Within, for %(who)s") % {"who": str(who).replace("_", " ")}
                path: list[str | int] = ["obligations", index, "targets", row, "within"]
                if number_and_unit(target["within"]):  # else it is not ours to show
                    self._add(names, path, DurationField(label=label))
            if obligation.get("attempts"):
                field = _whole(_("Attempts"), 1, 99)
                self._add(names, ["obligations", index, "attempts"], field)
            if obligation.get("attainment") is not None:
                field = _whole(_("Kept in at least, in %"), 1, 100)
                self._add(names, ["obligations", index, "attainment"], field)

    def _volumes(self) -> None:
        commitments = self.terms.get("commitments", [])
        counted = [(i, c) for i, c in enumerate(commitments) if c.get("count") is not None]
        if not counted:
            return
        names = self._group(_("Volume"))
        for index, commitment in counted:
            field = _whole(commitment["name"], 1, 10_000_000)
            self._add(names, ["commitments", index, "count"], field)

    def _benchmarks(self) -> None:
        if not self.terms.get("benchmarks"):
            return
        names = self._group(_("Benchmarks"))
        for index, mark in enumerate(self.terms["benchmarks"]):
            label = _("%(a)s to %(b)s, in %%") % {
                "a": mark["from_stage"],
                "b": mark["to_stage"],
            }
            self._add(names, ["benchmarks", index, "percent"], _whole(label, 0, 100))
            confirmed = forms.BooleanField(
                label=_("Confirmed by both departments"), required=False
            )
            self._add(names, ["benchmarks", index, "confirmed"], confirmed)


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


def _line() -> forms.TextInput:
    return forms.TextInput(attrs={"class": "in wide"})


def _text(label: Any) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 4, "class": "in wide"})
    return ProseField(label=label, widget=area, required=False, strip=False)


def _whole(label: Any, low: int, high: int) -> forms.IntegerField:
    number = forms.NumberInput(attrs={"class": "in", "size": 6})
    return forms.IntegerField(label=label, min_value=low, max_value=high, widget=number)
