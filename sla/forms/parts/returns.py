"""The reasons for which a lead may be given back."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from sla.core.criteria import keys
from sla.core.criteria.nodes import read
from sla.forms.around import Around, Part
from sla.forms.parts.words import KEY
from sla.forms.tree import Choice, Flag, Group, Prose, Rows, Text


def _name(said: dict[str, Any]) -> str:
    return str(said["name"])


def _criteria(around: Around) -> list[tuple[str, str]]:
    """Every criterion of the journey by key, with the stage that asks it."""
    found = []
    for stage in around.terms["journey"]:
        if stage.get("criteria"):
            inside = keys(read(stage["criteria"]))
            found += [(key, f"{stage['name']}: {key.replace('_', ' ')}") for key in inside]
    return found


def _spec(around: Around) -> Group:
    reason = Group(
        parts=(
            Text(name="name", label=_("Name"), size="l"),
            Choice(
                name="disputes",
                label=_("Criterion that it disputes"),
                help=_("What the returning side says was not met."),
                options=_criteria(around),
                none=_("none"),
                needed=False,
                size="l",
            ),
            Prose(
                name="example",
                label=_("Example"),
                help=_("A case from life, so that both sides mean the same."),
                needed=False,
                rows=2,
            ),
            Flag(
                name="after_cadence",
                label=_("Only after every agreed attempt was made"),
                needed=False,
                size="l",
            ),
            KEY,
        )
    )
    rows = Rows(
        name="return_reasons",
        label=_("Reasons to return a lead"),
        one=_("a reason"),
        row=reason,
        needed=False,
        title=_name,
    )
    return Group(parts=(rows,))


PART = Part(
    "returns",
    _("Return reasons"),
    _("Few reasons, each with an example, each naming the criterion that it disputes."),
    ("return_reasons",),
    _spec,
)
