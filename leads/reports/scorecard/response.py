"""From the offer to the first attempt, over all rounds: what nothing resets.

Of the handoffs that were first offered in the period and owe a first attempt. An attempt is
the receiving department's, made and not claimed; who was never attempted is counted apart
and would hide in any percentile.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from numpy.typing import NDArray

from leads.core.statistics import BANDS, percentile
from leads.models import Clock, Handoff, Touch
from leads.reports.durations import Span, taken
from leads.reports.period import Filters
from sla.models import Version

NAMES = ("under5", "under15", "under60", "over60")
PARTS = ("source", "owner", "attempt")


@dataclass(frozen=True, slots=True)
class Response:
    """One attempted handoff; `took` in working seconds. `parts`: source to portal, portal to
    owner, owner to attempt, where a touch of the lead's own led to the offer."""

    handoff: int
    took: float
    parts: tuple[float, float, float] | None


@dataclass(frozen=True, eq=False)
class Responses:
    """All of a period: those attempted, and how many were never, or withdrawn before.

    Of the attempted ones the `handoffs`, how long each `took`, and the `parts` of its way, one
    handoff a row, not a number where nobody knows them.
    """

    handoffs: NDArray[np.int64]
    took: NDArray[np.float64]
    parts: NDArray[np.float64]
    never: int
    withdrawn: int

    @classmethod
    def of(cls, made: Sequence[Response], never: int, withdrawn: int) -> "Responses":
        unknown = (np.nan,) * len(PARTS)
        return cls(
            np.array([one.handoff for one in made], np.int64),
            np.array([one.took for one in made], np.float64),
            np.array([one.parts or unknown for one in made], np.float64).reshape(-1, 3),
            never,
            withdrawn,
        )

    @property
    def made(self) -> list[Response]:
        """The attempted ones, one by one."""
        rows = zip(
            self.handoffs.tolist(), self.took.tolist(), self.parts.tolist(),
            self._known.tolist(), strict=True,
        )  # fmt: skip
        return [
            Response(handoff, took, (parts[0], parts[1], parts[2]) if known else None)
            for handoff, took, parts, known in rows
        ]

    @property
    def n(self) -> int:
        return len(self.handoffs)

    @property
    def times(self) -> NDArray[np.float64]:
        return self.took

    @property
    def p50(self) -> float | None:
        return percentile(self.took, 0.5)

    @property
    def p90(self) -> float | None:
        return percentile(self.took, 0.9)

    @property
    def numbers(self) -> dict[str, int]:
        """How many are in each band."""
        found = np.bincount(self._band, minlength=len(NAMES))
        return dict(zip(NAMES, found.tolist(), strict=True))

    @property
    def bands(self) -> dict[str, list[int]]:
        """The handoffs of each band: up to 5, 15, 60 working minutes, and longer."""
        return {
            name: self.handoffs[self._band == place].tolist()
            for place, name in enumerate(NAMES)
        }

    @property
    def _band(self) -> NDArray[np.intp]:
        return np.searchsorted(BANDS, self.took)

    @property
    def split(self) -> list[int]:
        """The handoffs whose way from the source on is known."""
        found: list[int] = self.handoffs[self._known].tolist()
        return found

    @property
    def _known(self) -> NDArray[np.bool_]:
        return ~np.isnan(self.parts[:, 0])

    @property
    def lag(self) -> tuple[timedelta, timedelta, timedelta] | None:
        """The median of each part of the way; None where no way is known."""
        known = self.parts[self._known]
        if not len(known):
            return None
        first, second, third = (timedelta(seconds=float(one)) for one in np.median(known, 0))
        return first, second, third


def owing() -> QuerySet[Handoff]:
    """Handoffs that owe a first attempt."""
    owed = Clock.objects.filter(handoff=OuterRef("pk"), kind="first_attempt")
    return Handoff.objects.filter(Exists(owed))


