"""The one writer of a handoff's state, and how its rows are locked."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from leads.actions.owning import pools
from leads.core.handoff import OPEN, Move, State, next_state, row_of
from leads.errors import PersonErased
from leads.models import Handoff, HandoffMove, Lead
from portal import ledger
from portal.accounts.models import User
from portal.bulk import made
from portal.bulk.prepared import Prepared
from portal.bulk.single import write
from portal.ledger import known

HANDOFFS = "handoffs of a lead"


class Brief(NamedTuple):
    """How one handoff of a lead stands."""

    pk: int
    kind: str
    state: str
    receiver_team_id: int
    first_offered_at: datetime
    ended_at: datetime | None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


def handoffs_of(lead: Lead) -> list[Brief]:
    """All handoffs of a lead, the latest first offer last; read once in an action, which
    has locked the lead."""
    return known.once((HANDOFFS, lead.pk), lambda: [Brief(*row[1:]) for row in _OF(lead.pk)])


def read_handoffs(lead_ids: Sequence[int]) -> dict[int, list[Brief]]:
    """How the handoffs of several leads stand, by lead."""
    found: dict[int, list[Brief]] = {lead_id: [] for lead_id in lead_ids}
    for lead_id, *brief in _briefs(lead__in=lead_ids):
        found[lead_id].append(Brief(*brief))
    return found


def _briefs(**of: Any) -> "QuerySet[Handoff, tuple[Any, ...]]":
    rows = Handoff.objects.filter(**of).order_by("first_offered_at", "pk")
    return rows.values_list("lead_id", *Brief._fields)


_OF = Prepared(lambda lead_id: _briefs(lead=lead_id), int)


def lock_lead(lead_id: int) -> Lead:
    """The lead, locked until the transaction ends. The first lock of every action on it:
    whoever has it may touch its handoffs, clocks and seats. Raises PersonErased."""
    lead = _LEAD.first(lead_id)
    if lead is None:
        raise Lead.DoesNotExist(f"there is no lead {lead_id}")
    if lead.is_erased:
        raise PersonErased(_("This person was erased. Nothing more is noted of them."))
    return lead


def lock_leads(lead_ids: Sequence[int]) -> dict[int, Lead]:
    """Several leads at once, each locked as by `lock_lead`, in the order of their ids."""
    leads = _locked().select_related("company", "agreement").filter(pk__in=lead_ids)
    return {lead.pk: lead for lead in leads.order_by("pk")}


def _locked() -> "QuerySet[Lead, Lead]":
    return Lead.objects.select_for_update(no_key=True, of=("self",))


def _lead(lead_id: int) -> "QuerySet[Lead, Lead]":
    return _locked().select_related("company", "agreement").filter(pk=lead_id)


def lock(handoff_id: int) -> Handoff:
    """The handoff, locked after its lead, both as they stand now. Raises DoesNotExist."""
    lead = _LEAD_OF.first(handoff_id)
    if lead is None:
        raise Handoff.DoesNotExist(f"there is no handoff {handoff_id}")
    (handoff,) = _HANDOFF(handoff_id)
    handoff.lead = lead
    return handoff


def _lead_of(handoff_id: int) -> "QuerySet[Lead, Lead]":
    return _locked().filter(handoffs=handoff_id)


def _handoff(handoff_id: int) -> "QuerySet[Handoff, Handoff]":
    rows = Handoff.objects.select_for_update(no_key=True, of=("self",)).filter(pk=handoff_id)
    rows = rows.select_related("version", "giver_team", "receiver_team")
    # A version in force is parsed once in a process: its text is not needed again.
    return rows.defer("version__terms", "version__backtest")


# Every action begins with these.
_LEAD = Prepared(_lead, int)
_LEAD_OF = Prepared(_lead_of, int)
_HANDOFF = Prepared(_handoff, int)


def move(
    handoff: Handoff,
    step: Move,
    *,
    by: User | None,
    at: datetime,
    reason: str = "",
    note: str = "",
    undo: Mapping[str, Any] | None = None,
    before: State | None = None,
    recorded_at: datetime | None = None,
) -> HandoffMove:
    """Make one step of a locked (or new) handoff and save it whole: the only writer of state.

    What else the caller has set on the row is saved with it. `undo` is what
    `memory.remember` saw before; `before` the state that an UNDO leads back to;
    `recorded_at` when it is written down, where a trusted source tells of `at` later.
    Raises IllegalMove if the table has no such row.
    """
    made = turn(handoff, step, by=by, at=at, before=before)
    made.reason, made.note, made.undo = reason, note, dict(undo or {})
    if handoff._state.adding:
        write(handoff)
    else:
        handoff.save()
    made.handoff = handoff
    write(made)
    say(made, recorded_at or at)
    _keep_known(handoff, step)
    return made


def _keep_known(handoff: Handoff, step: Move) -> None:
    """Let what the action has read before say what the move has made of it."""
    known.forget((HANDOFFS, handoff.lead_id))
    if step != Move.OFFER:
        known.forget_kind(pools.KNOWN)
    for pool in known.kept(pools.KNOWN):
        pool.offered(handoff.receiver_id)


def turn(
    handoff: Handoff, step: Move, *, by: User | None, at: datetime, before: State | None = None
) -> HandoffMove:
    """Let `handoff` be in its next state; it and the move returned are not saved yet.

    Raises IllegalMove if the table has no such row.
    """
    state = State(handoff.state) if handoff.state else None
    after = next_state(state, step, before=before)
    handoff.state = after
    handoff.ended_at = None if after in OPEN else handoff.ended_at or at
    return made(
        HandoffMove,
        handoff=handoff,
        move=step,
        from_state=state or "",
        to_state=after,
        round=handoff.round,
        at=at,
        by=by,
    )


def say(made: HandoffMove, recorded_at: datetime) -> None:
    """Say in the ledger what move was made: an inner step."""
    handoff, step = made.handoff, Move(made.move)
    giving = step in {Move.OFFER, Move.FIXED, Move.DISPUTE, Move.WITHDRAW}
    team = handoff.giver_team if giving else handoff.receiver_team
    state = State(made.from_state) if made.from_state else None
    ledger.append(
        row_of(state, step).ledger,
        at=recorded_at,
        by=made.by,
        subject=("handoff", handoff.pk),
        lead=handoff.lead_id,
        department=team.department_id,
        team=team.key,
        clear={
            "at": made.at,
            "kind": handoff.kind,
            "from": made.from_state,
            "to": made.to_state,
            "round": made.round,
            "version": handoff.version_id,
            "giver": handoff.giver_id,
            "receiver": handoff.receiver_id,
            "reason": made.reason,
        },
        committed={"note": made.note} if made.note else None,
    )
