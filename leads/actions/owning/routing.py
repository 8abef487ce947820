"""Seats: who of each department owns a lead, chosen by the team's rules, and why."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from leads.actions.owning import pools
from leads.actions.owning.current import read_seats
from leads.core.routing import Choice, choose
from leads.core.words import reasons
from leads.errors import NoTeam
from leads.models import Assignment, Lead, Turn
from portal import ledger
from portal.accounts.models import Team, User
from portal.bulk.prepared import Prepared
from portal.bulk.single import write
from portal.ledger import known
from portal.notifications import outbox
from portal.reader.language import Phrase
from sla.core.workingtime import WorkingCalendar
from sla.models import Version

SEATS = "seats of a lead"
_LOCKED = ("locked teams",)


def pick(team: Team, lead: Lead, at: datetime) -> Choice:
    """Choose who of `team` gets `lead` and spend the turn: an inner step.

    Never silently nobody: where the rules find no one, the choice is the team's steward,
    else its manager, else the department's head, who is told. `member_id` is None only for
    a team that has none of them.
    """
    lock_teams([team])
    version = version_for(lead, at)
    pool = known.once(
        (pools.KNOWN, team.pk, at, version.pk if version else None),
        lambda: pools.Pool(team, at, calendar_of_version(team, version)),
    )
    choice = pool.choose(lead)
    if choice.to_steward:
        return _to_steward(team, lead, choice, at)
    _spend(team, lead, choice, at, pool)
    return choice


def spend_turn_of(team: Team, lead: Lead, member: User, at: datetime) -> Turn:
    """Spend a turn of `member`, who gets `lead` without being chosen: an inner step."""
    lock_teams([team])
    pool = pools.Pool(team, at, None)
    pool.choose(lead)
    spent = pool.cost_of(member.pk)
    turn = Turn.objects.create(
        team=team, lead=lead, member=member, spent_at=at, start=spent.start,
        finish=spent.finish, pool=pool.pool,
    )  # fmt: skip
    known.forget_kind(pools.KNOWN)
    return turn


def lock_teams(teams: Sequence[Team]) -> None:
    """Hold the rotation of these teams until the transaction ends: two at once would take
    one turn."""
    wanted = {team.pk for team in teams}
    free = wanted - known.once(_LOCKED, set[int])
    if free:
        rows = Team.objects.select_for_update(no_key=True).filter(pk__in=free)
        list(rows.values_list("pk"))
        known.note(_LOCKED, wanted | known.once(_LOCKED, set[int]))


def preview(team: Team, lead: Lead | None, at: datetime) -> Choice:
    """Who would get `lead` now, and why; nothing is written."""
    calendar = calendar_of(team, lead, at)
    if lead is not None:
        return pools.Pool(team, at, calendar).choose(lead)
    pool = pools.candidates(team, None, at, calendar)
    return choose(pools.method_of(team), pool, pools.place_of(team))


def give_turn_back(lead: Lead, team: Team, member: User | None, at: datetime) -> bool:
    """Owe `member` the last turn that `lead` cost them, as after a return: an inner step.

    False if there is none to give back.
    """
    turns = Turn.objects.filter(lead=lead, team=team, member=member, given_back_at=None)
    turn = turns.order_by("-pk").first()
    if turn is None:
        return False
    turn.given_back_at = at
    turn.save(update_fields=["given_back_at"])
    known.forget_kind(pools.KNOWN)
    return True


def take_turn_again(lead: Lead, team: Team, member: User | None) -> bool:
    """Undo `give_turn_back`, unless the turn was made good since: an inner step."""
    turns = Turn.objects.filter(lead=lead, team=team, member=member, made_good_at=None)
    turn = turns.exclude(given_back_at=None).order_by("-given_back_at", "-pk").first()
    if turn is None:
        return False
    turn.given_back_at = None
    turn.save(update_fields=["given_back_at"])
    known.forget_kind(pools.KNOWN)
    return True


def seat(
    lead: Lead,
    department: str,
    *,
    team: Team,
    member: User | int | None,
    at: datetime,
    by: User | None = None,
    why: Sequence[str] = (),
) -> Assignment:
    """Give a department's seat on `lead` to `member`, or to the team's pool: an inner step.

    The seat before ends at the same instant, so that there is always exactly one.
    """
    member_id = member.pk if isinstance(member, User) else member
    seats = seats_of(lead)
    if department in seats:
        Assignment.objects.filter(pk=seats[department].pk).update(until=at)
    new = Assignment(
        lead=lead, department_id=department, team=team, member_id=member_id, since=at,
        why=list(why), by=by,
    )  # fmt: skip
    assignment = seats[department] = write(new)
    ledger.append("seat_assigned", **seated(assignment), at=at, by=by)
    return assignment


def seated(assignment: Assignment) -> dict[str, Any]:
    """What the ledger says of a seat."""
    return {
        "subject": ("lead", assignment.lead_id),
        "department": assignment.department_id,
        "team": assignment.team.key,
        "clear": {"member": assignment.member_id},
        "committed": {"why": assignment.why} if assignment.why else None,
    }


def seat_of(lead: Lead, department: str) -> Assignment:
    """The department's current seat; every open lead has one."""
    seats = seats_of(lead)
    if department not in seats:
        raise Assignment.DoesNotExist(f"lead {lead.pk} has no {department} seat")
    return seats[department]


