"""The kinds of handoff: between which stages and teams, and what must come along."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from sla.core.facts import FIELDS
from sla.forms.around import DEPARTMENTS, Around, Part
from sla.forms.parts.words import KEY
from sla.forms.tree import Choice, Group, Length, Rows, Several, Text
from sla.forms.tree.leaves import Words

_OFFERS = [
    ("automatic", _("by itself, when the criteria of its stage are met")),
    ("by_giver", _("by the giving side, by hand")),
]


class Package(Several):
    """Fields of the lead and its company, and attributes of one's own."""

    def typed(self, text: str) -> str:
        return text if "." in text else f"attributes.{text}"


def _party(name: str, label: Words, around: Around) -> Group:
    teams = [(team.key, team.name or team.key) for team in around.teams]
    return Group(
        name=name,
        label=label,
        parts=(
            Choice(name="department", label=_("Department"), options=DEPARTMENTS),
            Choice(
                name="team",
                label=_("Team"),
                options=teams,
                none=_("any team of the department"),
                needed=False,
            ),
        ),
    )


def _title(said: dict[str, Any]) -> str:
    return str(said["name"])


def _coming_along() -> tuple[Any, ...]:
    fields = [(one.name, _(one.label)) for one in FIELDS.values()]
    return (
        Choice(name="offer", label=_("It is offered"), options=_OFFERS, size="l"),
        Length(
            name="expires_after",
            label=_("Given back unanswered after"),
            help=_("Working time. Empty: never."),
            hint="10 days",
            needed=False,
            size="l",
        ),
        Package(
            name="package",
            label=_("What must be known of the lead"),
            help=_("It blocks a handoff by hand; on an automatic one Marketing owes the rest."),
            options=fields,
            other=_("Own attributes, with commas between:"),
            needed=False,
        ),
    )


def _spec(around: Around) -> Group:
    handoff = Group(
        parts=(
            Text(name="name", label=_("Name"), size="l"),
            KEY,
            Choice(
                name="from_stage", label=_("From the stage"), options=around.stages(), size="l"
            ),
            Choice(name="to_stage", label=_("To the stage"), options=around.stages(), size="l"),
            _party("giver", _("Who gives"), around),
            _party("receiver", _("Who receives"), around),
            *_coming_along(),
        )
    )
    rows = Rows(
        name="handoffs",
        label=_("Kinds of handoff"),
        one=_("a handoff"),
        row=handoff,
        title=_title,
        folded=True,
    )
    return Group(parts=(rows,))


PART = Part(
    "handoffs",
    _("Handoffs"),
    _("Who hands over to whom, between which stages, and what must be known by then."),
    ("handoffs",),
    _spec,
    {"handoffs": "handoff"},
)
