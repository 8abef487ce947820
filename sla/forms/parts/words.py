"""The title, the preamble and the clauses in prose."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from sla.forms.around import Around, Part
from sla.forms.tree import Group, Key, Prose, Rows, Text

KEY = Key(
    name="key",
    label=_("Short name"),
    help=_("By which other parts and reports call it. Empty: made from the name."),
)


def _heading(said: dict[str, Any]) -> str:
    return str(said["heading"])


def _spec(around: Around) -> Group:
    clause = Group(
        parts=(
            Text(name="heading", label=_("Heading"), size="l"),
            Key(name="key", label=KEY.label, help=KEY.help, source="heading"),
            Prose(name="text", label=_("Text"), rows=5),
        )
    )
    return Group(
        parts=(
            Text(name="title", label=_("Title"), size="wide"),
            Prose(name="preamble", label=_("Preamble"), needed=False, rows=4),
            Rows(
                name="clauses",
                label=_("Clauses in prose"),
                one=_("a clause"),
                help=_(
                    "For people. They are numbered, signed and printed, and decide nothing."
                ),
                row=clause,
                needed=False,
                title=_heading,
            ),
        )
    )


PART = Part(
    "words",
    _("Words"),
    _("What the agreement is called, why it is there, and what else it says in prose."),
    ("title", "preamble", "clauses"),
    _spec,
)
