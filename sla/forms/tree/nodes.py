"""A spec with what is said in it, as the templates draw it."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from portal.look.charts.drawing import Drawing
from sla.forms.tree.branches import Errors, Group, Part, Rows


@dataclass
class Page:
    """What is known of a form beside its values.

    `focus` is the id that gets the focus, by the attribute `focusing`. `drawings`, `texts`
    (in a row's title) and `spoken` (sentences below it) belong to their path; `counts` stand
    beside the form, and `meets` says of a condition how many leads meet it.
    """

    errors: Errors = field(default_factory=dict)
    focus: str = ""
    focusing: str = "autofocus"
    drawings: dict[str, Drawing] = field(default_factory=dict)
    texts: dict[str, Any] = field(default_factory=dict)
    spoken: dict[str, Any] = field(default_factory=dict)
    counts: list[Any] = field(default_factory=list)
    meets: dict[str, int] = field(default_factory=dict)

    def wrong_below(self, path: str) -> bool:
        return any(one == path or one.startswith(f"{path}-") for one in self.errors)

    def unfolded(self, path: str) -> bool:
        inside = self.focus.partition("-")[2]
        moved = self.focus.startswith(("up-", "down-", "remove-")) and inside == path
        near = f"{inside}-".startswith(f"{path}-") and not moved
        return near or self.wrong_below(path)


@dataclass
class Node:
    """One part with its path: a leaf (`said`), or what holds other nodes (`nodes`)."""

    template: str
    path: str
    part: Part
    said: Any
    page: Page
    nodes: list["Node"] = field(default_factory=list)
    index: int = 0
    last: bool = False

    @property
    def id(self) -> str:
        return f"row-{self.path}"

    @property
    def above(self) -> str:
        """The path of what holds this."""
        return self.path.rpartition("-")[0]

    @property
    def error(self) -> str:
        return self.page.errors.get(self.path, "")

    @property
    def options(self) -> list[tuple[str, Any]]:
        return list(self.part.offered(self.said))

    @property
    def chosen(self) -> str:
        return str(self.part.chosen(self.said))

    @property
    def focused(self) -> bool:
        return self.page.focus == f"e-{self.path}"

    @property
    def drawing(self) -> Drawing | None:
        return self.page.drawings.get(self.path)

    @property
    def text(self) -> Any:
        return self.page.texts.get(self.path, "")

    @property
    def unfolded(self) -> bool:
        return bool(self.said["open_"]) or self.page.unfolded(self.path)


@dataclass
class RowNode(Node):
    """One row of a list: `part` is the list's, `said` the row's own."""

    @property
    def title(self) -> str:
        return self.part.title(self.said) or _("new")


def build(part: Part, said: Any, path: str, page: Page) -> Node:
    """The node of a part with everything below it."""
    if hasattr(part, "build"):
        built: Node = part.build(said, path, page)
        return built
    if isinstance(part, Rows):
        return Node(
            "sla/editor/_rows.html", path, part, said, page, _rows(part, said, path, page)
        )
    if isinstance(part, Group):
        form = part.form or "sla/editor/_group.html"
        return Node(form, path, part, said, page, group(part, said, path, page))
    return Node("sla/editor/_field.html", path, part, said, page)


def group(part: Group, said: dict[str, Any], path: str, page: Page) -> list[Node]:
    """The nodes of the parts of a group."""
    prefix = f"{path}-" if path else ""
    return [
        build(one, said[one.name], f"{prefix}{one.name}" if one.name else path, page)
        for one in part.parts
    ]


def _rows(part: Rows, said: list[dict[str, Any]], path: str, page: Page) -> list[Node]:
    rows: list[Node] = []
    for index, one in enumerate(said):
        here = f"{path}-{index}"
        inner = group(part.row, one, here, page)
        last = index == len(said) - 1
        template = "sla/editor/_row.html"
        rows.append(RowNode(template, here, part, one, page, inner, index, last))
    return rows
