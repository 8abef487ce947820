"""Who is told when, before, at and after the due instant; each ladder drawn as a line."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from portal.look.charts.drawing import Drawing
from portal.look.charts.ladder import Rung, ladder
from sla.forms.around import Around, Part
from sla.forms.telling import CHANNELS, ROLES, told
from sla.forms.tree import Group, Key, Keyed, Length, Rows, Whole
from sla.forms.tree.spans import length_in_words

if TYPE_CHECKING:
    from sla.forms.editor import PartForm


def _one_time(step: dict[str, Any]) -> Iterable[tuple[str, str]]:
    if ("percent" in step) == ("after" in step):
        yield "percent", _now("Say a percentage of the target, or a time after it; not both.")


def _step_title(said: dict[str, Any]) -> str:
    if said["percent"]:
        return _now("At %(percent)s %% of the target") % {"percent": said["percent"]}
    return (
        _now("%(after)s after it was due") % {"after": said["after"]} if said["after"] else ""
    )


def _ladder_title(said: dict[str, Any]) -> str:
    return str(said["key"]).replace("_", " ")


def _spec(around: Around) -> Group:
    step = Group(
        checks=_one_time,
        parts=(
            Key(name="key", label=_("Short name"), source="percent"),
            Whole(
                name="percent", label=_("At"), unit=_("% of the target"), high=100, needed=False
            ),
            Length(
                name="after",
                label=_("or after the due instant"),
                hint="4 h",
                needed=False,
            ),
            *told(),
        ),
    )
    steps = Rows(
        name="steps", label=_("Steps, in order"), one=_("a step"), row=step, title=_step_title
    )
    one = Group(parts=(Key(name="key", label=_("Short name"), source="key"), steps))
    return Group(
        parts=(
            Keyed(
                name="ladders",
                label=_("Ladders"),
                one=_("a ladder"),
                help=_("Times are working time on the calendar of the clock."),
                row=one,
                inside="steps",
                title=_ladder_title,
                folded=True,
                ordered=False,
                drawn=True,
            ),
        )
    )


def _draw(form: "PartForm") -> None:
    for index, one in enumerate(form.said["ladders"]):
        path = f"ladders-{index}"
        form.page.texts[path] = " · ".join(_step_title(step) for step in one["steps"])
        value = form.spec.parts[0].row.read(one, path, {})
        if isinstance(value, dict) and value.get("steps"):
            form.page.drawings[path] = drawn(str(one["key"]), value["steps"])


def drawn(key: str, steps: list[dict[str, Any]]) -> Drawing:
    """A ladder of the terms as a line from the start of a clock."""
    start = Rung("start", _now("Start"), "0 %", _now("the clock starts"))
    return ladder([start, *map(_rung, steps)], key.replace("_", " "))


def _rung(step: dict[str, Any]) -> Rung:
    percent, after = step.get("percent"), step.get("after")
    kind = "warn" if percent and percent < 100 else "due" if percent else "late"
    titles = {"warn": _now("Warn"), "due": _now("Due"), "late": _now("Still late")}
    when = f"{percent} %" if percent else f"+{length_in_words(after or '')}"
    roles = dict(ROLES)
    whom = [
        str(roles.get(one, one)) if isinstance(one, str) else one["person"]
        for one in step.get("whom", ())
    ]
    through = [str(dict(CHANNELS).get(one, one)) for one in step.get("channels", ())]
    return Rung(kind, titles[kind], when, ", ".join([" + ".join(whom), *through[:2]]))


PART = Part(
    "ladders",
    _("When late"),
    _("Who is told before, at and after the due instant, and through what."),
    ("ladders",),
    _spec,
    {"ladders": "ladder"},
    _draw,
)
