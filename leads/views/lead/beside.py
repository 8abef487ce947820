"""What stands beside the journey of a lead: seats, clocks, handoff, facts, forms."""

from datetime import datetime
from typing import Any

from django.db.models import (
    Count,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce

from leads.actions.handing import refusals
from leads.actions.intake.known import alike
from leads.actions.journeys.attestations import facts_asked
from leads.core.handoff import Move, State, Who, possible, row_of
from leads.core.words import reasons
from leads.desk.owed import measured
from leads.desk.rows import gaps, promise
from leads.desk.story.disputing import dispute
from leads.desk.story.reading import Story
from leads.desk.story.retelling import retold
from leads.desk.story.telling import fact_name
from leads.forms.lead import LOGGED, TouchForm
from leads.models import Clock, Contribution, Handoff, Lead
from portal.accounts import permissions
from portal.accounts.models import User
from portal.look.parts import Seat
from portal.reader.language import say
from sla.core.terms import Terms

OFFERED = (
    Move.ACCEPT, Move.RETURN, Move.COMPLETE, Move.FIXED, Move.DECIDE, Move.WITHDRAW,
    Move.REASSIGN,
)  # fmt: skip
"""Moves that the page of a lead offers, to who may make them."""


def counted(leads: "QuerySet[Lead]") -> "QuerySet[Lead]":
    """Leads with `colleagues`, other leads of the company, `alike`, suspected doubles, and
    both current seats, in one query."""
    others = Lead.objects.filter(merged_into=None, company=OuterRef("company")).exclude(
        pk=OuterRef("pk")
    )
    company = Coalesce(OuterRef("company"), 0)
    doubles = Lead.objects.open().filter(
        alike(OuterRef("name"), company, OuterRef("phone_key"))
    )
    known: Any = leads.annotate(
        colleagues=_number(others, "company"),
        alike=_number(doubles.exclude(pk=OuterRef("pk")), "closed_at"),
        marketing_seat=_current("marketing"),
        sales_seat=_current("sales"),
    )
    found: QuerySet[Lead] = (
        known.select_related("company__owner", "agreement", "merged_into")
        .select_related("marketing_seat__member", "marketing_seat__team")
        .select_related("sales_seat__member", "sales_seat__team")
    )
    return found


def _current(department: str) -> FilteredRelation:
    held = Q(assignments__until=None, assignments__department=department)
    return FilteredRelation("assignments", condition=held)


def _number(rows: "QuerySet[Lead]", alike_in: str) -> Coalesce:
    """How many rows there are, which all have the same `alike_in`."""
    counted = rows.order_by().values(alike_in).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def seat(story: Story, department: str, terms: Terms | None) -> Seat:
    """Who has a department's seat, since when, why, and whether they act now."""
    found = story.seat(department)
    if found is None:
        return Seat("–", department)
    why = _why(list(found.why), str(found.member or ""))
    acts = acting(story, terms) == department
    return Seat(str(found.member or found.team), department, found.since, why, acts)


def _why(lines: list[str], name: str) -> str:
    """What routing said of who has the seat, else its rule."""
    lines = [reasons.retold(line, say) for line in lines]
    start = f"{name}: "
    own = next((line.removeprefix(start) for line in lines if line.startswith(start)), "")
    said = own or (lines[0] if lines else "")
    return said[:1].upper() + said[1:]


def acting(story: Story, terms: Terms | None) -> str:
    """Who acts now: the side that an open handoff waits for, else the stage's."""
    for handoff in story.handoffs:
        if handoff.is_open:
            waits = handoff.giver_team if handoff.state == "returned" else handoff.receiver_team
            return waits.department_id
    stages = {stage.key: stage for stage in terms.journey} if terms else {}
    return stages[story.lead.stage].acts if story.lead.stage in stages else ""


def clocks(story: Story, at: datetime) -> list[tuple[Clock, str, str]]:
    """Each clock with what it asks for and its state."""
    return [(clock, promise(clock), measured([clock], at).state) for clock in story.clocks]


def handed(story: Story, user: User, at: datetime) -> dict[str, Any]:
    """The open handoff, which of its moves this person may make, and what it lacks."""
    handoff = next((h for h in story.handoffs if h.is_open), None)
    if handoff is None:
        return {"handoff": None, "may": {}, "lacking": None, "dispute": None}
    owed = next(
        (c for c in story.clocks if c.kind == "complete_package" and c.stopped_at is None), None
    )
    names = owed.handoff.gaps if owed and owed.handoff else []
    may_complete = owed is not None and permissions.may_act_for(
        user, handoff.giver_id, handoff.giver_team, at
    )
    return {
        "handoff": handoff,
        "may": _may(handoff, user, at),
        "dispute": dispute(handoff, story.moves, story.clocks),
        "lacking": (owed, ", ".join(gaps(names, story.lead))) if owed else None,
        "may_complete": may_complete,
    }


def _may(handoff: Handoff, user: User, at: datetime) -> dict[str, bool]:
    """The moves that this person may make now. Who may make one may make each that the table
    gives to the same people, so that it is asked once."""
    if _is_stranger(handoff, user, at):
        return {}
    state = State(handoff.state)
    answers: dict[tuple[str, ...], bool] = {}
    found = {}
    for move in OFFERED:
        if move in possible(state):
            who = tuple(row_of(state, move).who)
            if who in _other_sides(handoff, user):
                answers[who] = False
            if who not in answers:
                answers[who] = refusals.may(handoff, move, user, at)
            found[move.value] = answers[who]
    return found


def _is_stranger(handoff: Handoff, user: User, at: datetime) -> bool:
    """Whether somebody of either department neither acts for it here, nor steers: most
    readers, for whom the table need not be asked move by move."""
    sides = (
        (handoff.giver_team, handoff.giver_id),
        (handoff.receiver_team, handoff.receiver_id),
    )
    if handoff.waived_by_id == user.pk or any(
        permissions.may_steer(user, t) for t, _o in sides
    ):
        return False
    ours = [(team, owner) for team, owner in sides if team.department_id == user.department_id]
    return not any(permissions.may_act_for(user, owner, team, at) for team, owner in ours)


def _other_sides(handoff: Handoff, user: User) -> list[tuple[str, ...]]:
    """The sides of a handoff that are not this person's department: nobody there stands in
    for anybody of it, so that absences need not be asked."""
    sides = {Who.GIVER: handoff.giver_team, Who.RECEIVER: handoff.receiver_team}
    return [(who,) for who, team in sides.items() if team.department_id != user.department_id]


def evidence(story: Story, terms: Terms | None, names: dict[str, str]) -> dict[str, Any] | None:
    """The evidence of the newest offer, else of the newest stage entry that has some."""
    for handoff in sorted(story.handoffs, key=lambda h: h.offered_at, reverse=True):
        if handoff.evidence:
            rows = retold(handoff.evidence, terms)
            return {"of": "offer", "rows": rows, "at": handoff.offered_at, "handoff": handoff}
    for entry in reversed(story.entries):
        if entry.evidence:
            rows, stage = retold(entry.evidence, terms), names.get(entry.stage, entry.stage)
            return {"of": "entry", "rows": rows, "at": entry.entered_at, "stage": stage}
    return None


def asks_use(story: Story, user: User) -> list[Contribution]:
    """Delivered material of which Sales has not said yet whether it was used, once the lead
    is won or lost."""
    settled = story.lead.closed_at is not None or any(
        handoff.outcome in {"won", "lost"} for handoff in story.handoffs
    )
    if not settled or user.department_id != "sales":
        return []
    return [
        one
        for one in story.contributions
        if one.delivered_at is not None and one.used is None and one.cancelled_at is None
    ]


def facts(story: Story, terms: Terms | None, user: User) -> dict[str, Any]:
    """What somebody vouches for now, and what the terms ask for and nobody has."""
    standing = [fact for fact in story.attestations if fact.withdrawn_at is None]
    said = {fact.fact for fact in standing}
    asked = facts_asked(terms) if terms else []
    missing = [(key, fact_name(key).capitalize()) for key in asked if key not in said]
    return {
        "attested": [(fact, fact_name(fact.fact).capitalize()) for fact in standing],
        "missing": missing if _may_act(story.lead, user) else [],
    }


def forms(story: Story, terms: Terms | None, user: User) -> dict[str, Any]:
    """What this person may do on this lead; nothing for who only reads."""
    if not _may_act(story.lead, user):
        return {"log_form": None}
    gives = user.department_id in {
        h.giver.department for h in (terms.handoffs if terms else ())
    }
    return {
        "log_form": TouchForm(),
        "log_kinds": LOGGED,
        "may_offer": gives and not any(h.is_open for h in story.handoffs),
        "may_move": terms is not None,
        "may_ask": user.department_id == "sales" and terms is not None,
    }


def _may_act(lead: Lead, user: User) -> bool:
    return lead.closed_at is None and user.department_id is not None
