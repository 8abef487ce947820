"""What an alert says: what is owed, for whom, until when, and by how much it is late."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from leads.actions.links import lead_link
from leads.core.rungs import Rung
from leads.models import Clock, Lead
from portal.accounts.models import Team, User
from portal.look import words
from portal.notifications.schedule import zone_of
from sla.core.terms import Terms
from sla.core.workingtime import between
from sla.models import Version


class Wording:
    """The texts about some clocks; what they name is read at once for all of them."""

    def __init__(self, clocks: Sequence[Clock]) -> None:
        self.versions = Version.objects.in_bulk({clock.version_id for clock in clocks})
        self.teams = Team.objects.in_bulk({clock.team_id for clock in clocks})
        leads = Lead.objects.filter(pk__in={clock.lead_id for clock in clocks})
        self.leads = dict(leads.values_list("pk", "name"))
        owners = {clock.owner_id for clock in clocks if clock.owner_id}
        self.owners = dict(User.objects.filter(pk__in=owners).values_list("pk", "name"))

    def of(
        self, clock: Clock, step: Rung, zone: str, *, found_late: bool = False
    ) -> tuple[str, str]:
        """Title and text for a reader in `zone`; a mail is also read next year, so that
        instants are whole."""
        terms = self.versions[clock.version_id].parsed
        names = {
            "promise": terms.obligation(clock.obligation).name,
            "lead": self.leads[clock.lead_id],
            "time": words.duration(self._apart(terms, clock, step)),
        }
        lines = [self._due(clock, step, zone), self._whose(clock)]
        if found_late:
            lines.append(_("Reached %(when)s, found late.") % {"when": _when(step.at, zone)})
        return self._title(step) % names, "\n".join(lines)

    def link(self, clock: Clock) -> str:
        return lead_link(clock.lead_id)

    def _apart(self, terms: Terms, clock: Clock, step: Rung) -> int:
        """Working time between the step and the due instant, in microseconds."""
        first, second = sorted((step.at, clock.due_at))
        apart = between(terms.calendar(clock.calendar), first, second)
        return (apart.days * 86_400 + apart.seconds) * 1_000_000 + apart.microseconds

    def _title(self, step: Rung) -> str:
        match step.level:
            case "before":
                return _("%(time)s left: %(promise)s, %(lead)s")
            case "after":
                return _("%(time)s late: %(promise)s, %(lead)s")
        return _("Due now: %(promise)s, %(lead)s")

    def _due(self, clock: Clock, step: Rung, zone: str) -> str:
        text = _("Due %(when)s.") if step.level == "before" else _("Was due %(when)s.")
        return text % {"when": _when(clock.due_at, zone)}

    def _whose(self, clock: Clock) -> str:
        team = self.teams[clock.team_id]
        if clock.owner_id is None:
            return _("Nobody in %(team)s has it yet.") % {"team": team}
        owner = self.owners[clock.owner_id]
        return _("With %(owner)s, %(team)s.") % {"owner": owner, "team": team}


def _when(value: datetime, zone: str) -> str:
    return words.instant(value.astimezone(zone_of(zone)), None)
