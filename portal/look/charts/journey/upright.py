"""The same life upright, for a phone: now on top, Marketing left, Sales right.

Each thing that happened has a line of its own, so that its words always have room; time
is written beside it, and the length of a line means nothing. Touches in a row are one line.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.look.charts.drawing import Drawing
from portal.look.charts.journey.shape import Arrow, Journey, Stretch, Touch, grouped, title
from portal.look.words import month

WIDTH, MARKETING, SALES = 358, 128, 230
HEAD, ROW, FOOT = 34, 42, 26  # heights: of a stage's name, of a line, of the end
MOST = 18  # lines; what is older is told in the list
RUN = 3  # touches of one side in a row that become one line


@dataclass(frozen=True)
class Line:
    """One thing that happened: touches (`side`), an arrow, or a promise that ran out."""

    at: datetime
    words: str
    side: str
    form: str
    detail: str = ""


def upright(shown: Journey) -> Drawing:
    """Stages as the ground from the newest down, each with what happened in it."""
    blocks = _blocks(shown)
    rows = sum(len(lines) for _stage, lines, _left in blocks)
    height = 46 + rows * ROW + len(blocks) * HEAD + FOOT
    drawing = Drawing(WIDTH, height, title(shown))
    y: float = 46
    for place, (stage, lines, left) in enumerate(blocks):
        y = _block(drawing, stage, lines, y, place)
        if left:
            drawing.text("mid", WIDTH / 2, y + 17, _earlier(left))
    _rails(drawing, shown, y)
    return drawing


def _rails(drawing: Drawing, shown: Journey, end: float) -> None:
    """The two lanes with their names; under all marks, so that nothing is crossed out."""
    marks, drawing.marks = drawing.marks, []
    ground = [mark for mark in marks if mark.shape == "rect" and mark.attributes[1][1] == "0"]
    drawing.marks += ground
    for form, x, name, owner, anchor in (
        ("mk", MARKETING, _("Marketing"), shown.marketing, "end"),
        ("sl", SALES, _("Sales"), shown.sales, ""),
    ):
        side = x - 8 if anchor else x + 8
        drawing.text(f"t-{form} {anchor}".strip(), side, 14, name)
        drawing.text(anchor, side, 31, _cut(owner, 18))
        drawing.line(f"l l-{form}", x, 8, x, end)
    drawing.marks += [mark for mark in marks if mark not in ground]


def _blocks(shown: Journey) -> list[tuple[Stretch, list[Line], int]]:
    """The stages, newest first, each with its lines; at most MOST lines in all.

    The last of the three numbers is how many lines of this and older stages are left out.
    """
    found: list[tuple[Stretch, list[Line], int]] = []
    room = MOST
    stages = list(reversed(shown.stretches))
    for place, stage in enumerate(stages):
        lines = list(_lines(shown, stage, last=place == len(stages) - 1))
        if len(lines) > room or len(found) > MOST:
            rest = sum(len(list(_lines(shown, one, last=False))) for one in stages[place + 1 :])
            found.append((stage, lines[:room], len(lines) - room + rest))
            break
        room -= len(lines)
        found.append((stage, lines, 0))
    return found


def _lines(shown: Journey, stage: Stretch, last: bool) -> Iterator[Line]:
    """What happened in a stage, newest first; what came before the first is in it, too."""
    happened: list[tuple[datetime, Touch | Arrow | tuple[datetime, str]]] = [
        *((touch.at, touch) for touch in shown.touches),
        *((arrow.at, arrow) for arrow in shown.arrows),
        *((late[0], late) for late in shown.late),
    ]
    end = stage.end or shown.now
    inside = [
        (at, one)
        for at, one in happened
        if (stage.start <= at or last) and (at < end or stage.end is None)
    ]
    inside.sort(key=lambda pair: pair[0], reverse=True)
    yield from _rows([one for _at, one in inside])


def _rows(found: Sequence[Touch | Arrow | tuple[datetime, str]]) -> Iterator[Line]:
    run: list[Touch] = []
    for one in found:
        if isinstance(one, Touch) and not one.strong:
            if run and run[-1].department != one.department:
                yield from _run(run)
                run = []
            run.append(one)
            continue
        yield from _run(run)
        run = []
        yield _single(one)
    yield from _run(run)


def _run(run: Sequence[Touch]) -> Iterator[Line]:
    if len(run) < RUN:
        yield from map(_single, run)
        return
    newest, oldest = run[0], run[-1]
    days = _day(oldest.at) if _day(oldest.at) == _day(newest.at) else ""
    since = days or f"{_day(oldest.at)} – {_day(newest.at)}"
    yield Line(newest.at, grouped(run), newest.department, "many", since)


def _single(one: Touch | Arrow | tuple[datetime, str]) -> Line:
    if isinstance(one, Touch):
        return Line(one.at, one.label, one.department, "strong" if one.strong else "touch")
    if isinstance(one, Arrow):
        form = "ask" if one.dash else "late" if one.late else "arrow"
        return Line(one.at, one.title, one.to, form)
    return Line(one[0], one[1], "sales", "run_out")


def _block(
    drawing: Drawing, stage: Stretch, lines: Sequence[Line], y: float, place: int
) -> float:
    height = HEAD + len(lines) * ROW
    drawing.rect("alt" if place % 2 == 0 else "f-surface", 0, y, WIDTH, height, rx=4)
    drawing.text("tb halo", 6, y + 17, stage.label)
    drawing.text("end halo", WIDTH - 6, y + 17, _("from %(day)s") % {"day": _day(stage.start)})
    for number, line in enumerate(lines):
        _line(drawing, line, y + HEAD + number * ROW + ROW / 2 - 4)
    return y + height


def _line(drawing: Drawing, line: Line, y: float) -> None:
    if line.form in {"arrow", "late", "ask"}:
        _across(drawing, line, y)
        return
    x, sign = (SALES, 1) if line.side == "sales" else (MARKETING, -1)
    anchor, place = ("", x + 14) if sign == 1 else ("end", x - 14)
    if line.form == "run_out":
        drawing.triangle("f-late", x, y, 8)
    elif line.side == "sales":
        drawing.rect("f-sl", x - 5, y - 5, 10, 10 if line.form != "many" else 18)
    elif line.form == "many":
        drawing.rect("f-mk", x - 5, y - 5, 10, 18, rx=5)
    else:
        drawing.circle("f-mk", x, y, 5)
    css = {"strong": "tb", "run_out": "t-late"}.get(line.form, "")
    drawing.text(f"{css} halo {anchor}".strip(), place, y + 1, _cut(line.words, 18))
    drawing.text(f"halo {anchor}".strip(), place, y + 17, line.detail or _when(line.at))


def _across(drawing: Drawing, line: Line, y: float) -> None:
    """From one lane to the other, with the words in between."""
    css = {"late": "l l-late", "ask": "l l-q dash"}.get(line.form, "l l-ink")
    middle = (MARKETING + SALES) / 2
    low = y + 8
    if line.side == "sales":
        drawing.path(css, f"M{MARKETING + 4} {low}H{SALES - 5}m-7 -5l7 5l-7 5")
    else:
        drawing.path(css, f"M{SALES - 4} {low}H{MARKETING + 5}m7 -5l-7 5l7 5")
    drawing.text("tb halo mid", middle, y + 1, _cut(line.words, 19))
    drawing.text("halo mid", middle, y + 24, _when(line.at))


def _earlier(number: int) -> str:
    return ngettext(
        "%(n)s earlier line is in the list", "%(n)s earlier lines are in the list", number
    ) % {"n": number}


def _cut(words: str, letters: int) -> str:
    """Words that fit: so many letters have room between a lane and the edge, and a few more
    between the lanes, whose halo covers them."""
    return words if len(words) <= letters else f"{words[: letters - 1].rstrip()}…"


def _day(at: datetime) -> str:
    return f"{at.day} {month(at)}"


def _when(at: datetime) -> str:
    return f"{_day(at)}, {at:%H:%M}"
