"""Grave: a clock nobody owns. Listed: people to be told who are not there."""

from collections.abc import Iterator

from sla.core.clauses.words import party
from sla.core.saying import Say
from sla.core.saying import gettext_noop as _
from sla.core.terms.document import Terms
from sla.core.terms.parts import Person, Role, Side
from sla.core.warnings.company import Caution, Directory

_UNTENDED = _(
    "{team} has no steward, so what comes while its owner is away, or before it has one, "
    "reaches nobody."
)


def unowned_clocks(terms: Terms, directory: Directory, say: Say) -> Iterator[Caution]:
    """One for each obligation and side whose clock would run without anybody to act."""
    for owed in terms.obligations:
        for side in dict.fromkeys(side for _kind, side in terms.owing_sides(owed)):
            if reason := _why_unowned(side, directory, say):
                yield Caution(
                    code=f"unowned_clock:{owed.key}:{side.team or side.department}",
                    grave=True,
                    fact=say(_("A clock nobody owns: {name}.")).format(name=owed.name),
                    why=reason,
                    path=f"obligations/{owed.key}",
                )


def unknown_people(terms: Terms, directory: Directory, say: Say) -> Iterator[Caution]:
    """One for each person whom a ladder or a volume names, and who is not there."""
    known = directory.people()
    for path, whom in _told(terms):
        for one in whom:
            if isinstance(one, Person) and one.person not in known:
                yield Caution(
                    code=f"unknown_person:{path}:{one.person}",
                    grave=False,
                    fact=say(_("{name} is to be told, and is not there.")).format(
                        name=one.person
                    ),
                    why=say(
                        _("No member, manager, steward or head has this mail address today.")
                    ),
                    path=path,
                )


def _told(terms: Terms) -> Iterator[tuple[str, tuple[Role | Person, ...]]]:
    """Whom each ladder and each volume tells, once."""
    for key, steps in terms.ladders.items():
        yield f"ladders/{key}", tuple({one: 0 for step in steps for one in step.telling.whom})
    for commitment in terms.commitments:
        if commitment.behind is not None:
            yield f"commitments/{commitment.key}", commitment.behind.telling.whom


def _why_unowned(side: Side, directory: Directory, say: Say) -> str:
    """Why nobody would act for a side; "" if somebody would."""
    teams, department = directory.teams_of(side), party(side.department)
    if side.team is None:
        if any(team.steward and team.members for team in teams):
            return ""
        said = say(_("No team of {department} has people and a steward."))
        return said.format(department=department)
    if not teams:
        said = say(_("{department} has no team {team}."))
        return said.format(department=department, team=side.team)
    if not teams[0].members:
        return say(_("Nobody is in {team}.")).format(team=teams[0].title)
    if not teams[0].steward:
        return say(_UNTENDED).format(team=teams[0].title)
    return ""
