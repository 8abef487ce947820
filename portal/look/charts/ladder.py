"""The steps of an escalation, on one line: before, at and after the due instant."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.look.charts.drawing import Drawing

WIDTH, HEIGHT, LINE = 1100, 128, 52
LEFT, RIGHT = 20, 1080


@dataclass(frozen=True)
class Rung:
    """One step. `kind`: `start`, `warn`, `due`, `late` or `digest` (at a fixed time, later).

    `when` is its distance in working time (`0:45`, `+4:00`, `Friday`); `whom` who is told.
    """

    kind: str
    title: str
    when: str
    whom: str


LINES = {"start": "l l-ink thick", "warn": "l l-ink thick", "due": "l l-late thick"}


def ladder(rungs: Sequence[Rung], about: str) -> Drawing:
    """The line is ink until due, red after it, dashed towards a digest. Distances are even."""
    drawing = Drawing(WIDTH, HEIGHT, _title(rungs, about))
    gap = (RIGHT - LEFT) / max(len(rungs) - 1, 1)
    places = [LEFT + place * gap for place in range(len(rungs))]
    for place, rung in enumerate(rungs[1:]):
        css = LINES.get(rungs[place].kind, "l l-late thick")
        css = "l l-late dash" if rung.kind == "digest" else css
        drawing.line(css, places[place], LINE, places[place + 1], LINE)
    for place, rung in enumerate(rungs):
        _rung(drawing, rung, places[place], _anchor(place, len(rungs)))
    return drawing


def _anchor(place: int, number: int) -> str:
    if place == 0:
        return ""
    return "end" if place == number - 1 else "mid"


def _rung(drawing: Drawing, rung: Rung, x: float, anchor: str) -> None:
    if rung.kind == "start":
        drawing.circle("f-ink", x, LINE, 7)
    elif rung.kind == "warn":
        drawing.diamond("f-risk", x, LINE, 10)
    else:
        drawing.triangle("f-late", x, LINE, 10)
    at = x + {"": -10, "end": 10, "mid": 0}[anchor]
    drawing.text(f"tb {anchor}".strip(), at, 24, rung.title)
    drawing.text(anchor, at, 86, rung.when)
    drawing.text(anchor, at, 104, rung.whom)


def _title(rungs: Sequence[Rung], about: str) -> str:
    steps = ", ".join(f"{rung.when} {rung.whom}" for rung in rungs[1:])
    return _("Ladder of %(about)s: %(steps)s") % {"about": about, "steps": steps}
