"""Plays stories through the portal's own actions, with `at` in the past."""

from collections.abc import Iterable
from datetime import datetime

from leads.actions import contributions
from leads.actions.handing import endings, handoffs, packages, returns
from leads.actions.intake import Received, receive
from leads.actions.journeys import attestations, journey, touches
from leads.actions.owning import routing
from leads.actions.sweeping import sweep
from leads.demo.events import Event, Story
from leads.models import Handoff, Lead
from portal.accounts.models import User


class Player:
    """Plays the events of several stories in the order of their instants.

    The sweep passes at every instant at which something falls due, as it does in life.
    """

    def __init__(self, *, begin: datetime) -> None:
        self.leads: dict[int, int] = {}
        self.begin = begin

    def play(self, stories: Iterable[Story], *, until: datetime) -> None:
        """Play what happens before `until`, and sweep up to it."""
        for event in script(stories, until=until):
            self.sweep(event.at)
            self.act(event)
        self.sweep(until)

    def sweep(self, until: datetime) -> None:
        """Raise what falls due before `until`, each at its own instant."""
        for _found in sweep.sweep_through(self.begin, until):
            pass

    def act(self, event: Event) -> None:
        if event.verb in {"arrive", "again"}:
            self._receive(event)
            return
        lead = Lead.objects.get(pk=self.leads[event.lead])
        handoff = lead.handoffs.order_by("first_offered_at", "pk").last()
        by = actor(lead, handoff, event.side)
        if by is not None:
            getattr(self, f"_{event.verb}")(event, lead, handoff, by)

    def _receive(self, event: Event) -> None:
        received: Received = receive(arrival=event.said["arrival"], at=event.at)
        self.leads[event.lead] = received.lead.pk

    def _touch(self, event: Event, lead: Lead, handoff: Handoff, by: User) -> None:
        touches.log(lead_id=lead.pk, by=by, at=event.at, **event.said)

    def _attest(self, event: Event, lead: Lead, handoff: Handoff, by: User) -> None:
        attestations.attest(lead_id=lead.pk, by=by, at=event.at, **event.said)

    def _fill(self, event: Event, lead: Lead, handoff: Handoff, by: User) -> None:
        packages.complete_package(handoff_id=handoff.pk, by=by, at=event.at, **event.said)

    def _offer(self, event: Event, lead: Lead, handoff: Handoff, by: User) -> None:
        handoffs.offer(lead_id=lead.pk, by=by, at=event.at, **event.said)

    def _accept(self, event: Event, lead: Lead, handoff: Handoff, by: User) -> None:
        handoffs.accept(handoff_id=handoff.pk, by=by, at=event.at)

    def _give_back(self, event: Event, lead: Lead, handoff: Handoff, by: User) -> None:
        returns.give_back(handoff_id=handoff.pk, by=by, at=event.at, **event.said)

    def _fixed(self, event: Event, lead: Lead, handoff: Handoff, by: User) -> None:
        returns.answer_fixed(handoff_id=handoff.pk, by=by, at=event.at)

    def _dispute(self, event: Event, lead: Lead, handoff: Handoff, by: User) -> None:
        returns.answer_dispute(handoff_id=handoff.pk, by=by, at=event.at, **event.said)

    def _decide(self, event: Event, lead: Lead, handoff: Handoff, by: User) -> None:
        team = handoff.giver_team if event.side == "giver" else handoff.receiver_team
        if team.manager is not None:
            by = team.manager
        returns.decide(handoff_id=handoff.pk, by=by, at=event.at, **event.said)

    def _still_talking(self, event: Event, lead: Lead, handoff: Handoff, by: User) -> None:
        endings.still_talking(handoff_id=handoff.pk, by=by, at=event.at, **event.said)

    def _close(self, event: Event, lead: Lead, handoff: Handoff, by: User) -> None:
        endings.close(handoff_id=handoff.pk, by=by, at=event.at, **event.said)

    def _recycle(self, event: Event, lead: Lead, handoff: Handoff, by: User) -> None:
        endings.recycle(handoff_id=handoff.pk, by=by, at=event.at, **event.said)

    def _answer_recycle(self, event: Event, lead: Lead, handoff: Handoff, by: User) -> None:
        endings.answer_recycle(handoff_id=handoff.pk, by=by, at=event.at, **event.said)

    def _complete(self, event: Event, lead: Lead, handoff: Handoff, by: User) -> None:
        endings.complete(handoff_id=handoff.pk, by=by, at=event.at, **event.said)

    def _ask(self, event: Event, lead: Lead, handoff: Handoff, by: User) -> None:
        contributions.ask(lead_id=lead.pk, by=by, at=event.at, **event.said)

    def _deliver(self, event: Event, lead: Lead, handoff: Handoff, by: User) -> None:
        asked = lead.contributions.filter(delivered_at=None).latest("asked_at")
        contributions.deliver(contribution_id=asked.pk, by=by, at=event.at)

    def _used(self, event: Event, lead: Lead, handoff: Handoff, by: User) -> None:
        asked = lead.contributions.latest("asked_at")
        contributions.mark_used(contribution_id=asked.pk, by=by, at=event.at, **event.said)

    def _move(self, event: Event, lead: Lead, handoff: Handoff, by: User) -> None:
        journey.move(lead_id=lead.pk, by=by, at=event.at, **event.said)


def script(stories: Iterable[Story], *, until: datetime) -> list[Event]:
    """Everything that happens before `until`, in the order of time."""
    events = []
    for story in stories:
        arrival = Event(story.at, story.number, -1, "arrive", said={"arrival": story.arrival})
        events += [one for one in (arrival, *story.events) if one.at < until]
    return sorted(events)


def actor(lead: Lead, handoff: Handoff | None, side: str) -> User | None:
    """Who acts: a side of the latest handoff, or who has a department's seat."""
    if side in {"receiver", "giver"}:
        return getattr(handoff, side, None)
    return routing.seat_of(lead, "sales" if side == "sales" else "marketing").member
