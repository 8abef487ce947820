"""Returns in groups: "14 of 22 from one webinar: wrong country". Read only."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from leads.core.handoff import Move
from leads.models import Handoff, HandoffMove
from portal.reader.language import say
from sla.core.criteria import named, sentence
from sla.core.terms import Stage
from sla.models import Version

By = Literal["both", "reason", "origin", "criterion"]
OFFERS = (Move.OFFER, Move.FIXED, Move.COUNTS)


@dataclass(frozen=True, slots=True)
class Group:
    """Handoffs that came back for one reason from one campaign or source.

    `returned` of `offered` in the period; `waiting` are still to be answered. An empty
    part means: of any, where the groups are by the other.
    """

    reasons: tuple[str, ...] = ()
    reason_name: str = ""
    criterion: str = ""
    campaign: str = ""
    source: str = ""
    returned: int = 0
    offered: int = 0
    waiting: int = 0

    @property
    def origin(self) -> str:
        """Where they come from, in words."""
        return self.campaign or self.source or _("No campaign, no source")


def groups(department: str, since: datetime, until: datetime, by: By = "both") -> list[Group]:
    """What came back to `department` from `since` to `until`, most to be answered first.

    A handoff that came back twice for one reason counts once in its group.
    """
    merged: dict[tuple[str, ...], Group] = {}
    offered = _offered(department, since, until, by)
    for one in _named(_returned(department, since, until)):
        key = _key(one, by)
        before = merged.get(
            key, replace(_blank(one, by), offered=offered.get(_from(one, by), 0))
        )
        merged[key] = replace(
            before,
            returned=before.returned + one.returned,
            waiting=before.waiting + one.waiting,
            reasons=tuple(sorted({*before.reasons, *one.reasons})),
        )
    return sorted(
        merged.values(), key=lambda g: (-g.waiting, -g.returned, g.reason_name, g.origin)
    )


def waiting(
    department: str,
    *,
    reasons: Sequence[str] = (),
    campaign: str = "",
    source: str = "",
    unknown: bool = False,
) -> "QuerySet[Handoff, Handoff]":
    """The returns to `department` that wait for an answer, of one group, oldest first. What
    is disputed was answered: it waits for the managers.

    `source` is asked only of leads without a campaign, as groups name them; `unknown`: of
    those that have neither.
    """
    found = Handoff.objects.filter(
        state="returned", disputed_at=None, giver_team__department=department
    )
    if reasons:
        found = found.filter(return_reason__in=reasons)
    if campaign:
        found = found.filter(lead__campaign=campaign)
    elif source or unknown:
        found = found.filter(lead__campaign="", lead__source=source)
    return found.order_by("returned_at", "pk")


def _returned(department: str, since: datetime, until: datetime) -> Iterator[Mapping[str, Any]]:
    still = Q(
        handoff__state="returned", handoff__disputed_at=None, handoff__return_reason=F("reason")
    )
    rows = _moves(department, since, until).filter(move=Move.RETURN)
    yield from (
        rows.values(
            "reason", "handoff__lead__campaign", "handoff__lead__source", "handoff__version"
        )
        .annotate(
            returned=Count("handoff", distinct=True),
            waiting=Count("handoff", filter=still, distinct=True),
        )
        .order_by()
    )


def _offered(
    department: str, since: datetime, until: datetime, by: By
) -> dict[tuple[str, str], int]:
    """How many handoffs were offered or came back in the period, by origin."""
    rows = _moves(department, since, until).filter(move__in=(*OFFERS, Move.RETURN))
    if by in ("reason", "criterion"):
        return {("", ""): rows.aggregate(n=Count("handoff", distinct=True))["n"]}
    counted = rows.values_list("handoff__lead__campaign", "handoff__lead__source").annotate(
        n=Count("handoff", distinct=True)
    )
    found: dict[tuple[str, str], int] = {}
    for campaign, source, n in counted.order_by():
        origin = (campaign, "" if campaign else source)
        found[origin] = found.get(origin, 0) + n
    return found


def _moves(
    department: str, since: datetime, until: datetime
) -> "QuerySet[HandoffMove, HandoffMove]":
    return HandoffMove.objects.filter(
        undone_at=None, at__gte=since, at__lte=until, handoff__giver_team__department=department
    )


def _named(rows: Iterable[Mapping[str, Any]]) -> Iterator[Group]:
    """The rows as groups, with the reason and its criterion in the words of their version."""
    found = list(rows)
    versions = Version.objects.in_bulk({row["handoff__version"] for row in found})
    for row in found:
        terms = versions[row["handoff__version"]].parsed
        listed = next((one for one in terms.return_reasons if one.key == row["reason"]), None)
        campaign = row["handoff__lead__campaign"]
        yield Group(
            reasons=(row["reason"],),
            reason_name=listed.name if listed else row["reason"],
            criterion=sentence_of(terms.journey, listed.disputes if listed else None),
            campaign=campaign,
            source="" if campaign else row["handoff__lead__source"],
            returned=row["returned"],
            waiting=row["waiting"],
        )


def sentence_of(journey: Sequence[Stage], key: str | None) -> str:
    """The sentence of the criterion called `key`, of whichever stage; "" if there is none."""
    trees = [stage.criteria for stage in journey if stage.criteria is not None]
    found = (named(tree, key) for tree in trees if key)
    return next((sentence(node, say) for node in found if node is not None), "")


def _key(one: Group, by: By) -> tuple[str, ...]:
    return {
        "both": (*one.reasons, one.campaign, one.source),
        "reason": one.reasons,
        "origin": (one.campaign, one.source),
        "criterion": (one.criterion,),
    }[by]


def _from(one: Group, by: By) -> tuple[str, str]:
    return (one.campaign, one.source) if by in ("both", "origin") else ("", "")


def _blank(one: Group, by: By) -> Group:
    """The group without what it is not grouped by, and with nothing counted yet."""
    plain = replace(one, returned=0, waiting=0)  # `reasons` of an origin are all of them
    if by == "reason":
        return replace(plain, campaign="", source="")
    if by == "origin":
        return replace(plain, reasons=(), reason_name="", criterion="")
    if by == "criterion":
        return replace(plain, reason_name="", campaign="", source="")
    return plain
