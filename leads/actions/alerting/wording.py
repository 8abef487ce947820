"""What an alert says: what is owed, for whom, until when, and by how much it is late."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cached_property, lru_cache
from types import MappingProxyType

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from leads.actions.alerting.promised import Promised
from leads.actions.links import lead_link
from leads.core.rungs import Rung
from leads.models import Lead
from portal.accounts.models import User
from portal.accounts.models.team import all_teams
from portal.look import words
from portal.notifications.schedule import zone_of
from sla.core.terms import Terms
from sla.core.workingtime import between
from sla.models import Version

SOME = 1024  # texts kept for the next who read the same


class Wording:
    """The texts about some clocks in the reader's language; what they name is read at once
    for all of them, except who is among `people` already."""

    # clock, step, language; title, whose it is
    _said: tuple[int, str, str, str, str] = (0, "", "", "", "")

    def __init__(
        self, clocks: Sequence[Promised], people: Mapping[int, User] = MappingProxyType({})
    ) -> None:
        versions = Version.objects.defer("terms", "backtest")  # parsed once per process
        self.versions = versions.in_bulk({clock.version_id for clock in clocks})
        self.teams = all_teams()
        leads = Lead.objects.filter(pk__in={clock.lead_id for clock in clocks})
        self.leads = dict(leads.values_list("pk", "name"))
        self.owners = _names({clock.owner_id for clock in clocks if clock.owner_id}, people)

    def of(
        self, clock: Promised, step: Rung, zone: str, *, found_late: bool = False
    ) -> tuple[str, str]:
        """Title and text for a reader in `zone`; a mail is also read next year, so that
        instants are whole."""
        spoken = get_language() or ""
        *of, title, whose = self._said
        if of != [clock.pk, step.key, spoken]:  # the same for readers in all zones
            title = self._title(clock, step, spoken)
            whose = self._whose(clock.owner_id, clock.team_id, spoken)
            self._said = (clock.pk, step.key, spoken, title, whose)
        minute = clock.due_at.replace(second=0, microsecond=0)
        lines = [self._due(step.level == "before", minute, zone, spoken), whose]
        if found_late:
            lines.append(_("Reached %(when)s, found late.") % {"when": _when(step.at, zone)})
        return title, "\n".join(lines)

    def link(self, clock: Promised) -> str:
        before, after = self._link
        return f"{before}{clock.lead_id}{after}"

    @cached_property
    def _link(self) -> tuple[str, str]:
        """What stands before and after the lead's number; to ask the URLs costs more than
        all the rest of a text."""
        before, _number, after = lead_link(0).rpartition("0")
        return before, after

    def _title(self, clock: Promised, step: Rung, spoken: str) -> str:
        terms = self.versions[clock.version_id].parsed
        names = {
            "promise": terms.obligation(clock.obligation).name,
            "lead": self.leads[clock.lead_id],
        }
        if step.level != "at":
            names["time"] = words.duration(self._apart(terms, clock, step))
        return self._titles(step.level, spoken) % names

    @cached_property
    def _titles(self) -> Callable[[str, str], str]:
        """What is said of a level, in the language that is spoken now."""

        def title(level: str, spoken: str) -> str:
            return {
                "before": _("%(time)s left: %(promise)s, %(lead)s"),
                "at": _("Due now: %(promise)s, %(lead)s"),
                "after": _("%(time)s late: %(promise)s, %(lead)s"),
            }[level]

        return lru_cache(maxsize=SOME)(title)

    def _apart(self, terms: Terms, clock: Promised, step: Rung) -> int:
        """Working time between the step and the due instant, in microseconds."""
        first, second = sorted((step.at, clock.due_at))
        apart = between(terms.calendar(clock.calendar), first, second)
        return (apart.days * 86_400 + apart.seconds) * 1_000_000 + apart.microseconds

    @cached_property
    def _whose(self) -> Callable[[int | None, int, str], str]:
        """Whose a clock of this owner and team is, in words; found once for all of theirs."""

        def whose(owner_id: int | None, team_id: int, spoken: str) -> str:
            team = self.teams[team_id]
            if owner_id is None:
                return _("Nobody in %(team)s has it yet.") % {"team": team}
            return _("With %(owner)s, %(team)s.") % {
                "owner": self.owners[owner_id],
                "team": team,
            }

        return lru_cache(maxsize=SOME)(whose)

    @cached_property
    def _due(self) -> Callable[[bool, datetime, str, str], str]:
        """What is due together is due in the same minute, and worded once."""

        def due(is_to_come: bool, at: datetime, zone: str, spoken: str) -> str:
            text = _("Due %(when)s.") if is_to_come else _("Was due %(when)s.")
            return text % {"when": _when(at, zone)}

        return lru_cache(maxsize=SOME)(due)


def _names(owners: set[int], people: Mapping[int, User]) -> dict[int, str]:
    known = {pk: people[pk].name for pk in owners if pk in people}
    rest = User.objects.filter(pk__in=owners - known.keys()) if owners - known.keys() else None
    return known if rest is None else known | dict(rest.values_list("pk", "name"))


def _when(value: datetime, zone: str) -> str:
    return words.instant(value.astimezone(zone_of(zone)), None)
