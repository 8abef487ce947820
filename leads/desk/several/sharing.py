"""Whom the rules would give each of several rows, one after the other, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from leads.actions.owning.pools import Pool
from leads.actions.owning.routing import calendar_of_version
from leads.core.handoff import State
from leads.core.routing import Choice
from leads.desk.several.preview import Line, team_of
from leads.models import Handoff
from portal.accounts.models import User


def shared_out(lines: Sequence[Line], at: datetime) -> list[Line]:
    """The lines with whom the rules choose; who has a row now is left out of its choice.

    Each choice counts for the next, so that ten rows do not all go to one person. Nothing
    is written, and no turn is spent: a reassignment costs none.
    """
    pools: dict[int, Pool] = {}
    choices = [_choice(line, pools, at) if not line.refused else None for line in lines]
    people = User.objects.in_bulk({one.member_id for one in choices if one and one.member_id})
    return [
        replace(line, why=choice.lines, to=people.get(choice.member_id or 0))
        if choice is not None
        else line
        for line, choice in zip(lines, choices, strict=True)
    ]


def _choice(line: Line, pools: dict[int, Pool], at: datetime) -> Choice:
    handoff = line.clock.handoff
    if handoff is None:
        raise ValueError("only a handoff is shared out")
    pool, holder = _pool(handoff, pools, at), _holder(handoff)
    choice = pool.choose(handoff.lead, without=holder)
    _note(pool, choice, holder)
    return choice


def _pool(handoff: Handoff, pools: dict[int, Pool], at: datetime) -> Pool:
    team = team_of(handoff)
    if team.pk not in pools:
        pools[team.pk] = Pool(team, at, calendar_of_version(team, handoff.version))
    return pools[team.pk]


def _note(pool: Pool, choice: Choice, holder: int | None) -> None:
    """The pool as it would stand after this row changed hands."""
    pool.offered(choice.member_id)
    pool.relieved(holder)
    if choice.spent is not None and choice.member_id is not None:
        pool.latest += 1
        pool.spend(choice.member_id, choice.spent, pool.latest)


def _holder(handoff: Handoff) -> int | None:
    returned = handoff.state == State.RETURNED
    return handoff.giver_id if returned else handoff.receiver_id


def as_shown(posted: Mapping[str, str], lines: Sequence[Line]) -> dict[int, int]:
    """Whom the page said that the rules choose, by the number of the row's clock."""
    said = {line.clock.pk: posted.get(f"to-{line.clock.pk}", "") for line in lines}
    return {pk: int(value) for pk, value in said.items() if value.isdecimal()}
