"""The same life as a list: stage by stage, newest first, touches in a row as one line."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from leads.core.handoff import Move
from leads.desk.story.drawing import STRONG, label
from leads.desk.story.reading import Story
from leads.desk.story.retelling import retold
from leads.models import Attestation, Contribution, HandoffMove, StageEntry, Touch
from portal.look.words import quoted
from sla.core.terms import Terms

RUN = 4  # touches of one department in a row that are told in one line
OPEN = 14  # lines that stand open at least; older stages are folded
MOST = 40  # lines of one stage that stand there; older ones are behind a fold


@dataclass(frozen=True)
class Line:
    """One thing that happened. `form`: touch, many, stage, offer, back, ask, fact.

    `inner`: the touches that one line tells together. `evidence`: the criteria as they
    were seen at a stage entry.
    """

    at: datetime
    department: str
    text: str
    form: str = "touch"
    imported: bool = False
    url: str = ""
    inner: Sequence["Line"] = ()
    evidence: Sequence[dict[str, Any]] = ()
    since: datetime | None = None


@dataclass(frozen=True)
class Chapter:
    """A time in one stage with what happened in it; `end` None: still there, and open.

    `lines` are the newest MOST, `older` the rest; `number` counts what both tell of.
    """

    label: str
    start: datetime | None
    end: datetime | None
    lines: Sequence[Line]
    open: bool
    number: int
    older: Sequence[Line] = ()


def chapters(story: Story, terms: Terms | None, names: dict[str, str]) -> list[Chapter]:
    """The whole life, newest stage first; at least OPEN lines stand open."""
    lines = sorted(_lines(story, terms, names), key=lambda line: line.at)[::-1]
    entries = story.entries[::-1]
    found: list[Chapter] = []
    shown, end = 0, None
    closed = story.lead.closed_at
    over = max(closed, lines[0].at) if closed and lines else closed
    for place, entry in enumerate(entries):
        last = place == len(entries) - 1
        mine = [
            one
            for one in lines
            if (last or one.at >= entry.entered_at) and (end is None or one.at < end)
        ]
        if not mine:
            continue  # passed through at once: the entry stands in the next stage
        told = together(mine)
        name = names.get(entry.stage, entry.stage)
        found.append(
            _chapter(name, entry.entered_at, end or over, told, shown < OPEN, len(mine))
        )
        shown, end = shown + len(told), entry.entered_at
    if not entries and lines:
        told = together(lines)
        found.append(_chapter(_("On no journey yet"), None, None, told, True, len(lines)))
    return found


def _chapter(
    label: str,
    start: datetime | None,
    end: datetime | None,
    told: Sequence[Line],
    is_open: bool,
    number: int,
) -> Chapter:
    return Chapter(label, start, end, told[:MOST], is_open, number, told[MOST:])


def together(lines: Sequence[Line]) -> list[Line]:
    """Touches of one department in a row as one line, that opens onto each of them."""
    found: list[Line] = []
    run: list[Line] = []
    for line in [*lines, None]:
        if line is not None and line.form == "touch" and _same_side(run, line):
            run.append(line)
            continue
        found += [_bundle(run)] if len(run) >= RUN else run
        run = []
        if line is not None and line.form == "touch":
            run = [line]
        elif line is not None:
            found.append(line)
    return found


def _same_side(run: Sequence[Line], line: Line) -> bool:
    return not run or run[-1].department == line.department


def _bundle(run: Sequence[Line]) -> Line:
    kinds: dict[str, int] = {}
    for line in run:
        kind = line.text.partition(":")[0].partition(",")[0].rstrip(".")
        kinds[kind] = kinds.get(kind, 0) + 1
    said = ", ".join(f"{number} × {kind}" for kind, number in kinds.items())
    newest, oldest = run[0], run[-1]
    return Line(
        newest.at, newest.department, f"{said}.", "many", inner=list(run), since=oldest.at
    )


def _lines(story: Story, terms: Terms | None, names: dict[str, str]) -> Iterator[Line]:
    yield from (_touch(touch) for touch in story.touches)
    yield from (_entry(entry, terms, names) for entry in story.entries)
    yield from (_move(move, terms) for move in story.moves)
    for one in story.contributions:
        yield from _material(one)
    for fact in story.attestations:
        yield from _fact(fact)
    for early in story.earlier:
        text = _("%(n)s × %(kind)s, told together.") % {
            "n": early.number,
            "kind": label(early.kind),
        }
        yield Line(early.last, early.department, text, "many", since=early.first)


def _touch(touch: Touch) -> Line:
    subject = f": {touch.subject}" if touch.subject else ""
    by = _(", by %(name)s") % {"name": touch.by} if touch.by else ""
    claimed = ""
    if touch.claimed_at is not None and not touch.trusted:
        when = {"when": date_format(localtime(touch.claimed_at), "D j M Y, H:i")}
        claimed = " " + _("Said to have been %(when)s, which counts for nothing.") % when
    elif touch.trusted:
        claimed = " " + _("Told in time by %(source)s.") % {"source": touch.source}
    form = "raised" if touch.kind in STRONG else "touch"
    text = f"{label(touch.kind)}{subject}{by}.{claimed}"
    return Line(touch.occurred_at, touch.department_id, text, form, touch.imported)


def _entry(entry: StageEntry, terms: Terms | None, names: dict[str, str]) -> Line:
    stage = names.get(entry.stage, entry.stage)
    text = _("Moved to %(stage)s.") % {"stage": stage}
    if entry.by is not None:
        text = _("%(who)s moved it to %(stage)s.") % {"who": entry.by, "stage": stage}
    if entry.waiver_reason:
        text += " " + _("Waived: %(why)s") % {"why": entry.waiver_reason}
    department = (entry.by.department_id or "") if entry.by else ""
    seen = retold(entry.evidence, terms)
    return Line(entry.entered_at, department, text, "stage", entry.imported, evidence=seen)


def _move(move: HandoffMove, terms: Terms | None) -> Line:
    department = (move.by.department_id or "") if move.by else ""
    form = "back" if move.move == Move.RETURN else "offer"
    return Line(move.at, department, moved(move, terms), form)


def _material(one: Contribution) -> Iterable[Line]:
    what = {"what": one, "who": one.asked_by}
    if one.taken:
        text = _("%(who)s used, from the library: %(what)s.") % what
        yield Line(one.asked_at, "sales", text, "ask", url=one.link)
        return
    yield Line(one.asked_at, "sales", _("%(who)s asked for a %(what)s.") % what, "ask")
    if one.delivered_at is not None:
        title = one.content.title if one.content else one.subject
        said = {"who": one.delivered_by, "what": title}
        text = _("%(who)s delivered: %(what)s.") % said
        yield Line(one.delivered_at, "marketing", text, "ask", url=one.link)
    if one.answered_at is not None and one.used is False:
        text = _("The material was not used: %(what)s.") % {"what": one.subject}
        yield Line(one.answered_at, "sales", text, "ask")
    if one.cancelled_at is not None:
        text = _("Not asked for any more: %(what)s.") % {"what": one.subject}
        yield Line(one.cancelled_at, "sales", text, "ask")


def _fact(fact: Attestation) -> Iterable[Line]:
    words = {"who": fact.by, "fact": fact_name(fact.fact)}
    text = _("%(who)s vouched: %(fact)s.") % words
    note = f" {quoted(fact.note)}" if fact.note else ""
    yield Line(fact.at, fact.by.department_id or "", text + note, "fact")
    if fact.withdrawn_at is not None and fact.withdrawn_by is not None:
        words["who"] = fact.withdrawn_by
        text = _("%(who)s took back: %(fact)s.") % words
        yield Line(fact.withdrawn_at, fact.withdrawn_by.department_id or "", text, "fact")


def fact_name(key: str) -> str:
    return key.replace("_", " ")


def moved(move: HandoffMove, terms: Terms | None) -> str:
    """A step of a handoff as a sentence."""
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
        Move.END: _("ended it with its lead"),
        Move.UNDO: _("took a move back"),
        Move.REASSIGN: _("gave it to %(name)s") % {"name": move.handoff.receiver},
    }
    done = words.get(Move(move.move), move.move)
    note = (
        f" {quoted(move.note)}"
        if move.note and move.move in {Move.RETURN, Move.DISPUTE}
        else ""
    )
    return f"{who} {done}.{note}"
