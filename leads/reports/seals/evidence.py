"""The rows that a period's figures were counted from, as plain numbers: what a stranger needs
to count them again. Nothing of a person is in them; instants are microseconds since 1970."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from leads.core.words.renamed import keys_of
from leads.models import Clock, Content, Contribution, Lead, StageEntry, Touch
from leads.models.company import was_owned
from leads.reports.period import Filters
from leads.reports.scorecard import beside, response
from leads.reports.scorecard.returns import moves
from leads.reports.volume import due_clocks
from sla.core import durations, workingtime
from sla.core.terms.parts import Commitment
from sla.models import Version

Table = dict[str, list[Any]]


@dataclass(frozen=True)
class _Asked:
    version: Version
    filters: Filters
    at: datetime

    def span(self, commitment: Commitment) -> tuple[datetime, datetime]:
        """The commitment's own period, as far as it has happened."""
        period = self.filters.period.of(commitment.period)
        return period.start, min(max(self.at, period.start), period.end)

    def measured(self, measure: str) -> list[Commitment]:
        return [one for one in self.version.parsed.commitments if one.measure == measure]


def evidence(version: Version, filters: Filters, at: datetime) -> dict[str, Any]:
    """The tables of `filters`' period as of `at`, and the terms that its clocks run under."""
    asked = _Asked(version, filters, at)
    tables = {
        "clocks": _clocks(asked),
        "handoffs": _handoffs(asked),
        "attempts": _attempts(asked),
        "entries": _entries(asked),
        "returns": _returns(asked),
        "contributions": _contributions(),
        "won": _won(),
        "closed": _closed(),
        "touches": _touches(asked),
        "content": _content(),
    }
    return {"tables": tables, "terms": version.terms, "calendars": _calendars(tables)}


def _table(found: QuerySet[Any], **columns: Any) -> Table:
    """Columns by the name that the file gives them, and the path or expression they have."""
    marked = {f"x_{name}": what for name, what in columns.items() if not isinstance(what, str)}
    paths = [what if isinstance(what, str) else f"x_{name}" for name, what in columns.items()]
    rows = found.order_by("pk").annotate(**marked).values_list(*paths)
    return {"columns": list(columns), "rows": [[_plain(v) for v in row] for row in rows]}


def _plain(value: Any) -> Any:
    return workingtime.microseconds(value) if isinstance(value, datetime) else value


def _clocks(asked: _Asked) -> Table:
    period = asked.filters.period
    wanted = Q(due_at__gte=period.start, due_at__lt=period.end)
    for one in asked.measured("obligation_kept"):
        wanted |= Q(pk__in=due_clocks(asked.version, one, *asked.span(one)).values("pk"))
    return _table(
        Clock.objects.filter(wanted),
        id="pk", lead="lead_id", handoff="handoff_id", obligation="obligation", kind="kind",
        round="round", department="department_id", version="version_id",
        agreement="version__agreement_id", calendar="calendar", started="started_at",
        due="due_at", stopped="stopped_at", paused_since="paused_at", paused="paused",
        outcome="outcome",
    )  # fmt: skip


def _handoffs(asked: _Asked) -> Table:
    clock = Clock.objects.filter(handoff=OuterRef("pk"), kind="first_attempt").order_by("round")
    return _table(
        response.handoffs(asked.filters),
        id="pk", lead="lead_id", offered="first_offered_at", state="state",
        version="version_id", department="receiver_team__department_id",
        calendar=Subquery(clock.values("calendar")[:1]),
    )  # fmt: skip


def _attempts(asked: _Asked) -> Table:
    leads = response.handoffs(asked.filters).values("lead")
    found = Touch.objects.filter(
        is_attempt=True, lead__in=leads, occurred_at__gte=asked.filters.period.start
    )
    return _table(
        found, id="pk", lead="lead_id", department="department_id", occurred="occurred_at",
        imported="imported", undone="undone_at",
    )  # fmt: skip