def handoffs(filters: Filters) -> QuerySet[Handoff]:
    """Handoffs that were first offered in the period and owe a first attempt."""
    found = owing().filter(
        first_offered_at__gte=filters.period.start,
        first_offered_at__lt=filters.period.end,
    )
    if filters.team:
        found = found.filter(receiver_team__key=filters.team)
    if filters.source:
        found = found.filter(lead__source=filters.source)
    if filters.segment:
        found = found.filter(segment=filters.segment)
    return found.filter(version__number=filters.version) if filters.version else found


def attempts() -> QuerySet[Touch]:
    """The attempts of the receiving department since the first offer, of the outer handoff."""
    return Touch.objects.filter(
        lead=OuterRef("lead"),
        is_attempt=True,
        undone_at=None,
        imported=False,
        department=OuterRef("receiver_team__department"),
        occurred_at__gte=OuterRef("first_offered_at"),
    ).order_by("occurred_at")


def never(filters: Filters) -> QuerySet[Handoff]:
    """Not attempted by now, over all rounds; an offer that was taken back owes nothing."""
    return handoffs(filters).exclude(state="withdrawn").exclude(Exists(attempts()))


def withdrawn(filters: Filters) -> QuerySet[Handoff]:
    return handoffs(filters).filter(state="withdrawn").exclude(Exists(attempts()))


def responses(filters: Filters, version: Version | None = None) -> Responses:
    """All of it in one query, beside that for versions other than `version`."""
    rows = list(told(handoffs(filters)))
    return Responses.of(
        timed([row for row in rows if row["attempted"] is not None], version),
        never=sum(row["attempted"] is None and row["state"] != "withdrawn" for row in rows),
        withdrawn=sum(row["attempted"] is None and row["state"] == "withdrawn" for row in rows),
    )


def timed(made: Sequence[Mapping[str, Any]], version: Version | None = None) -> list[Response]:
    """How long each of these attempted handoffs took, in their order."""
    took = taken([_span(row, row["first_offered_at"]) for row in made], version)
    return [
        Response(row["pk"], seconds, parts)
        for row, seconds, parts in zip(made, took, _parts(made, version), strict=True)
    ]


def told(found: QuerySet[Handoff], *more: str) -> Iterable[Mapping[str, Any]]:
    """Each handoff with its first attempt, the clock that times it, what led to it, and
    `more` fields."""
    clock = Clock.objects.filter(handoff=OuterRef("pk"), kind="first_attempt").order_by("round")
    raised = Touch.objects.filter(
        lead=OuterRef("lead"), direction="inbound", undone_at=None, imported=False,
        recorded_at__lte=OuterRef("first_offered_at"),
    ).order_by("-recorded_at", "-pk")  # fmt: skip
    rows: Iterable[Mapping[str, Any]] = (
        found.annotate(
            attempted=Subquery(attempts().values("occurred_at")[:1]),
            calendar=Subquery(clock.values("calendar")[:1]),
            heard=Subquery(raised.values("recorded_at")[:1]),
            happened=Subquery(raised.values("occurred_at")[:1]),
            claimed=Subquery(raised.values("claimed_at")[:1]),
            pinned=F("version_id"),
        )
        .order_by("pk")
        .values(
            "pk", "state", "first_offered_at", "attempted", "calendar", "pinned", "heard",
            "happened", "claimed", *more,
        )
    )  # fmt: skip
    return rows


def _span(row: Mapping[str, Any], start: datetime, stop: datetime | None = None) -> Span:
    return Span(row["pinned"], row["calendar"], start, stop or row["attempted"])


def _parts(
    rows: Sequence[Mapping[str, Any]], version: Version | None
) -> list[tuple[float, float, float] | None]:
    """The way of each row in three lengths of working time."""
    spans: list[Span] = []
    for row in rows:
        if row["heard"] is not None:
            source = min(row["claimed"] or row["happened"], row["heard"])
            spans += [
                _span(row, source, row["heard"]),
                _span(row, row["heard"], row["first_offered_at"]),
                _span(row, row["first_offered_at"]),
            ]
    lengths = iter(taken(spans, version))
    return [
        (next(lengths), next(lengths), next(lengths)) if row["heard"] is not None else None
        for row in rows
    ]
