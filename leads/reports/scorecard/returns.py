"""Why leads came back: by reason, by the criterion in doubt, by where they came from."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from django.db.models import BooleanField, Case, QuerySet, Value, When

from leads.core.handoff import Move
from leads.models import HandoffMove
from leads.reports.period import Filters
from sla.models import Version

ANSWERS = {Move.FIXED: "fixed", Move.DISPUTE: "disputed", Move.RECYCLE: "nurture"}
By = Literal["reason", "criterion", "campaign", "source"]


@dataclass
class Returned:
    """The returns of one reason, criterion, campaign or source (`by`), called `key`.

    `origins` and `answers` say how often each. A lead without a campaign is told by its
    source.
    """

    by: By
    key: str
    number: int = 0
    origins: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)

    @property
    def most_from(self) -> tuple[str, int] | None:
        """Of several alike the first by name."""
        return min(self.origins.items(), key=lambda one: (-one[1], one[0]), default=None)


@dataclass(frozen=True, slots=True)
class Came:
    """One return as it is counted."""

    reason: str
    campaign: str
    source: str
    answer: str


def standing() -> QuerySet[HandoffMove]:
    """Returns that nobody took back."""
    return HandoffMove.objects.filter(move=Move.RETURN, undone_at=None)


def moves(filters: Filters, reason: str = "") -> QuerySet[HandoffMove]:
    """The returns of the period that still stand, of one reason if one is given."""
    found = standing().filter(at__gte=filters.period.start, at__lt=filters.period.end)
    if reason:
        found = found.filter(reason=reason)
    if filters.team:
        found = found.filter(handoff__receiver_team__key=filters.team)
    if filters.source:
        found = found.filter(handoff__lead__source=filters.source)
    if filters.segment:
        found = found.filter(handoff__segment=filters.segment)
    return found.filter(handoff__version__number=filters.version) if filters.version else found


def of_group(
    by: By, key: str, filters: Filters, version: Version | None
) -> QuerySet[HandoffMove]:
    """The returns that one group counts."""
    found = moves(filters)
    if by == "reason":
        return found.filter(reason=key)
    if by == "criterion":
        disputing = [r for r, disputed in _disputed(version).items() if disputed == key]
        return found.filter(reason__in=disputing)
    if by == "campaign":
        return found.filter(handoff__lead__campaign=key).exclude(handoff__lead__campaign="")
    return found.filter(handoff__lead__campaign="", handoff__lead__source=key)


def returns(filters: Filters, version: Version | None = None) -> dict[By, list[Returned]]:
    """The groups by each way, most frequent first; one query at any size."""
    return grouped(Counter(one for one, _more in came(moves(filters))), version)


def grouped(came: Mapping[Came, int], version: Version | None) -> dict[By, list[Returned]]:
    """These returns, of each so many, by each way, most frequent first."""
    disputed, some = _disputed(version), came.items()
    campaigns = [(one.campaign, one, n) for one, n in some if one.campaign]
    sources = [(one.source, one, n) for one, n in some if not one.campaign]
    criteria = [(disputed[one.reason], one, n) for one, n in some if disputed.get(one.reason)]
    return {
        "reason": _groups("reason", [(one.reason, one, n) for one, n in some]),
        "criterion": _groups("criterion", criteria),
        "campaign": _groups("campaign", campaigns),
        "source": _groups("source", sources),
    }


def _groups(by: By, keyed: Iterable[tuple[str, Came, int]]) -> list[Returned]:
    found: dict[str, Returned] = {}
    for key, one, n in keyed:
        group = found.setdefault(key, Returned(by, key))
        group.number += n
        group.origins[one.campaign or one.source] += n
        group.answers[one.answer] += n
    return sorted(found.values(), key=lambda group: (-group.number, group.key))


def _disputed(version: Version | None) -> Mapping[str, str]:
    """The criterion that each reason disputes, "" where it disputes none."""
    reasons = version.parsed.return_reasons if version else ()
    return {reason.key: reason.disputes or "" for reason in reasons}


def came(mine: QuerySet[HandoffMove], *more: str) -> Iterator[tuple[Came, Sequence[Any]]]:
    """Each return with how its round was answered, last: a dispute may be mended after all;
    and `more` fields of it.

    A fix opens the next round, and is recorded there.
    """
    counts = Case(
        When(pk__in=mine.values("pk"), then=Value(True)),
        default=Value(False),
        output_field=BooleanField(),
    )
    told = HandoffMove.objects.filter(
        move__in=[Move.RETURN, *ANSWERS],
        undone_at=None,
        handoff__in=mine.values("handoff"),
    )
    rows = list(
        told.annotate(counts=counts)
        .order_by("at", "pk")
        .values_list(
            "counts", "move", "reason", "handoff_id", "round", "handoff__lead__campaign",
            "handoff__lead__source", *more,
        )
    )  # fmt: skip
    answers = {
        (handoff, round_ - (move == Move.FIXED)): ANSWERS[Move(move)]
        for _, move, _, handoff, round_, *_ in rows
        if move in ANSWERS
    }
    for counted, _move, reason, handoff, round_, campaign, source, *rest in rows:
        if counted:
            answer = answers.get((handoff, round_), "waiting")
            yield Came(reason, campaign or "", source or "", answer), rest
