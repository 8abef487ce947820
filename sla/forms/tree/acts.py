"""What buttons do to the rows of a form that is not saved: add, remove, move up and down.

Each act says where the focus goes: to the same button of the row that was moved, to the
first field of the row that was added, to the row after the one that was removed.
"""

from collections.abc import Callable
from typing import Any

from sla.forms.tree.branches import Part
from sla.forms.tree.posted import MOST_ROWS

Said = Any


def act(spec: Part, said: Said, verb: str, path: str) -> str:
    """Do `verb` to what is said at `path`; return the id that the focus belongs to.

    Raises KeyError for a verb or a path that is not there.
    """
    return ACTS[verb](spec, said, path)


def at(spec: Part, said: Said, path: str) -> tuple[Part, Said]:
    """The part and what is said at a path such as `journey-2-criteria`. Raises KeyError."""
    for step in path.split("-"):
        if not hasattr(spec, "step"):
            raise KeyError(path)
        spec, said = spec.step(said, step)
    return spec, said


def _add(spec: Part, said: Said, path: str) -> str:
    rows, there = at(spec, said, path)
    if not hasattr(rows, "blank") or len(there) >= MOST_ROWS:
        raise KeyError(path)
    there.append(rows.blank())
    first = rows.row.parts[0].name if hasattr(rows, "row") else "what"
    return f"e-{path}-{len(there) - 1}-{first}"


def _row(spec: Part, said: Said, path: str) -> tuple[list[Said], str, int]:
    """The list that a row stands in, the list's path and the row's index."""
    above, dash, index = path.rpartition("-")
    rows, there = at(spec, said, above)
    if not dash or not isinstance(there, list):
        raise KeyError(path)
    rows.step(there, index)
    return there, above, int(index)


def _remove(spec: Part, said: Said, path: str) -> str:
    there, above, index = _row(spec, said, path)
    del there[index]
    left = min(index, len(there) - 1)
    return f"remove-{above}-{left}" if there else f"add-{above}"


def _move(step: int) -> Callable[[Part, Said, str], str]:
    def move(spec: Part, said: Said, path: str) -> str:
        there, above, index = _row(spec, said, path)
        to = min(max(index + step, 0), len(there) - 1)
        there.insert(to, there.pop(index))
        # At the end of the list the button is gone: the other one is next to it.
        up = to > 0 and (step < 0 or to == len(there) - 1)
        return f"{'up' if up else 'down'}-{above}-{to}"

    return move


def _redraw(spec: Part, said: Said, path: str) -> str:
    """A choice that decides what is asked next was made; nothing else changes."""
    return f"e-{path}" if path else ""


ACTS: dict[str, Callable[[Part, Said, str], str]] = {
    "add": _add,
    "remove": _remove,
    "up": _move(-1),
    "down": _move(1),
    "redraw": _redraw,
}
