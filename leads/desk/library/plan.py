"""Content that Marketing promised by stage and period, beside what is there and planned."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from leads.core.words.stages import StageWords
from leads.desk.words import Ruling
from leads.models import Content
from leads.reports.period import Period
from sla.core.terms import Terms
from sla.core.terms.parts import Commitment


@dataclass(frozen=True)
class Promised:
    """A commitment in content with its own period: published in it, planned until its end.

    `late`: planned for a day that has passed, and not published.
    """

    commitment: Commitment
    period: Period
    published: Sequence[Content]
    planned: Sequence[Content]
    late: Sequence[Content]

    @property
    def promised(self) -> int:
        return self.commitment.count or 0

    @property
    def missing(self) -> int:
        """How many are neither published nor planned."""
        return max(self.promised - len(self.published) - len(self.planned), 0)

    @property
    def share(self) -> float:
        return min(len(self.published) / self.promised, 1.0) if self.promised else 1.0


@dataclass(frozen=True)
class Shelf:
    """One stage: what Marketing contributes in it, what was promised, what is ready."""

    key: str
    name: str
    contributes: str
    promises: Sequence[Promised]
    ready: int


def plan(ruling: Ruling, legacy: bool, zone: ZoneInfo, at: datetime) -> list[Shelf]:
    """Every stage of every journey in force, in order. One query."""
    kept = list(Content.objects.kept().select_related("owner").order_by("planned_for", "pk"))
    shelves: dict[str, Shelf] = {}
    for terms in ruling.by_agreement.values():
        for stage in terms.journey:
            if stage.key not in shelves:
                name, said = ruling.words.spoken(stage.key, legacy), stage.marketing
                shelf = _shelf(terms, ruling.words, stage.key, kept, zone, at)
                shelves[stage.key] = Shelf(stage.key, name, said, *shelf)
    return list(shelves.values())


def _shelf(
    terms: Terms, words: StageWords, key: str, kept: Sequence[Content], zone: ZoneInfo,
    at: datetime,
) -> tuple[list[Promised], int]:  # fmt: skip
    meant = words.keys_of(key)
    mine = [one for one in kept if one.stage in meant]
    today = at.astimezone(zone).date()
    promises = [
        _promised(commitment, mine, zone, at)
        for commitment in terms.commitments
        if commitment.measure == "content" and commitment.stage == key
    ]
    return promises, sum(one.state(today) == "ready" for one in mine)


def _promised(
    commitment: Commitment, mine: Sequence[Content], zone: ZoneInfo, at: datetime
) -> Promised:
    today = at.astimezone(zone).date()
    period = Period.around(today, commitment.period, zone)
    waiting = [one for one in mine if one.published_on is None and one.planned_for is not None]
    return Promised(
        commitment,
        period,
        [one for one in mine if one.published_on and _inside(one.published_on, period)],
        [one for one in waiting if one.planned_for and one.planned_for < period.after],
        [one for one in waiting if one.planned_for and one.planned_for < today],
    )


def _inside(day: object, period: Period) -> bool:
    return period.first <= day < period.after  # type: ignore[operator]  # both are dates
