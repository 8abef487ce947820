"""What a person says of a file: what its columns mean, how its dates stand."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from leads.actions.intake.arrival import attribute_key
from leads.core.files.records import header_name
from leads.core.files.suggestions import Suggestion
from leads.forms.choices import choose
from sla.core.terms import Stage

LEAVE_OUT = ("", _("leave out"))
PERSON = (
    ("external_id", _("id in the other system")), ("name", _("name")),
    ("first_name", _("first name")), ("last_name", _("last name")), ("email", _("e-mail")),
    ("phone", _("phone")), ("job_title", _("job title")), ("country", _("country")),
    ("consent", _("consent, yes or no")), ("consent_purpose", _("consent to what")),
    ("consent_source", _("where consent was given")),
    ("consent_at", _("when consent was given")),
)  # fmt: skip
COMPANY = (
    ("company_name", _("company")), ("company_domain", _("company’s domain")),
    ("company_country", _("company’s country")), ("company_employees", _("employees")),
    ("company_industry", _("industry")),
)  # fmt: skip
LEAD = (
    ("source", _("source")), ("campaign", _("campaign")), ("segment", _("segment")),
    ("score", _("score")), ("owner", _("owner, by mail or name")),
    ("stage", _("stage where it stands")),
)  # fmt: skip
HISTORY = (
    ("arrived", _("arrived")), ("offered", _("was offered")), ("accepted", _("was accepted")),
    ("first_attempt", _("first attempt")), ("won", _("was won")), ("lost", _("was lost")),
)  # fmt: skip
WORDS = dict((*PERSON, *COMPANY, *LEAD, *HISTORY))
ORDERS = (
    ("", _("as the column shows")), ("ymd", _("year, month, day")),
    ("dmy", _("day, month, year")), ("mdy", _("month, day, year")),
)  # fmt: skip


class Row(NamedTuple):
    """One column of the file as the form shows it."""

    column: Mapping[str, Any]
    to: BoundField
    order: BoundField | None
    because: str


class MappingForm(forms.Form):
    """What each column means; made for one file, as `columns.looked_at` tells of it."""

    source = forms.CharField(
        label=_("Comes from"),
        max_length=80,
        help_text=_("The system whose ids these are: hubspot, salesforce, webinar."),
    )
    zone = forms.CharField(
        label=_("Times are local to"),
        max_length=64,
        help_text=_("A zone such as Europe/Berlin."),
    )
    missing = forms.MultipleChoiceField(
        label=_("These words mean: nothing here"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    only_known = forms.BooleanField(
        label=_("Only add to leads that are known"),
        required=False,
        help_text=_("Records of others are refused and listed."),
    )
    save_as = forms.CharField(
        label=_("Keep this mapping as"), max_length=80, required=False
    )  # fmt: skip

    def __init__(
        self,
        columns: list[dict[str, Any]],
        suggested: list[Suggestion],
        stages: Mapping[str, Stage],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.columns, self.suggested = columns, suggested
        names = Counter(header_name(column["name"]) for column in columns)
        self.usable = {
            n: column
            for n, column in enumerate(columns)
            if column["name"].strip() and names[header_name(column["name"])] == 1
        }
        for n, column in self.usable.items():
            self._add(n, column, stages)
        blanks = sorted({word for column in columns for word in column["blanks"]})
        choose(self, "missing", [(word, word) for word in blanks])
        if not blanks:
            del self.fields["missing"]

    def _add(self, n: int, column: dict[str, Any], stages: Mapping[str, Stage]) -> None:
        label = _t("Meaning of %(column)s") % {"column": column["name"]}
        field = forms.ChoiceField(label=label, required=False)
        field.choices = _meanings(column, stages)
        field.initial = self.suggested[n].to
        self.fields[f"to_{n}"] = field
        if column["dates"] is not None:
            label = _t("Order of dates in %(column)s") % {"column": column["name"]}
            order = forms.ChoiceField(label=label, required=False, choices=ORDERS)
            self.fields[f"order_{n}"] = order

    def rows(self) -> Iterator[Row]:
        """The columns that can be mapped, as they stand in the file."""
        for n, column in self.usable.items():
            order = self[f"order_{n}"] if f"order_{n}" in self.fields else None
            yield Row(column, self[f"to_{n}"], order, self.suggested[n].because)

    def settings(self) -> list[BoundField]:
        """The fields that are about the file as a whole."""
        names = ("source", "zone", "missing", "only_known", "save_as")
        return [self[name] for name in names if name in self.fields]

    def mapping(self) -> dict[str, Any]:
        """The mapping in the form of docs/import.md; only of a valid form."""
        said = self.cleaned_data
        columns: dict[str, Any] = {}
        for n, column in self.usable.items():
            if to := said[f"to_{n}"]:
                columns[column["name"]] = _target(column, to, said.get(f"order_{n}", ""))
        return {
            "source": said["source"].strip(),
            "zone": said["zone"].strip(),
            "missing": said.get("missing", []),
            "create": not said["only_known"],
            "columns": columns,
        }


def initial_of(mapping: Mapping[str, Any], columns: list[dict[str, Any]]) -> dict[str, Any]:
    """What the form shows for a mapping that is known: a kept one, or the file's own."""
    options = {header_name(name): value for name, value in mapping["columns"].items()}
    shown: dict[str, Any] = {
        "source": mapping["source"],
        "zone": mapping.get("zone", "UTC"),
        "missing": mapping.get("missing", []),
        "only_known": not mapping.get("create", True),
    }
    for n, column in enumerate(columns):
        option = options.get(header_name(column["name"]), "")
        option = option[0] if isinstance(option, list) else option
        told = option if isinstance(option, dict) else {"to": option}
        shown[f"to_{n}"], shown[f"order_{n}"] = told["to"], told.get("order", "")
    return shown


def _target(column: dict[str, Any], to: str, order: str) -> str | dict[str, Any]:
    option: dict[str, Any] = {"to": to}
    if to.startswith("attributes.") and column["pure"] and column["type"] != "text":
        option["type"] = column["type"]
    if order:
        option["order"] = order
    return option if len(option) > 1 else to


def _meanings(column: dict[str, Any], stages: Mapping[str, Stage]) -> list[Any]:
    """What a column can mean, in groups; a stage with its old label beside its name."""
    key = attribute_key(column["name"])
    entered = [
        (
            f"entered.{stage.key}",
            f"{stage.name} ({stage.legacy})" if stage.legacy else stage.name,
        )
        for stage in stages.values()
    ]
    own = [(f"attributes.{key}", _t("keep as “%(key)s”") % {"key": key})] if key else []
    return [
        LEAVE_OUT,
        (_t("Person"), PERSON),
        (_t("Company"), COMPANY),
        (_t("Lead"), LEAD),
        (_t("When it"), HISTORY),
        (_t("When it entered the stage"), entered),
        (_t("Something else"), own),
    ]
