"""What people are told in the portal when a handoff moves. Lateness is told elsewhere."""

from collections.abc import Iterable
from datetime import datetime

from leads.actions.links import brief_link, lead_link
from leads.models import Handoff
from portal.accounts.models import Team, User
from portal.notifications import outbox
from portal.reader.language import Phrase

CHANNELS = ("in_app",)


def offered(handoff: Handoff, at: datetime) -> None:
    title = Phrase("%(lead)s waits for your answer") % {"lead": handoff.lead}
    people = _side(handoff.receiver, handoff.receiver_team)
    _tell(handoff, "offered", people, title, at, link=brief_link(handoff.pk))


def returned(handoff: Handoff, reason: str, at: datetime) -> None:
    title = Phrase("%(lead)s came back: %(reason)s") % {"lead": handoff.lead, "reason": reason}
    people = _side(handoff.giver, handoff.giver_team)
    _tell(handoff, "returned", people, title, at, text=handoff.return_note)


def disputed(handoff: Handoff, at: datetime) -> None:
    title = Phrase("The return of %(lead)s is disputed: decide") % {"lead": handoff.lead}
    people = [*managers(handoff.giver_team), *managers(handoff.receiver_team)]
    _tell(handoff, "disputed", people, title, at, text=handoff.dispute_note)


def decided(handoff: Handoff, at: datetime) -> None:
    counts = handoff.decided_as == "counts"
    said = Phrase("it counts") if counts else Phrase("it does not count")
    title = Phrase("The return of %(lead)s is decided: %(said)s") % {
        "lead": handoff.lead,
        "said": said,
    }
    people = [
        *_side(handoff.giver, handoff.giver_team),
        *_side(handoff.receiver, handoff.receiver_team),
    ]
    _tell(handoff, "decided", people, title, at)


def expired(handoff: Handoff, at: datetime) -> None:
    title = Phrase("Nobody answered for %(lead)s; the offer expired") % {"lead": handoff.lead}
    people = [
        *_side(handoff.giver, handoff.giver_team),
        *_side(handoff.receiver, handoff.receiver_team),
    ]
    _tell(handoff, "expired", people, title, at, level="risk")


def reassigned(handoff: Handoff, to: User, at: datetime) -> None:
    title = Phrase("%(lead)s is yours now") % {"lead": handoff.lead}
    stamp = at.isoformat(timespec="seconds")
    _tell(handoff, f"reassigned:{stamp}", [to], title, at, link=brief_link(handoff.pk))


def back_from_nurture(handoff: Handoff, person: User | None, team: Team, at: datetime) -> None:
    title = Phrase("%(lead)s is back from nurture") % {"lead": handoff.lead}
    people = _side(person, team)
    _tell(handoff, "back", people, title, at, text=handoff.outcome_reason)


def managers(team: Team) -> list[User]:
    """Who decides for the team: its manager, else the department's head."""
    return [person for person in (team.manager or team.department.head,) if person]


def _side(person: User | None, team: Team) -> list[User]:
    """The person; for a pool the team's steward, else its manager."""
    chosen = person or team.steward or team.manager
    return [chosen] if chosen is not None else []


def _tell(
    handoff: Handoff,
    what: str,
    people: Iterable[User],
    title: Phrase,
    at: datetime,
    *,
    text: str = "",
    level: str = "info",
    link: str = "",
) -> None:
    outbox.tell(
        about=f"handoff:{handoff.pk}:{handoff.round}:{what}",
        to=people,
        channels=CHANNELS,
        title=title,
        text=text,
        link=link or lead_link(handoff.lead_id),
        at=at,
        level=level,
    )