def seats_of(lead: Lead) -> dict[str, Assignment]:
    """The current seats by department; read once in an action, which keeps it up to date."""
    return known.once((SEATS, lead.pk), lambda: read_seats([lead.pk])[lead.pk])


def first_seats(lead: Lead, at: datetime) -> list[Assignment]:
    """Seat a new lead in both departments: an inner step.

    Marketing's seat goes to a person by routing; Sales' stays with the pool (and steward)
    of the team that will receive it, until the first handoff.
    """
    marketing = marketing_team(lead)
    choice = pick(marketing, lead, at)
    sales, reason = sales_team(lead, at)
    return [
        seat(lead, "marketing", team=marketing, member=choice.member_id, at=at,
             why=choice.lines),
        seat(lead, "sales", team=sales, member=None, at=at, why=[reason]),
    ]  # fmt: skip


def marketing_team(lead: Lead) -> Team:
    """The first marketing team whose sources, segments and countries take the lead.

    A team that names none takes any, after those that name some. Raises NoTeam if
    Marketing has no team at all.
    """
    return fitting(teams_of("marketing"), lead)


def fitting(teams: Sequence[Team], lead: Lead) -> Team:
    """The team of these whose rules take the lead, the most particular one first."""
    if len(teams) == 1:
        return teams[0]
    taking = [team for team in teams if _takes(team, lead)]
    return max(taking or teams[:1], key=_particular)


def sales_team(lead: Lead, at: datetime) -> tuple[Team, str]:
    """The team that receives Marketing's first handoff, and the reason in a line."""
    teams = teams_of("sales")
    version = version_for(lead, at)
    if version is not None:
        for kind in version.parsed.handoffs:
            if kind.giver.department == "marketing" and kind.receiver.department == "sales":
                return team_of_side("sales", kind.receiver.team), reasons.WILL_RECEIVE % {
                    "name": kind.name
                }
    return teams[0], reasons.FIRST_TEAM


def team_of_side(department: str, key: str | None) -> Team:
    """The team that the terms name, or the department's first one where they name none."""
    teams = teams_of(department)
    return next((team for team in teams if team.key == key), teams[0])


def teams_of(department: str) -> list[Team]:
    """A department's teams at work, in the order of their making.

    Raises NoTeam if it has none yet.
    """
    every = known.once(("teams",), _TEAMS)
    teams = [team for team in every if team.department_id == department]
    if not teams:
        raise NoTeam(_("A department has no team yet, so nobody there can own a lead."))
    return teams


def know(teams: Iterable[Team]) -> None:
    """All teams there are, with their departments, were read already: nobody asks again."""
    at_work = [team for team in teams if team.archived_at is None]
    known.note(("teams",), sorted(at_work, key=lambda team: team.pk))


_TEAMS = Prepared(
    lambda: Team.objects.filter(archived_at=None).select_related("department").order_by("pk")
)


def version_for(lead: Lead, at: datetime) -> Version | None:
    """The version in force for the lead's agreement."""
    agreement_id = lead.agreement_id
    if agreement_id is None:
        return None
    key = ("version in force", agreement_id, at)
    return known.once(key, lambda: Version.objects.in_force(agreement_id, at))


def calendar_of(team: Team, lead: Lead | None, at: datetime) -> WorkingCalendar | None:
    """The team's calendar as the version in force defines it, if it does."""
    return calendar_of_version(team, version_for(lead, at) if lead is not None else None)


def calendar_of_version(team: Team, version: Version | None) -> WorkingCalendar | None:
    if version is None or team.calendar not in version.parsed.calendars:
        return None
    return version.parsed.calendar(team.calendar)


def _takes(team: Team, lead: Lead) -> bool:
    return pools.rules_of(team).match.takes(pools.asked_of(lead))


def _particular(team: Team) -> int:
    return pools.rules_of(team).match.particular


def steward_of(team: Team) -> User | None:
    """Who gets what nobody of the team can take."""
    return team.steward or team.manager or team.department.head


def _to_steward(team: Team, lead: Lead, choice: Choice, at: datetime) -> Choice:
    steward = steward_of(team)
    if steward is None:
        return Choice(None, (*choice.lines, reasons.NO_STEWARD), to_steward=True)
    outbox.tell(
        about=f"lead:{lead.pk}:steward:{team.pk}",
        to=[steward],
        channels=["in_app", "mail"],
        title=Phrase("%(lead)s: nobody in %(team)s can take it") % {"lead": lead, "team": team},
        text="\n".join(map(reasons.quiet, choice.lines)),
        link=f"/leads/{lead.pk}/",
        at=at,
        level="warning",
    )
    lines = (*choice.lines, f"{steward}: {reasons.STEWARD}")
    return Choice(steward.pk, lines, to_steward=True)


def _spend(team: Team, lead: Lead, choice: Choice, at: datetime, pool: pools.Pool) -> None:
    spent = choice.spent
    if spent is None or choice.member_id is None:
        return
    if spent.owed:
        pools.make_good(team, choice.member_id, at, pool.pool)
    turn = Turn.objects.create(
        team=team, lead=lead, member_id=choice.member_id, spent_at=at,
        start=spent.start, finish=spent.finish, owed=spent.owed, pool=pool.pool,
    )  # fmt: skip
    pool.spend(choice.member_id, spent, turn.pk)
