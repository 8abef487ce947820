"""What a desk is narrowed to: read from the address, applied to clocks, written back."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from urllib.parse import parse_qsl, urlencode

from django.db.models import Case, Q, Value, When

from leads.core import text
from leads.core.words.stages import StageWords
from leads.models.clock import ClockQuerySet

KINDS: dict[str, tuple[str, ...]] = {
    "accept": ("accept",),
    "attempts": ("first_attempt", "cadence"),
    "outcome": ("disposition",),
    "answers": ("answer",),
    "packages": ("complete_package",),
    "disputes": ("decide",),
    "material": ("contribution",),
}
STATES = ("late", "risk", "ok", "pause")
COMPACT, ROOMY = "compact", "roomy"
LONGEST = 100  # letters of one value
_OLD = {"show": "kind"}  # names of before, so that addresses in old mails still work


@dataclass(frozen=True)
class Filter:
    """Every part is empty, which asks for nothing, or one value.

    `kind` is a key of KINDS, `state` one of STATES, `stage` any word that means one, `team`
    a team's key, `q` what is looked for in names, companies and addresses. `density` says
    how the rows are drawn: `compact` or `roomy`; empty, as their number asks.
    """

    kind: str = ""
    state: str = ""
    stage: str = ""
    team: str = ""
    source: str = ""
    segment: str = ""
    q: str = ""
    density: str = ""

    @property
    def narrows(self) -> bool:
        """Whether any row may be left out."""
        return bool(self.parts(density=""))

    @property
    def details(self) -> int:
        """How many of the finer filters are used, for the fold that holds them."""
        return len(self.parts(density="", kind="", state="", q=""))

    def parts(self, **changes: str) -> dict[str, str]:
        """What is asked for, without what is not."""
        return {
            name: value for name, value in asdict(replace(self, **changes)).items() if value
        }

    def query(self, **changes: str) -> str:
        """The address's query: `?kind=accept&state=late`; `?show=all` asks for everything,
        while an address that says nothing opens with the reader's own view."""
        return f"?{urlencode(self.parts(**changes)) or 'show=all'}"

    def narrow(self, clocks: ClockQuerySet, words: StageWords) -> ClockQuerySet:
        """Those of the clocks that are asked for; the state is one of the whole subject, and
        asked of its soonest clock alone."""
        found = clocks.filter(self._subject(words))
        return found.filter(kind__in=KINDS[self.kind]) if self.kind else found

    def _subject(self, words: StageWords) -> Q:
        """Of which leads and teams."""
        wanted = Q()
        if self.stage:
            wanted &= Q(lead__stage__in=words.keys_of(self.stage))
        if self.team:
            wanted &= Q(team__key=self.team)
        if self.source:
            wanted &= Q(lead__source=self.source)
        if self.segment:
            wanted &= Q(lead__segment=self.segment)
        if self.q:
            wanted &= (
                Q(lead__name__icontains=self.q)
                | Q(lead__company__name__icontains=self.q)
                | Q(lead__email_key__startswith=self.q.casefold())
            )
        return wanted


def read(query: Mapping[str, str]) -> Filter:
    """The filter that an address asks for; values that there are not ask for nothing."""
    said = {name: text.line(query.get(name, ""), LONGEST) for name in asdict(Filter())}
    for old, name in _OLD.items():
        said[name] = said[name] or text.line(query.get(old, ""), LONGEST)
    said["kind"] = said["kind"] if said["kind"] in KINDS else ""
    said["state"] = said["state"] if said["state"] in STATES else ""
    said["density"] = said["density"] if said["density"] in (COMPACT, ROOMY) else ""
    return Filter(**said)


def parsed(query: str) -> dict[str, str]:
    """A query as it stands in an address, `?kind=accept&q=ann`, by name; of one that is
    longer than any of ours, the beginning."""
    return dict(parse_qsl(query.removeprefix("?")[:1_000]))


def state_is(state: str, at: datetime) -> Q:
    """Open clocks in one of STATES as of `at`; due now is on time."""
    running, soon = Q(paused_at=None), Q(due_at__gte=at)
    return {
        "pause": Q(paused_at__isnull=False),
        "late": running & Q(due_at__lt=at),
        "risk": running & soon & Q(warn_at__lte=at),
        "ok": running & soon & (Q(warn_at=None) | Q(warn_at__gt=at)),
    }[state]


def state_of(at: datetime) -> Case:
    """The state as a value of a query, for counting."""
    return Case(
        *(When(state_is(state, at), then=Value(state)) for state in ("pause", "late", "risk")),
        default=Value("ok"),
    )
