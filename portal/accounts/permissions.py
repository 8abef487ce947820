"""Who may act: predicates over people, teams and the instant. They change nothing."""

from datetime import datetime

from portal.accounts.models import Absence, Role, Team, User


def is_deputy_of(user: User, owner_id: int | None, at: datetime) -> bool:
    """Whether `user` stands in for the owner at `at`: named by an absence that covers it."""
    if owner_id is None:
        return False
    return Absence.objects.covering(at).filter(user=owner_id, deputy=user.pk).exists()


def heads(user: User, team: Team) -> bool:
    """Whether `user` is the team's manager or the head of its department."""
    return user.is_active and user.pk in {team.manager_id, team.department.head_id}


def leads_team(user: User, team: Team) -> bool:
    """Whether `user` answers for the team: its manager, its steward, or the head."""
    return heads(user, team) or (user.is_active and user.pk == team.steward_id)


def in_team(user: User, team: Team) -> bool:
    return user.is_active and user.team_id == team.pk


def may_act_for(user: User, owner_id: int | None, team: Team, at: datetime) -> bool:
    """Whether `user` may act where `owner_id` has the seat of `team`.

    The owner, a deputy while the owner is away, the team's manager and steward, and the
    department's head. A seat without a person is the pool's: each of its members may act.
    """
    if not user.is_active or user.department_id is None:
        return False
    if owner_id is None and in_team(user, team):
        return True
    return user.pk == owner_id or leads_team(user, team) or is_deputy_of(user, owner_id, at)


def may_steer(user: User, team: Team) -> bool:
    """Whether `user` may hand a team's work to somebody else in it."""
    return leads_team(user, team) or (user.is_active and user.role == Role.OPERATIONS)


def may_waive(user: User, owner_id: int | None, team: Team, at: datetime) -> bool:
    """Whether `user` may waive criteria for the receiving `team`."""
    return may_act_for(user, owner_id, team, at)


def may_arrange(user: User, who: User) -> bool:
    """Whether `user` may plan absences, hours and capacity of `who`: they themselves, who
    answers for their team, and operations."""
    if not user.is_active or not who.is_active:
        return False
    if user.pk == who.pk:
        return True
    if user.role == Role.OPERATIONS:
        return who.department_id is not None
    if who.team is not None:
        return leads_team(user, who.team)
    return who.department is not None and user.pk == who.department.head_id
