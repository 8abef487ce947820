"""The rules of a team, tried before they are saved: on one lead, and on last month's."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext as _

from leads.actions.owning import pools, routing
from leads.actions.saving import save
from leads.core.routing import Choice
from leads.core.sharing import rules as core
from leads.core.sharing.dryrun import Came, Shared, share
from leads.core.words import reasons
from leads.errors import NotYours, RulesRefused
from leads.models import Assignment, Handoff, Lead
from portal import ledger
from portal.accounts import permissions
from portal.accounts.models import Absence, Team, User
from sla.core.workingtime import WorkingCalendar, is_open

Got = tuple[int, int | None, datetime]
"""A lead, who got it, and when."""
MONTH = timedelta(days=30)
MOST = 2_000
"""As many of the month's leads are shared out again: the newest."""


@ledger.recorded
def save_rules(
    *,
    team_id: int,
    written: Mapping[str, Any],
    weights: Mapping[int, int],
    tried: str,
    seen: str,
    by: User,
    at: datetime,
) -> Team:
    """Let a team share out its leads by these rules and shares of turns from now on.

    `tried` is the digest of what was tried, `seen` that of the rules as the page showed
    them. Turns that were spent stay. Raises NotYours; RulesRefused for rules that make no
    sense, that were not tried as they are, or that somebody else changed meanwhile.
    """
    team = Team.objects.select_for_update(no_key=True, of=("self",)).get(pk=team_id)
    if not permissions.may_steer(by, team):
        raise NotYours(
            _("The team’s manager, its steward, the head or operations may do this.")
        )
    members = {one.pk: one for one in User.objects.active().filter(team=team)}
    if seen != digest(team.routing, weights_of(team)):
        raise RulesRefused(
            _("Somebody else changed these rules meanwhile. Yours are still on the page.")
        )
    if tried != digest(written, weights):
        raise RulesRefused(_("Try the rules as they are now before you save them."))
    _refuse(core.faults(written, list(members)))
    before = team.routing
    team.routing = dict(written)
    save(team, "routing", at=at, by=by)
    shares = _set_weights(members, weights)
    ledger.append(
        "routing_changed", at=at, by=by, subject=("team", team.pk), team=team.key,
        department=team.department_id,
        clear={"method": written.get("method", ""), "pools": len(written.get("pools") or []),
               "weights": sorted(shares)},
        committed={"before": before, "after": dict(written), "shares": shares},
    )  # fmt: skip
    return team


def digest(written: Mapping[str, Any], weights: Mapping[int, int]) -> str:
    """What names rules with their shares, for who compares them."""
    text = json.dumps([written, sorted(weights.items())], sort_keys=True)
    return sha256(text.encode()).hexdigest()


def weights_of(team: Team) -> dict[int, int]:
    """The share of turns of each active member."""
    rows = User.objects.active().filter(team=team).order_by("pk")
    return dict(rows.values_list("pk", "weight"))


def try_on_one(
    team: Team, written: Mapping[str, Any], weights: Mapping[int, int], lead: Lead, at: datetime
) -> Choice:
    """Who would get `lead` now under these rules, and why; nothing is written."""
    trial = Team(
        pk=team.pk, key=team.key, name=team.name, department_id=team.department_id,
        calendar=team.calendar, routing=dict(written),
    )  # fmt: skip
    pool = pools.Pool(trial, at, routing.calendar_of(team, lead, at))
    pool.choose(lead)
    pool.weigh(weights)
    choice = pool.choose(lead)
    if pool.rules.match.takes(pools.asked_of(lead)):
        return choice
    return Choice(None, (reasons.NOT_TAKEN, *choice.lines))


def try_on_a_month(
    team: Team, written: Mapping[str, Any], weights: Mapping[int, int], at: datetime
) -> Shared:
    """How last month's leads of the team would have been shared out under these rules.

    Who was away, or outside their hours, is passed over; how much each had open then is not
    asked. Nothing is written.
    """
    members = pools.candidates(team, None, at)
    weighed = [pools.weighed(one, weights) for one in members]
    return share(core.read(written), weighed, _came(team, at))


def _refuse(faults: Sequence[str]) -> None:
    if faults:
        raise RulesRefused(" ".join(faults))


def _set_weights(members: Mapping[int, User], weights: Mapping[int, int]) -> dict[str, int]:
    changed = {}
    for pk, weight in weights.items():
        member = members.get(pk)
        if member is None or not 0 <= weight <= 100:
            raise RulesRefused(_("A share of turns is a number from 0 to 100."))
        if member.weight != weight:
            member.weight = weight
            member.save(update_fields=["weight"])
            changed[str(pk)] = weight
    return changed


def _came(team: Team, at: datetime) -> list[Came]:
    """The team's leads of the month in the order in which they came, with who got them."""
    got = _received(team, at) if team.department_id == "sales" else _seated(team, at)
    rows = Lead.objects.filter(pk__in=[pk for pk, _who, _at in got]).select_related("company")
    leads = rows.in_bulk()
    then = _Then(team, at)
    return [_come(leads[pk], who, when, then) for pk, who, when in got]


def _come(lead: Lead, who: int | None, when: datetime, then: "_Then") -> Came:
    return Came(
        lead_id=lead.pk,
        asked=pools.asked_of(lead),
        owner=lead.company.owner_id if lead.company else None,
        away=then.away(when),
        off=then.off(when),
        got=who,
    )


def _received(team: Team, at: datetime) -> Sequence[Got]:
    rows = Handoff.objects.filter(
        receiver_team=team, first_offered_at__gt=at - MONTH, first_offered_at__lte=at
    )
    newest = rows.order_by("-first_offered_at", "-pk")[:MOST]
    return list(newest.values_list("lead_id", "receiver_id", "first_offered_at"))[::-1]


def _seated(team: Team, at: datetime) -> Sequence[Got]:
    """First seats only: a seat that was given on by hand was not shared out."""
    rows = Assignment.objects.filter(
        team=team,
        by=None,
        since__gt=at - MONTH,
        since__lte=at,
        lead__received_at__gt=at - MONTH,
    )
    newest = rows.order_by("-since", "-pk")[:MOST]
    return list(newest.values_list("lead_id", "member_id", "since"))[::-1]


class _Then:
    """Who was away, and who outside their hours, at instants of the month."""

    def __init__(self, team: Team, at: datetime) -> None:
        self.members = list(User.objects.active().filter(team=team))
        self.absences = list(
            Absence.objects.filter(
                user__in=self.members, ends_at__gt=at - MONTH, starts_at__lte=at
            ).values_list("user_id", "starts_at", "ends_at")
        )
        self.hours = {one.pk: _hours(one) for one in self.members if one.hours}

    def away(self, at: datetime) -> frozenset[int]:
        return frozenset(who for who, starts, ends in self.absences if starts <= at < ends)

    def off(self, at: datetime) -> frozenset[int]:
        return frozenset(
            who
            for who, hours in self.hours.items()
            if hours is not None and not is_open(hours, at)
        )


def _hours(member: User) -> WorkingCalendar | None:
    return pools.own_hours(member.name, member.zone, member.hours or {})
