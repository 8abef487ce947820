"""What is drawn of a lead's life: the same for the wide drawing and the upright one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.look.words import month


@dataclass(frozen=True)
class Stretch:
    """A time in one stage; `end` None: still there."""

    label: str
    start: datetime
    end: datetime | None = None


@dataclass(frozen=True)
class Touch:
    """One contact, by one department. A `strong` one is named first and in bold."""

    at: datetime
    department: str
    label: str
    strong: bool = False


@dataclass(frozen=True)
class Arrow:
    """A handoff (`to` sales) or a return (`to` marketing), with what came of it.

    `dash`: material that was asked for or delivered, which hands nothing over.
    """

    at: datetime
    to: str
    title: str
    detail: str = ""
    late: bool = False
    dash: bool = False


@dataclass(frozen=True)
class Watch:
    """A clock of one department from its start to its stop or now; late from `due` on."""

    department: str
    start: datetime
    due: datetime
    end: datetime


@dataclass(frozen=True)
class Journey:
    """What is drawn; instants are aware and in the reader's zone, lists in order of time.

    `now` ends the drawing; of a life that is `over` it is the instant of its end.

    `late` are promises run out, as (instant, sentence). `ahead` names the stages that are
    not reached yet. `marketing` and `sales` name the owners; empty: nobody yet.
    """

    name: str
    now: datetime
    stretches: Sequence[Stretch]
    marketing: str = ""
    sales: str = ""
    touches: Sequence[Touch] = ()
    arrows: Sequence[Arrow] = ()
    late: Sequence[tuple[datetime, str]] = ()
    ahead: Sequence[str] = ()
    over: bool = False
    watches: Sequence[Watch] = ()


def grouped(touches: Sequence[Touch]) -> str:
    """The words of several touches that stand as one mark."""
    labels = {touch.label for touch in touches}
    if len(labels) == 1:
        return f"{len(touches)} × {labels.pop()}"
    number = len(touches)
    return ngettext("%(n)s touch", "%(n)s touches", number) % {"n": number}


def title(shown: Journey) -> str:
    """The sentence that says what the drawing shows."""
    first = beginning(shown)
    words = {
        "name": shown.name,
        "first": f"{first.day} {month(first)} {first.year}",
        "now": f"{shown.now.day} {month(shown.now)} {shown.now.year}",
    }
    stages = ", ".join(
        f"{piece.label} {piece.start.day} {month(piece.start)}" for piece in shown.stretches
    )
    text = _("Journey of %(name)s, %(first)s to %(now)s. Marketing above, Sales below.") % words
    return f"{text} {stages}." if stages else text


def beginning(shown: Journey) -> datetime:
    """The first instant that is drawn."""
    instants = [touch.at for touch in shown.touches]
    return min([shown.now, *instants, *(piece.start for piece in shown.stretches)])
