"""From a life to what `charts.journey` draws: both drawings show the same."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from leads.core.handoff import Move
from leads.desk.rows import promise
from leads.desk.story.reading import Story
from leads.models import Assignment, Contribution, HandoffMove, StageEntry, Touch
from portal.look.charts.journey import Arrow, Journey, Stretch, Watch
from portal.look.charts.journey import Touch as Mark
from portal.reader.language import say
from sla.core.facts import TOUCH_KINDS
from sla.core.terms import Terms

STRONG = ("demo_request", "trial", "form")
OFFERS = {Move.OFFER, Move.FIXED, Move.COUNTS}


def drawing(
    story: Story, terms: Terms | None, names: dict[str, str], zone: ZoneInfo, at: datetime
) -> Journey:
    """Stages as the ground, touches, handoffs, requests, clocks, and what is late."""
    marks = [*_arrows(story, zone), *_requests(story.contributions, zone)]
    return Journey(
        name=story.lead.name,
        now=_end(story, at).astimezone(zone),
        over=story.lead.closed_at is not None,
        stretches=stretches(story, names, zone),
        marketing=_owner(story.seat("marketing")),
        sales=_owner(story.seat("sales")),
        touches=[*_earlier(story, zone), *(_mark(touch, zone) for touch in story.touches)],
        arrows=sorted(marks, key=lambda arrow: arrow.at),
        late=[
            (clock.due_at.astimezone(zone), _("%(what)s late") % {"what": promise(clock)})
            for clock in story.clocks
            if clock.is_breached(at) and clock.department_id == "sales"
        ],
        ahead=_ahead(story, terms, names),
        watches=_watches(story, zone, at),
    )


def stretches(story: Story, names: dict[str, str], zone: ZoneInfo) -> list[Stretch]:
    """The stages that the lead went through; back moves are stretches of their own."""
    return [
        Stretch(
            names.get(entry.stage, entry.stage),
            entry.entered_at.astimezone(zone),
            following.entered_at.astimezone(zone) if following else None,
        )
        for entry, following in _pairs(story.entries)
    ]


def label(kind: str) -> str:
    """A kind of touch as people say it."""
    known = TOUCH_KINDS.get(kind)
    words = say(known.label) if known else kind.replace("_", " ")
    return words[:1].upper() + words[1:]


def _end(story: Story, at: datetime) -> datetime:
    """Where the drawing ends: now, or the last that happened to a lead that is closed."""
    if story.lead.closed_at is None:
        return at
    instants = [touch.occurred_at for touch in story.touches]
    return max([story.lead.closed_at, *instants, *(move.at for move in story.moves)])


def _pairs(
    entries: Sequence[StageEntry],
) -> Iterable[tuple[StageEntry, StageEntry | None]]:
    return zip(entries, [*entries[1:], None], strict=True)


def _owner(seat: Assignment | None) -> str:
    return str(seat.member or seat.team) if seat is not None else ""


def _mark(touch: Touch, zone: ZoneInfo) -> Mark:
    at = touch.occurred_at.astimezone(zone)
    words = touch.subject or label(touch.kind)
    return Mark(at, touch.department_id, words, strong=touch.kind in STRONG)


def _earlier(story: Story, zone: ZoneInfo) -> Iterator[Mark]:
    """What is older than the touches that were read stands as one mark for each kind."""
    for one in story.earlier:
        words = f"{one.number} × {label(one.kind)}"
        yield Mark(one.first.astimezone(zone), one.department, words)


def _arrows(story: Story, zone: ZoneInfo) -> Iterator[Arrow]:
    late = {(c.handoff_id, c.round) for c in story.clocks if c.kind == "accept" and _late(c)}
    for move in story.moves:
        if arrow := _arrow(move, zone, (move.handoff_id, move.round) in late):
            yield arrow


def _late(clock: object) -> bool:
    return getattr(clock, "outcome", "") == "late"


def _arrow(move: HandoffMove, zone: ZoneInfo, late: bool) -> Arrow | None:
    at = move.at.astimezone(zone)
    giver, receiver = move.handoff.giver_team, move.handoff.receiver_team
    if giver.department_id == receiver.department_id:
        return None
    if move.move in OFFERS:
        title = _("Offered, round %(n)s") % {"n": move.round}
        return Arrow(at, receiver.department_id, title, late=late)
    if move.move == Move.RETURN:
        return Arrow(at, giver.department_id, _("Returned"), move.note)
    if move.move == Move.DISPUTE:
        return Arrow(at, receiver.department_id, _("Return disputed"), move.note)
    return None


def _requests(found: Iterable[Contribution], zone: ZoneInfo) -> Iterator[Arrow]:
    for one in found:
        if one.taken:
            continue  # its touch is drawn; nothing was asked or sent
        kind = str(one.get_kind_display()).partition(" ")[0].capitalize()
        kind = _("Material") if one.kind == Contribution.Kind.OTHER else kind
        asked = one.asked_at.astimezone(zone)
        yield Arrow(asked, "marketing", _("%(kind)s asked") % {"kind": kind}, dash=True)
        if one.delivered_at is not None:
            there = one.delivered_at.astimezone(zone)
            yield Arrow(there, "sales", _("%(kind)s delivered") % {"kind": kind}, dash=True)


def _watches(story: Story, zone: ZoneInfo, at: datetime) -> list[Watch]:
    return [
        Watch(
            clock.department_id,
            clock.started_at.astimezone(zone),
            clock.due_at.astimezone(zone),
            (clock.stopped_at or clock.paused_at or at).astimezone(zone),
        )
        for clock in sorted(story.clocks, key=lambda clock: clock.started_at)
    ]


def _ahead(story: Story, terms: Terms | None, names: dict[str, str]) -> list[str]:
    keys = [stage.key for stage in terms.journey] if terms else []
    if story.lead.stage not in keys or story.lead.closed_at is not None:
        return []
    return [names.get(key, key) for key in keys[keys.index(story.lead.stage) + 1 :]][:3]
