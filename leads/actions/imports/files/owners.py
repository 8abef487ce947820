"""Who owns a lead in the other system, found here by address or name."""

from functools import cached_property

from leads.actions.owning import routing
from portal.accounts.models import Team, User

Owned = tuple[Team, int | None, list[str]]


class Owners:
    """The people of both departments by address and by name, read when first asked for."""

    def find(self, owner: str) -> User | None:
        """The active member whom `owner`, an address or name in lower case, means."""
        return self._known.get(owner) if owner else None

    def is_strange(self, owner: str) -> bool:
        """Whether somebody is named whom nobody here knows."""
        return bool(owner) and self.find(owner) is None

    def seat(self, department: str, owner: str) -> Owned | None:
        """The seat of the department's own person, if it is theirs."""
        person = self.find(owner)
        if person is None or person.team is None or person.department_id != department:
            return None
        return person.team, person.pk, ["owned it in the other system"]

    def steward(self, team: Team, owner: str) -> tuple[int | None, list[str]]:
        """The team's steward, for a lead whose owner is not known here."""
        steward = routing.steward_of(team)
        return steward.pk if steward else None, [f"{owner} is not known here: the steward"]

    @cached_property
    def _known(self) -> dict[str, User]:
        people = User.objects.active().exclude(department=None).select_related("team")
        known: dict[str, User] = {}
        twice: set[str] = set()
        for person in people:
            name = person.name.casefold()
            twice |= {name} & known.keys()
            known |= {name: person, person.email.casefold(): person}
        return {word: person for word, person in known.items() if word not in twice}
