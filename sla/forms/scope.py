"""Forms about which leads an agreement takes."""

from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.reader.language import say
from sla.core.criteria import Facts, FieldIs, Value
from sla.core.facts import bare, field_of
from sla.core.terms import TermsError, parse_criteria
from sla.forms.criteria.acts import CRITERIA_ACTS
from sla.forms.criteria.tree import Criteria, name_conditions
from sla.forms.tree import Group, Posted
from sla.forms.tree.acts import act
from sla.forms.tree.nodes import Node, Page, group

_SPEC = Group(
    parts=(
        Group(
            name="scope",
            parts=(
                Criteria(
                    label=_("It takes a lead when"),
                    nothing=_("It takes no lead, until somebody says which."),
                ),
            ),
        ),
    )
)
ROOT = "scope-criteria"


class ScopeForm:
    """Which leads an agreement takes, by the criteria builder; `sent` came from a browser."""

    def __init__(self, scope: dict[str, Any] | None, sent: Posted | None = None) -> None:
        self.spec = _SPEC
        self.said = _SPEC.posted(sent, "") if sent else _SPEC.shown(_shown(scope))
        self.page = Page()
        self.wrong: list[tuple[str, str]] = []
        self.spoken: Any = None

    def do(self, verb: str, path: str) -> None:
        """Change the conditions as a button says. Raises KeyError for what is not there."""
        if verb in CRITERIA_ACTS:
            self.page.focus = CRITERIA_ACTS[verb](self, path)
        else:
            self.page.focus = act(self.spec, self.said, verb, path)

    @cached_property
    def scope(self) -> dict[str, Any] | None:
        """The criteria that were entered; None for none. Raises ValueError while they do not
        fit, after which `wrong` and the page say why."""
        tree = self.said["scope"]["criteria"]
        name_conditions([tree])
        value = Criteria(label="").read(tree, ROOT, self.page.errors)
        self.wrong = [(f"e-{path}", said) for path, said in self.page.errors.items()]
        if self.wrong:
            raise ValueError(self.wrong)
        if not isinstance(value, dict):
            return None
        try:
            parse_criteria(value)
        except TermsError as error:
            self.wrong = [("", str(error))]
            raise ValueError(self.wrong) from error
        return value

    def nodes(self) -> list[Node]:
        """The form as the templates draw it."""
        return group(self.spec, self.said, "", self.page)


def _shown(scope: dict[str, Any] | None) -> dict[str, Any]:
    return {"scope": {"criteria": scope}}


class SplitForm(forms.Form):
    """What the part that is split off is called, and the short name of its addresses."""

    name = forms.CharField(label=_("Name"), max_length=120)
    key = forms.SlugField(
        label=_("Short name"), max_length=50, help_text=_("It stands in addresses and files.")
    )


class TypedForm(forms.Form):
    """The values of a lead that is only thought of: the fields that the scopes ask about."""

    def __init__(self, asked: list[FieldIs], data: Any = None) -> None:
        super().__init__(data)
        self.asked = {f"f{place}": leaf for place, leaf in enumerate(asked)}
        for key, leaf in self.asked.items():
            self.fields[key] = _input(leaf)

    def facts(self) -> Facts:
        """What was typed as facts; a field left empty is missing."""
        given = {leaf.field: self.cleaned_data.get(key) for key, leaf in self.asked.items()}
        return Facts(
            fields={
                name: Value(str(value) if hasattr(value, "isoformat") else value)
                for name, value in given.items()
                if value not in (None, "")
            }
        )


def _input(leaf: FieldIs) -> forms.Field:
    known = field_of(leaf.field, leaf.type)
    said = bare(say(known.label)) if known else leaf.field
    label = said[:1].upper() + said[1:]
    if leaf.type == "integer":
        return forms.IntegerField(label=label, required=False)
    if leaf.type == "boolean":
        return forms.NullBooleanField(label=label, required=False)
    if leaf.type == "date":
        widget = forms.DateInput(attrs={"type": "date"})
        return forms.DateField(label=label, required=False, widget=widget)
    return forms.CharField(label=label, required=False, max_length=200)