def _entries(asked: _Asked) -> Table:
    """Entries into the stages that are counted, as far back as a person counts only once."""
    period, marks = asked.filters.period, asked.version.parsed.benchmarks
    volumes = asked.measured("stage_entries")
    stages = {one.stage for one in volumes} | {
        stage for mark in marks for stage in (mark.from_stage, mark.to_stage)
    }
    keys = {key for stage in stages for key in keys_of(asked.version.parsed, stage or "")}
    since = min([period.start, *(asked.span(one)[0] - _window(one) for one in volumes)])
    waived = Q(waived_by__isnull=False, entered_at__gte=period.start, entered_at__lt=period.end)
    found = StageEntry.objects.filter(Q(stage__in=keys, entered_at__gte=since) | waived)
    table = _table(
        found,
        id="pk", lead="lead_id", stage="stage", entered="entered_at", undone="undone_at",
        imported="imported", waived=Q(waived_by__isnull=False),
        merged=Q(lead__merged_into__isnull=False), source="lead__source",
        segment="lead__segment", owned=was_owned("lead__company", "entered_at"),
        agreement="lead__agreement_id", person="lead__email_key",
    )  # fmt: skip
    return _numbered(table)


def _window(commitment: Commitment) -> timedelta:
    return durations.elapsed(commitment.once_per) if commitment.once_per else timedelta(0)


def _numbered(table: Table) -> Table:
    """People by the least number of their leads instead of by address."""
    lead, person = table["columns"].index("lead"), table["columns"].index("person")
    least: dict[str, int] = {}
    for row in table["rows"]:
        if row[person]:
            least[row[person]] = min(least.get(row[person], row[lead]), row[lead])
    for row in table["rows"]:
        row[person] = least.get(row[person], row[lead])
        row[:] = [bool(v) if k in _YES_OR_NO else v
                  for k, v in zip(table["columns"], row, strict=True)]  # fmt: skip
    return table


_YES_OR_NO = frozenset({"waived", "merged", "owned", "imported"})


def _returns(asked: _Asked) -> Table:
    return _table(
        moves(asked.filters), id="pk", handoff="handoff_id", at="at", reason="reason",
        campaign="handoff__lead__campaign", source="handoff__lead__source",
    )  # fmt: skip


def _contributions() -> Table:
    return _table(
        Contribution.objects.filter(lead__merged_into=None), id="pk", lead="lead_id",
        asked="asked_at", delivered="delivered_at", answered="answered_at",
        cancelled="cancelled_at", used="used",
    )  # fmt: skip


def _won() -> Table:
    return _table(beside.won(), id="pk", lead="lead_id", ended="ended_at")


def _closed() -> Table:
    found = Lead.objects.filter(closed_as=Lead.Closed.WON, merged_into=None)
    return _table(found, lead="pk", closed="closed_at")


def _touches(asked: _Asked) -> Table:
    """What was done with people who are customers by now; when they became it is told apart."""
    period = asked.filters.period
    sold = beside.won().filter(lead=OuterRef("lead"))
    found = Touch.objects.filter(
        Exists(sold) | Q(lead__closed_as=Lead.Closed.WON),
        lead__merged_into=None, occurred_at__gte=period.start, occurred_at__lt=period.end,
    )  # fmt: skip
    return _table(
        found, id="pk", lead="lead_id", department="department_id", occurred="occurred_at",
        direction="direction", imported="imported", undone="undone_at",
    )  # fmt: skip


def _content() -> Table:
    table = _table(Content.objects.kept(), id="pk", stage="stage", published="published_on")
    for row in table["rows"]:
        row[2] = None if row[2] is None else row[2].isoformat()
    return table


def _calendars(tables: dict[str, Table]) -> dict[str, Any]:
    """The calendars that the clocks and handoffs are pinned to, by version and key."""
    pinned = set(_pairs(tables["clocks"])) | set(_pairs(tables["handoffs"]))
    versions = Version.objects.in_bulk({version for version, _ in pinned})
    return {
        f"{version}/{key}": versions[version].terms["calendars"][key]
        for version, key in sorted(pinned)
        if key
    }


def _pairs(table: Table) -> Iterable[tuple[int, str]]:
    version, calendar = map(table["columns"].index, ("version", "calendar"))
    return ((row[version], row[calendar]) for row in table["rows"])
