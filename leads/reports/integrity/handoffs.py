"""Questions about handoffs: taken and given back, moved in bulk, restarted, to oneself."""

from datetime import datetime, timedelta

from django.db.models import (
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.functions import Cast, Coalesce

from leads.core.handoff import Move
from leads.models import Handoff, HandoffMove, Touch
from leads.reports.integrity.scope import Scope
from portal.accounts.models import User
from sla.core.criteria import FieldIs, named
from sla.models import Version

A_MINUTE, BULK_WITHIN, AN_HOUR = timedelta(minutes=1), timedelta(seconds=10), timedelta(hours=1)
BULK = 10  # others, by the same person within ten seconds
PRESSED = (Move.ACCEPT, Move.RETURN, Move.COMPLETE, Move.CLOSE, Move.WITHDRAW)
OPENED = (Move.OFFER, Move.FIXED, Move.COUNTS)


def _moves(scope: Scope, *kinds: Move) -> QuerySet[HandoffMove]:
    return HandoffMove.objects.filter(move__in=kinds, undone_at=None, **scope.within("at"))


def returns(scope: Scope) -> QuerySet[HandoffMove]:
    return _moves(scope, Move.RETURN)


def returned_at_once(scope: Scope) -> QuerySet[HandoffMove]:
    """Returned within a minute of being accepted, in the same round."""
    accepted = HandoffMove.objects.filter(
        handoff=OuterRef("handoff"),
        round=OuterRef("round"),
        move=Move.ACCEPT,
        undone_at=None,
        at__gte=OuterRef("at") - A_MINUTE,
        at__lte=OuterRef("at"),
    )
    return returns(scope).filter(Exists(accepted))


def pressed(scope: Scope) -> QuerySet[HandoffMove]:
    return _moves(scope, *PRESSED).filter(by__isnull=False)


def in_bulk(scope: Scope) -> QuerySet[HandoffMove]:
    """One of more than ten alike that one person made within ten seconds of it."""
    alike = (
        HandoffMove.objects.filter(
            move=OuterRef("move"),
            by=OuterRef("by"),
            undone_at=None,
            at__gte=OuterRef("at") - BULK_WITHIN,
            at__lte=OuterRef("at") + BULK_WITHIN,
        )
        .order_by()
        .annotate(all=Value(1))
        .values("all")
        .annotate(n=Count("pk"))
        .values("n")
    )
    counted = Coalesce(Subquery(alike, output_field=IntegerField()), 0)
    return pressed(scope).annotate(alike=counted).filter(alike__gt=BULK)


def rounds(scope: Scope) -> QuerySet[HandoffMove]:
    """Offers that began another round."""
    return _moves(scope, *OPENED).filter(round__gte=2)


def restarted(scope: Scope) -> QuerySet[HandoffMove]:
    """A third round or a later one, while the receiver had never tried to reach the lead."""
    tried = Touch.objects.filter(
        lead=OuterRef("handoff__lead"),
        is_attempt=True,
        undone_at=None,
        department=OuterRef("handoff__receiver_team__department"),
        occurred_at__gte=OuterRef("handoff__first_offered_at"),
        occurred_at__lte=OuterRef("at"),
    )
    return rounds(scope).filter(round__gte=3).exclude(Exists(tried))


def offered(scope: Scope) -> QuerySet[Handoff]:
    return Handoff.objects.filter(**scope.within("first_offered_at"))


def to_oneself(scope: Scope) -> QuerySet[Handoff]:
    return offered(scope).filter(giver=F("receiver"))


def set_just_before(scope: Scope) -> QuerySet[Handoff]:
    """A value that the criteria asked for was written by somebody of the giving department
    less than an hour before the offer. Facts that people vouch for are not meant: to vouch
    and then to offer is the usual way."""
    told = offered(scope).annotate(words=Cast("evidence", TextField()))
    rows = list(
        told.filter(words__contains='"set_at": "').values_list(
            "pk", "evidence", "offered_at", "version_id", "giver_team__department_id"
        )
    )
    versions = _versions({row[3] for row in rows}, scope.version)
    people = set(User.objects.exclude(department=None).values_list("name", "department_id"))
    found = [
        pk
        for pk, evidence, at, version, department in rows
        for one in evidence
        if (str(one.get("set_by", "")), department) in people
        and _is_fresh(one.get("set_at"), at)
        and _is_field(versions[version], str(one.get("criterion", "")))
    ]
    return offered(scope).filter(pk__in=set(found))


def _versions(wanted: set[int], known: Version | None) -> dict[int, Version]:
    have = {known.pk: known} if known is not None else {}
    missing = wanted - have.keys()
    return have | (Version.objects.in_bulk(missing) if missing else {})


def _is_fresh(written: str | None, at: datetime) -> bool:
    return bool(written) and timedelta(0) <= at - datetime.fromisoformat(str(written)) < AN_HOUR


def _is_field(version: Version, key: str) -> bool:
    trees = [tree for _stage, tree in version.parsed.criteria()]
    return any(isinstance(named(tree, key), FieldIs) for tree in trees)
