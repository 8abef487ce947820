"""Drawings for paper: those of the screen, with colours that need no style sheet."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree  # it writes; nothing is parsed

from portal.look.charts.drawing import Drawing
from portal.look.charts.week import week
from sla.core.calendar import WEEKDAYS
from sla.forms.parts.ladders import drawn

# What static/portal/css/charts.css says of the light theme, in values.
STYLE = """
text { font-family: "Libertinus Serif"; font-size: 12.5px; fill: #4b4a46 }
.tb { font-weight: 700; fill: #17181a } .mid { text-anchor: middle } .end { text-anchor: end }
.g { stroke: #dcd9d2; stroke-width: 1 } .shut { fill: #ecebe6 }
.open { fill: #ffffff; stroke: #8b8a84 }
.f-ink { fill: #17181a } .f-risk { fill: #c98a12 } .f-late { fill: #a61b1b }
.l { fill: none; stroke-width: 2 } .l-ink { stroke: #17181a } .l-late { stroke: #a61b1b }
.dash { stroke-dasharray: 3 4 } .thick { stroke-width: 5 }
"""


@dataclass(frozen=True)
class Printed:
    title: str
    alt: str
    svg: str
    wide: bool


def drawings(terms: dict[str, Any]) -> list[Printed]:
    """Every calendar's week, then every ladder, in the order of the terms."""
    return [*_weeks(terms), *_ladders(terms)]


def svg(drawing: Drawing) -> str:
    """A drawing as a document of its own; every text of it is escaped."""
    root = ElementTree.Element(
        "svg",
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {drawing.width} {drawing.height}",
        width=str(drawing.width),
        height=str(drawing.height),
    )
    ElementTree.SubElement(root, "style").text = STYLE
    for mark in drawing.marks:
        made = ElementTree.SubElement(root, mark.shape, dict(mark.attributes))
        made.text = mark.text
        if mark.strong:
            ElementTree.SubElement(made, "tspan", {"class": "tb"}).text = mark.strong
    return ElementTree.tostring(root, encoding="unicode")


def _weeks(terms: dict[str, Any]) -> Iterator[Printed]:
    for said in terms["calendars"].values():
        days = [
            [(_minutes(a), _minutes(b)) for a, b in said["weekly"].get(day, [])]
            for day in WEEKDAYS
        ]
        drawing = week(days, said["name"])
        title = f"Working time: {said['name']} ({said['zone']})"
        yield Printed(title, drawing.title, svg(drawing), wide=False)


def _minutes(wall: str) -> int:
    hours, minutes = wall.split(":")
    return int(hours) * 60 + int(minutes)


def _ladders(terms: dict[str, Any]) -> Iterator[Printed]:
    for key, steps in terms["ladders"].items():
        if steps:
            drawing = drawn(key, steps)
            title = f"When late: {key.replace('_', ' ')}"
            yield Printed(title, drawing.title, svg(drawing), wide=True)
