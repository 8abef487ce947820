"""The flow between stages: bars for who entered, ribbons onward, dashed lines back."""

from django.utils.translation import gettext as _

from leads.reports.cohort import Journey
from portal.look.charts.drawing import Drawing, n
from portal.look.states import side
from portal.look.words import count

WIDE, HIGH = 1192, 330
TOP, FLOOR = 46, 236  # of the bars
BAR = 16


def flow(cohort: Journey) -> Drawing | None:
    """None of a cohort that entered no stage of this journey."""
    entered = {one.key: cohort.entered(one.key) for one in cohort.stages}
    most = max(entered.values(), default=0)
    if not most:
        return None
    drawing = Drawing(WIDE, HIGH, _title(cohort, entered))
    scale = (FLOOR - TOP) / most
    gap = WIDE / len(cohort.stages)
    at = {one.key: place * gap + 4 for place, one in enumerate(cohort.stages)}
    drawing.line("ax", 0, FLOOR, WIDE, FLOOR)
    drawing.line("g dash", 0, TOP, WIDE, TOP)
    up = _("entries of n = %(n)s leads; the highest is %(most)s") % {
        "n": count(cohort.leads), "most": count(most),
    }  # fmt: skip
    drawing.named((WIDE - 24, HIGH - 4, _("stage")), (0, 14, up))
    _ribbons(drawing, cohort, at, scale)
    _backwards(drawing, cohort, at)
    for stage in cohort.stages:
        number, x = entered[stage.key], at[stage.key]
        form = side(stage.acts).form
        drawing.rect(f"f-{form}", x, FLOOR - number * scale, BAR, number * scale)
        drawing.text("halo", x, FLOOR - number * scale - 6, "", count(number))
        drawing.text("", x, FLOOR + 18, _short(stage.name, gap))
    return drawing


def _ribbons(drawing: Drawing, cohort: Journey, at: dict[str, float], scale: float) -> None:
    """From the foot of each bar upward, in the order of where they go and come from."""
    out = dict.fromkeys(at, float(FLOOR))
    into = dict.fromkeys(at, float(FLOOR))
    order = cohort.order
    onward = [
        move for move in cohort.moves if set(move) <= at.keys() and not cohort.is_back(move)
    ]
    for before, after in sorted(onward, key=lambda one: (order[one[0]], order[one[1]])):
        thick = cohort.moves[before, after] * scale
        x, y, to, top = at[before] + BAR, out[before], at[after], into[after]
        out[before], into[after] = y - thick, top - thick
        middle = (x + to) / 2
        drawing.path(
            "f-q",
            f"M{n(x)} {n(y)}C{n(middle)} {n(y)} {n(middle)} {n(top)} {n(to)} {n(top)}"
            f"V{n(top - thick)}C{n(middle)} {n(top - thick)} {n(middle)} {n(y - thick)}"
            f" {n(x)} {n(y - thick)}z",
        )


def _backwards(drawing: Drawing, cohort: Journey, at: dict[str, float]) -> None:
    """Under the axis, each with its number; one place lower for each that is longer."""
    back = [move for move in cohort.moves if set(move) <= at.keys() and cohort.is_back(move)]
    order = cohort.order
    steps = sorted(back, key=lambda one: (order[one[0]] - order[one[1]], order[one[1]]))
    for place, (before, after) in enumerate(steps[:4]):
        y = FLOOR + 36 + place * 18
        x, to = at[before] + BAR / 2, at[after] + BAR / 2
        drawing.line("l l-ink thin dash", to, y, x, y)
        drawing.path(
            "l l-ink thin", f"M{n(to + 6)} {n(y - 4)}L{n(to)} {n(y)}L{n(to + 6)} {n(y + 4)}"
        )
        drawing.text("", x + 6, y + 4, _("back "), count(cohort.moves[before, after]))


def _title(cohort: Journey, entered: dict[str, int]) -> str:
    told = ", ".join(f"{one.name} {count(entered[one.key])}" for one in cohort.stages)
    return _("Flow of %(n)s leads between stages. Entries: %(told)s.") % {
        "n": count(cohort.leads), "told": told,
    }  # fmt: skip


def _short(name: str, room: float) -> str:
    letters = int(room / 6.6)
    return name if len(name) <= letters else f"{name[: letters - 1]}…"
