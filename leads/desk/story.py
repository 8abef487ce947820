"""The life of one lead for its page: the drawing in two lanes, and the same as a list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from leads.core.handoff import Move
from leads.desk.rows import promise
from leads.models import Assignment, Clock, HandoffMove, Lead, StageEntry, Touch
from portal.look.charts.journey import Arrow, Journey, Stretch
from portal.look.charts.journey import Touch as Mark
from sla.core.terms import Terms

MOST = 300
STRONG = ("demo_request", "trial", "form")


@dataclass(frozen=True)
class Line:
    """One thing that happened, for the list under the drawing."""

    at: datetime
    department: str
    text: str
    imported: bool = False


@dataclass(frozen=True)
class Story:
    """Everything of one lead, read once. `moves` are those that still stand."""

    lead: Lead
    entries: Sequence[StageEntry]
    touches: Sequence[Touch]
    moves: Sequence[HandoffMove]
    clocks: Sequence[Clock]
    seats: Sequence[Assignment]

    def seat(self, department: str) -> Assignment | None:
        """The current seat of a department."""
        current = (s for s in self.seats if s.until is None and s.department_id == department)
        return next(current, None)


def read(lead: Lead) -> Story:
    """The newest MOST of each kind, in order of time; seven queries at any size.

    Touches, handoffs and clocks of what was merged into the lead are among them; the stages
    are the lead's own.
    """
    family = [lead.pk, *lead.merged.values_list("pk", flat=True)]
    touches = Touch.objects.filter(lead__in=family, undone_at=None)
    return Story(
        lead=lead,
        entries=_newest(
            lead.stage_entries.filter(undone_at=None).select_related("by"), "entered_at"
        ),
        touches=_newest(touches.select_related("by"), "occurred_at"),
        moves=_newest(
            HandoffMove.objects.filter(handoff__lead__in=family, undone_at=None).select_related(
                "by", "handoff__receiver", "handoff__giver_team", "handoff__receiver_team"
            ),
            "at",
        ),
        clocks=list(
            Clock.objects.filter(lead__in=family)
            .select_related("version", "owner", "team", "handoff")
            .order_by("-started_at", "pk")[:MOST]
        ),
        seats=list(lead.assignments.select_related("member", "team").order_by("since")),
    )


def _newest(rows: "Iterable[object]", by: str) -> list:  # type: ignore[type-arg]
    newest = list(rows.order_by(f"-{by}", "-pk")[:MOST])  # type: ignore[attr-defined]
    return newest[::-1]


def drawing(
    story: Story, terms: Terms | None, legacy: bool, zone: ZoneInfo, at: datetime
) -> Journey:
    """What `charts.journey` draws: stages as the ground, touches, handoffs, what is late."""
    names = stage_names(terms, legacy)
    stretches = [
        Stretch(
            names.get(entry.stage, entry.stage),
            entry.entered_at.astimezone(zone),
            following.entered_at.astimezone(zone) if following else None,
        )
        for entry, following in _pairs(story.entries)
    ]
    return Journey(
        name=story.lead.name,
        now=_end(story, at).astimezone(zone),
        over=story.lead.closed_at is not None,
        stretches=stretches,
        marketing=_owner(story.seat("marketing")),
        sales=_owner(story.seat("sales")),
        touches=[_mark(touch, zone) for touch in story.touches],
        arrows=[arrow for move in story.moves if (arrow := _arrow(move, zone))],
        late=[
            (clock.due_at.astimezone(zone), _("%(what)s late") % {"what": promise(clock)})
            for clock in story.clocks
            if clock.is_breached(at) and clock.department_id == "sales"
        ],
        ahead=_ahead(story, terms, names),
    )


def _end(story: Story, at: datetime) -> datetime:
    """Where the drawing ends: now, or the last that happened to a lead that is closed."""
    if story.lead.closed_at is None:
        return at
    instants = [touch.occurred_at for touch in story.touches]
    return max([story.lead.closed_at, *instants, *(move.at for move in story.moves)])


def lines(story: Story, terms: Terms | None, legacy: bool) -> list[Line]:
    """Everything as a list, newest first."""
    names = stage_names(terms, legacy)
    found = [Line(t.occurred_at, t.department_id, _touch(t), t.imported) for t in story.touches]
    found += [_entry(e, names) for e in story.entries]
    found += [Line(m.at, _mover(m), _moved(m, terms)) for m in story.moves]
    return sorted(found, key=lambda line: line.at, reverse=True)


def stage_names(terms: Terms | None, legacy: bool) -> dict[str, str]:
    """Stage keys to the words a reader prefers; a stage without an old label keeps its name."""
    stages = terms.journey if terms else ()
    return {s.key: s.legacy if legacy and s.legacy else _first_large(s.name) for s in stages}


def _first_large(name: str) -> str:
    return name[:1].upper() + name[1:]


def _pairs(
    entries: Sequence[StageEntry],
) -> Iterable[tuple[StageEntry, StageEntry | None]]:
    return zip(entries, [*entries[1:], None], strict=True)


def _owner(seat: Assignment | None) -> str:
    if seat is None:
        return ""
    return str(seat.member or seat.team)


def _mark(touch: Touch, zone: ZoneInfo) -> Mark:
    label = touch.subject or touch.kind.replace("_", " ").capitalize()
    at = touch.occurred_at.astimezone(zone)
    return Mark(at, touch.department_id, label, strong=touch.kind in STRONG)


def _arrow(move: HandoffMove, zone: ZoneInfo) -> Arrow | None:
    at = move.at.astimezone(zone)
    giver, receiver = move.handoff.giver_team, move.handoff.receiver_team
    if giver.department_id == receiver.department_id:
        return None
    if move.move in {Move.OFFER, Move.FIXED, Move.COUNTS}:
        title = _("Offered, round %(n)s") % {"n": move.round}
        return Arrow(at, receiver.department_id, title)
    if move.move == Move.RETURN:
        return Arrow(at, giver.department_id, _("Returned"), move.note)
    return None


def _ahead(story: Story, terms: Terms | None, names: dict[str, str]) -> list[str]:
    keys = [stage.key for stage in terms.journey] if terms else []
    if story.lead.stage not in keys:
        return []
    return [names[key] for key in keys[keys.index(story.lead.stage) + 1 :]][:3]


def _touch(touch: Touch) -> str:
    kind = touch.kind.replace("_", " ").capitalize()
    subject = f": {touch.subject}" if touch.subject else ""
    by = _(", by %(name)s") % {"name": touch.by} if touch.by else ""
    return f"{kind}{subject}{by}."


def _entry(entry: StageEntry, names: dict[str, str]) -> Line:
    stage = names.get(entry.stage, entry.stage)
    text = _("Moved to %(stage)s.") % {"stage": stage}
    if entry.waiver_reason:
        text += " " + _("Waived: %(why)s") % {"why": entry.waiver_reason}
    department = entry.by.department_id if entry.by else ""
    return Line(entry.entered_at, department or "", text, entry.imported)


def _mover(move: HandoffMove) -> str:
    return (move.by.department_id or "") if move.by else ""


def _moved(move: HandoffMove, terms: Terms | None) -> str:
    who = str(move.by) if move.by else _("The portal")
    reasons = {r.key: r.name for r in terms.return_reasons} if terms else {}
    words = {
        Move.OFFER: _("offered it, round %(n)s") % {"n": move.round},
        Move.ACCEPT: _("accepted it"),
        Move.RETURN: _("returned it: %(why)s") % {"why": reasons.get(move.reason, move.reason)},
        Move.FIXED: _("fixed what was wrong and offered it again"),
        Move.DISPUTE: _("disputed the return"),
        Move.DECIDE: _("said a word on the dispute"),
        Move.COUNTS: _("offered it again: the return does not stand"),
        Move.DOES_NOT_COUNT: _("closed the handoff: the return stands"),
        Move.STILL_TALKING: _("is still talking"),
        Move.COMPLETE: _("completed the handoff"),
        Move.CLOSE: _("closed it: %(why)s") % {"why": move.note or move.reason},
        Move.RECYCLE: _("put it back to nurture"),
        Move.WITHDRAW: _("withdrew the offer"),
        Move.EXPIRE: _("let the offer expire"),
        Move.REASSIGN: _("gave it to %(name)s") % {"name": move.handoff.receiver},
    }
    done = words.get(Move(move.move), move.move)
    note = f" “{move.note}”" if move.note and move.move in {Move.RETURN, Move.DISPUTE} else ""
    return f"{who} {done}.{note}"
