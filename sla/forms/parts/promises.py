"""Who owes what, by when; and whose times count as evidence."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from sla.core.facts import MATERIALS, TOUCH_KINDS
from sla.forms.around import DEPARTMENTS, Around, Part
from sla.forms.parts.words import KEY
from sla.forms.tree import (
    Choice,
    ClockCalendarOf,
    Group,
    Key,
    Length,
    Rows,
    Several,
    Text,
    Whole,
)
from sla.forms.tree.choices import Option

KINDS: list[Option] = [
    ("accept", _("accept or return")),
    ("first_attempt", _("first attempt")),
    ("cadence", _("attempts in a row")),
    ("disposition", _("an outcome")),
    ("answer", _("answer to a return")),
    ("complete_package", _("complete what must be known")),
    ("decide", _("decide a dispute")),
    ("contribution", _("material for late stages")),
]
_STARTS: list[Option] = [
    ("offer", _("the offer")),
    ("acceptance", _("the acceptance")),
    ("return", _("the return")),
    ("dispute", _("the dispute")),
    ("request", _("the request")),
]
_DEFAULTS: list[Option] = [
    ("counts", _("the lead counts")),
    ("does_not_count", _("the lead does not count")),
]
_TEAMS: list[Option] = [
    ("team:receiver", _("that of the receiver’s team")),
    ("team:giver", _("that of the giver’s team")),
]


def _targets(around: Around) -> Rows:
    beyond = Group(
        name="beyond",
        label=_("Slower beyond an agreed volume"),
        needed=False,
        form="sla/editor/_folded.html",
        parts=(
            Whole(name="weekly", label=_("From more than"), unit=_("a week"), size="m"),
            Length(name="within", label=_("within"), hint="1 h", size="m"),
        ),
    )
    return Rows(
        name="targets",
        label=_("How fast, by kind of lead"),
        one=_("a target"),
        help=_("The first row that fits a lead counts. Working time on the calendar below."),
        row=Group(
            parts=(
                Text(
                    name="segment",
                    label=_("Kind of lead"),
                    hint=str(_("any other")),
                    suggest=around.segments(),
                    needed=False,
                ),
                Length(name="within", label=_("Within")),
                beyond,
            )
        ),
        title=lambda said: str(said["segment"] or said["within"]),
    )


def _pauses() -> Rows:
    return Rows(
        name="pauses",
        label=_("What may pause it"),
        one=_("a pause"),
        needed=False,
        row=Group(
            parts=(
                Text(name="name", label=_("Reason")),
                Length(name="cap", label=_("At most"), hint="1 day"),
                Whole(name="times", label=_("Times"), high=100, needed=False, hint="1"),
                Key(name="reason", label=_("Short name"), source="name", needed=True),
            )
        ),
        title=lambda said: str(said["name"]),
    )


def _only_where() -> tuple[Whole, Choice, Several]:
    """Parts that one kind needs and no other has."""
    return (
        Whole(
            name="attempts",
            label=_("Attempts"),
            help=_("For attempts in a row."),
            high=100,
            needed=False,
        ),
        Choice(
            name="default",
            label=_("Undecided in time"),
            help=_("For a dispute."),
            options=_DEFAULTS,
            none=_("none"),
            needed=False,
        ),
        Several(
            name="materials",
            label=_("What may be asked for, as material for late stages"),
            options=[(key, _(TOUCH_KINDS[key].label)) for key in MATERIALS],
            needed=False,
        ),
    )


def _obligation(around: Around) -> Group:
    fixed = [(f"fixed:{key}", name) for key, name in around.keyed("calendars")]
    return Group(
        parts=(
            Text(name="name", label=_("Name"), size="l"),
            Choice(name="kind", label=_("What is owed"), options=KINDS, size="l"),
            Choice(
                name="accountable",
                label=_("Owed by"),
                options=[*DEPARTMENTS, ("both", _("both managers"))],
            ),
            Choice(
                name="handoff",
                label=_("On the handoff"),
                options=around.named("handoffs"),
                none=_("every one, or none"),
                needed=False,
            ),
            Choice(name="starts", label=_("The clock starts at"), options=_STARTS),
            _targets(around),
            ClockCalendarOf(name="calendar", label=_("Calendar"), options=[*_TEAMS, *fixed]),
            Choice(name="ladder", label=_("When late"), options=around.keyed("ladders")),
            Whole(
                name="attainment", label=_("Kept in at least"), unit="%", high=100, needed=False
            ),
            *_only_where(),
            Choice(
                name="from_stage",
                label=_("May be asked for from the stage"),
                options=around.stages(),
                none=_("any"),
                needed=False,
            ),
            _pauses(),
            KEY,
        )
    )


def _sources() -> Rows:
    kinds = [(one.key, _(one.label)) for one in TOUCH_KINDS.values()]
    return Rows(
        name="trusted_sources",
        label=_("Whose times count"),
        one=_("a source"),
        help=_("A system whose own time of a touch counts, if it arrives soon enough."),
        needed=False,
        row=Group(
            parts=(
                Text(name="source", label=_("Source")),
                Length(
                    name="max_lag",
                    label=_("Arrives within"),
                    help=_("Elapsed time."),
                    hint="30 min",
                    size="m",
                ),
                Several(name="kinds", label=_("For these touches"), options=kinds),
            )
        ),
        title=lambda said: str(said["source"]),
        folded=True,
    )


def _title(said: dict[str, Any]) -> str:
    return str(said["name"])


def _spec(around: Around) -> Group:
    obligations = Rows(
        name="obligations",
        label=_("Obligations"),
        one=_("an obligation"),
        row=_obligation(around),
        title=_title,
        folded=True,
    )
    return Group(parts=(obligations, _sources()))


def _say(form: Any) -> None:
    """Beside the name of each promise: who owes it and how fast."""
    parties = dict([*DEPARTMENTS, ("both", _("both managers"))])
    for index, one in enumerate(form.said["obligations"]):
        fast = [target["within"] for target in one["targets"] if target["within"]]
        said = [str(parties.get(one["accountable"], "")), ", ".join(dict.fromkeys(fast))]
        form.page.texts[f"obligations-{index}"] = " · ".join(filter(None, said))


PART = Part(
    "promises",
    _("Obligations"),
    _("Who owes what to whom, by when, what pauses it; and whose times count."),
    ("obligations", "trusted_sources"),
    _spec,
    {"obligations": "obligation"},
    _say,
)
