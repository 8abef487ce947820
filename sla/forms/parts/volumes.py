"""Volume per period, and the conversions that both sides expect."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from sla.forms.around import DEPARTMENTS, PERIODS, Around, Part
from sla.forms.parts.words import KEY
from sla.forms.telling import told
from sla.forms.tree import Choice, Flag, Group, Length, Rows, Text, Whole

_MEASURES = [
    ("stage_entries", _("leads that reach a stage")),
    ("obligation_kept", _("how often an obligation is kept")),
    ("content", _("pieces of content for a stage")),
]


def _name(said: dict[str, Any]) -> str:
    return str(said["name"])


def _behind() -> Group:
    return Group(
        name="behind",
        label=_("When the pace falls behind"),
        needed=False,
        parts=(
            Whole(name="below", label=_("Below"), unit=_("% of the pace"), high=100),
            *told(),
        ),
    )


def _counted(around: Around) -> tuple[Any, ...]:
    return (
        Choice(name="measure", label=_("What is counted"), options=_MEASURES),
        Choice(
            name="stage",
            label=_("Stage"),
            options=around.stages(),
            none=_("none"),
            needed=False,
        ),
        Choice(
            name="obligation",
            label=_("Obligation"),
            options=around.named("obligations"),
            none=_("none"),
            needed=False,
        ),
        Whole(name="count", label=_("How many"), high=10_000_000, needed=False),
        Whole(name="percent", label=_("or percent"), unit="%", high=100, needed=False),
        Length(
            name="once_per",
            label=_("A person counts once in"),
            hint="90 days",
            needed=False,
        ),
    )


def _commitments(around: Around) -> Rows:
    row = Group(
        parts=(
            Text(name="name", label=_("Name"), size="l"),
            Choice(name="department", label=_("Promised by"), options=DEPARTMENTS, size="s"),
            Choice(name="period", label=_("For"), options=PERIODS, size="s"),
            *_counted(around),
            KEY,
            _behind(),
        )
    )
    return Rows(
        name="commitments",
        label=_("Volume"),
        one=_("a volume"),
        row=row,
        needed=False,
        title=_name,
        folded=True,
    )


def _of_which(around: Around) -> tuple[Any, ...]:
    return (
        Text(
            name="segment",
            label=_("Kind of lead"),
            suggest=around.segments(),
            needed=False,
            size="s",
        ),
        Text(
            name="source",
            label=_("Source"),
            suggest=around.sources(),
            needed=False,
            size="s",
        ),
    )


def _benchmarks(around: Around) -> Rows:
    row = Group(
        parts=(
            Choice(name="from_stage", label=_("From the stage"), options=around.stages()),
            Choice(name="to_stage", label=_("To the stage"), options=around.stages()),
            Length(
                name="within",
                label=_("Within"),
                help=_("Elapsed time."),
                hint="90 days",
                size="m",
            ),
            Whole(name="percent", label=_("At least"), unit="%", high=100),
            *_of_which(around),
            KEY,
            Flag(
                name="confirmed",
                label=_("Confirmed by both departments; until then it gives no verdict"),
                size="wide",
            ),
        )
    )

    def title(said: dict[str, Any]) -> str:
        names = dict(around.stages())
        ends = [str(names.get(said[end], said[end])) for end in ("from_stage", "to_stage")]
        return " → ".join(ends) if all(ends) else ""

    return Rows(
        name="benchmarks",
        label=_("Benchmarks"),
        one=_("a benchmark"),
        row=row,
        needed=False,
        title=title,
        folded=True,
    )


def _spec(around: Around) -> Group:
    return Group(parts=(_commitments(around), _benchmarks(around)))


PART = Part(
    "volumes",
    _("Volume"),
    _("How much each side promises per period, and which conversions both expect."),
    ("commitments", "benchmarks"),
    _spec,
)
