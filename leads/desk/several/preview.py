"""What would become of each of the chosen rows: worked out, not tried.

The action decides again when it is done, in a transaction of its own for each row; what
somebody else did meanwhile refuses that row and no other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from leads.core.handoff import Move, State, possible
from leads.desk import rows
from leads.desk.mine.said import last_moves, said
from leads.desk.owed import measured, with_context
from leads.models import Clock, Handoff, HandoffMove
from portal.accounts import permissions
from portal.accounts.models import Absence, Team, User

MOST = 100
MOVES = {
    "accept": Move.ACCEPT,
    "return": Move.RETURN,
    "answer": Move.FIXED,
    "reassign": Move.REASSIGN,
}
"""What is asked of a handoff; an attempt is no move of it."""


@dataclass(frozen=True)
class Line:
    """One chosen row. `says` is what would happen; `refused` why nothing would, if so.

    `why` explains a choice of the rules, `to` is whom they choose.
    """

    clock: Clock
    what: str
    left: Any
    state: str
    says: str = ""
    refused: str = ""
    why: Sequence[str] = ()
    to: User | None = None


@dataclass(frozen=True)
class Standing:
    """Who looks, and for whom they may act now; read once for all rows."""

    user: User
    at: datetime
    deputises: frozenset[int] = frozenset()
    last: Mapping[int, HandoffMove] = field(default_factory=dict)
    kept: frozenset[int] = frozenset()

    def acts_for(self, owner_id: int | None, team: Team) -> bool:
        """As `permissions.may_act_for`, without a question to the database for each row."""
        user = self.user
        if not user.is_active or user.department_id is None:
            return False
        if owner_id is None:
            return permissions.in_team(user, team) or permissions.leads_team(user, team)
        mine = owner_id == user.pk or owner_id in self.deputises
        return mine or permissions.leads_team(user, team)


def chosen(user: User, pks: Sequence[int]) -> list[Clock]:
    """The chosen clocks that `user` sees, in the order of the desk; one that somebody else
    stopped meanwhile is among them, and says so."""
    found = Clock.objects.visible_to(user).filter(pk__in=list(pks)[:MOST])
    joined = with_context(found).select_related(
        "handoff__giver_team__department", "handoff__receiver_team__department",
        "handoff__version", "handoff__giver", "handoff__receiver",
        "lead__company", "contribution", "owner", "team__department", "version",
    )  # fmt: skip
    deferred = joined.defer("version__terms", "version__backtest", "handoff__version__terms",
                            "handoff__version__backtest")  # fmt: skip
    return list(deferred.order_by("due_at", "pk"))


def standing(user: User, clocks: Sequence[Clock], at: datetime) -> Standing:
    """Three questions for any number of rows."""
    away = Absence.objects.covering(at).filter(deputy=user).values_list("user_id", flat=True)
    handoffs = [clock.handoff_id for clock in clocks if clock.handoff_id]
    cadences = Clock.objects.filter(handoff__in=handoffs, kind="cadence").exclude(
        outcome=Clock.Outcome.CANCELLED
    )
    kept = frozenset(
        one.handoff_id
        for one in cadences.select_related("handoff").only(
            "attempts_made", "attempts_needed", "round", "handoff__round"
        )
        if one.handoff is not None
        and one.handoff_id is not None
        and one.attempts_made >= one.attempts_needed
        and one.round == one.handoff.round
    )
    return Standing(user, at, frozenset(away), last_moves(handoffs), kept)


def previewed(do: str, clock: Clock, stands: Standing, data: Mapping[str, Any]) -> Line:
    """What `do` with `data` would make of one row."""
    owed = measured([clock], stands.at)
    refused = why_not(do, clock, stands, data)
    says = "" if refused else _would(do, clock, stands, data)
    what = rows.promise(clock)
    return Line(clock, what, owed.left, owed.state, says=says, refused=refused)


def why_not(do: str, clock: Clock, stands: Standing, data: Mapping[str, Any]) -> str:
    """Why `do` would be refused for this row; "" if nothing is known against it."""
    if do == "attempt":
        return "" if stands.user.department_id else _("An attempt belongs to a department.")
    handoff = clock.handoff
    if handoff is None:
        return _("This is asked material, and no handoff.")
    if MOVES[do] not in possible(State(handoff.state)):
        return _moved(handoff, stands)
    if not _may(do, handoff, stands):
        return _("Only who has the seat may do this, or stands in.")
    checks = {"return": _return_lacks, "answer": _answer_lacks, "reassign": _goes_nowhere}
    return checks[do](handoff, stands, data) if do in checks else ""


def _moved(handoff: Handoff, stands: Standing) -> str:
    move = stands.last.get(handoff.pk)
    if move is None:
        return _("It is %(state)s.") % {"state": handoff.standing}
    return said(move, stands.user, stands.at)


def _may(do: str, handoff: Handoff, stands: Standing) -> bool:
    if do == "reassign":
        return permissions.may_steer(stands.user, team_of(handoff))
    if do == "answer":
        return stands.acts_for(handoff.giver_id, handoff.giver_team)
    return stands.acts_for(handoff.receiver_id, handoff.receiver_team)


def team_of(handoff: Handoff) -> Team:
    """The team that has the handoff now."""
    return handoff.giver_team if handoff.state == State.RETURNED else handoff.receiver_team


def _return_lacks(handoff: Handoff, stands: Standing, data: Mapping[str, Any]) -> str:
    wanted = data.get("reason")
    if not wanted:
        return ""
    reasons = {one.key: one for one in handoff.version.parsed.return_reasons}
    if wanted not in reasons:
        return _("The agreement of this lead does not list the reason.")
    needs = reasons[wanted].after_cadence and any(
        one.kind == "cadence" for one in handoff.version.parsed.obligations_on(handoff.kind)
    )
    if needs and handoff.pk not in stands.kept:
        return _("This reason needs the attempts that were agreed, and they are not made.")
    return ""


def _answer_lacks(handoff: Handoff, stands: Standing, data: Mapping[str, Any]) -> str:
    if data.get("answer") == Move.FIXED and (missing := rows.gaps(handoff.gaps, handoff.lead)):
        return _("Still missing: %(parts)s.") % {"parts": ", ".join(missing)}
    if data.get("answer") == Move.DISPUTE and handoff.disputed_at is not None:
        return _("This return was disputed already. The two managers decide.")
    return ""


def _goes_nowhere(handoff: Handoff, stands: Standing, data: Mapping[str, Any]) -> str:
    to = data.get("to")
    if not isinstance(to, User):
        return ""
    if not permissions.in_team(to, team_of(handoff)):
        return _("%(who)s is not in %(team)s.") % {"who": to, "team": team_of(handoff)}
    holder = handoff.giver_id if handoff.state == State.RETURNED else handoff.receiver_id
    return _("%(who)s has it already.") % {"who": to} if holder == to.pk else ""


def _would(do: str, clock: Clock, stands: Standing, data: Mapping[str, Any]) -> str:
    if do == "attempt":
        return _attempt_would(clock, stands)
    words = {
        "accept": _("Yours from now; your first attempt runs on."),
        "return": _("Goes back; their answer's clock starts."),
        "reassign": _("Changes hands; no clock restarts."),
    }
    answers: dict[str, str] = {
        Move.FIXED: _("Offered again, round %(n)s."),
        Move.DISPUTE: _("Both managers decide, by a clock."),
        Move.RECYCLE: _("Back to nurture until that day."),
    }
    if do == "answer":
        said_so = answers.get(data.get("answer") or "", _("Waits for your answer."))
        return said_so % {"n": (clock.handoff.round + 1) if clock.handoff else 1}
    return words[do]


def _attempt_would(clock: Clock, stands: Standing) -> str:
    handoff = clock.handoff
    if handoff is None or not stands.acts_for(handoff.receiver_id, handoff.receiver_team):
        return _("Logged on the lead; no promise of yours counts it.")
    if handoff.state == State.OFFERED:
        return _("Accepts it, and is its first attempt.")
    if clock.kind == "cadence":
        return _("Counts as attempt %(n)s of %(of)s.") % {
            "n": clock.attempts_made + 1, "of": clock.attempts_needed,
        }  # fmt: skip
    if clock.kind == "first_attempt":
        return _("Is its first attempt.")
    return _("Logged on the lead.")
