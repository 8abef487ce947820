"""What the buttons of the criteria builder do to a form that is not saved.

Each says where the focus goes.
"""

from collections.abc import Callable
from typing import Any, Protocol

from sla.forms.criteria.tree import Criteria
from sla.forms.tree.acts import at


class Form(Protocol):
    """What holds criteria somewhere: its spec, and what is said in it."""

    spec: Any
    said: Any


def _wrap(what: str) -> Any:
    """A group around the criteria, with a new condition in it."""

    def wrap(form: Form, path: str) -> str:
        tree, said = at(form.spec, form.said, path)
        if not isinstance(tree, Criteria):
            raise KeyError(path)
        inner = dict(said)
        said |= tree.blank() | {"what": what, "parts": [inner, tree.blank()]}
        return f"e-{path}-parts-1-what"

    return wrap


def _begin(form: Form, path: str) -> str:
    """Criteria where there were none: a group of one condition."""
    tree, said = at(form.spec, form.said, path)
    if not isinstance(tree, Criteria):
        raise KeyError(path)
    said |= tree.blank() | {"what": "all", "parts": [tree.blank()]}
    return f"e-{path}-parts-0-what"


def _clear(form: Form, path: str) -> str:
    tree, said = at(form.spec, form.said, path)
    if not isinstance(tree, Criteria):
        raise KeyError(path)
    said |= tree.blank()
    return f"begin-{path}"


def _group(form: Form, path: str) -> str:
    """A group with one condition, inside the group at `path`."""
    tree, said = at(form.spec, form.said, path)
    if not isinstance(tree, Criteria):
        raise KeyError(path)
    said["parts"].append(tree.blank() | {"what": "any", "parts": [tree.blank()]})
    return f"e-{path}-parts-{len(said['parts']) - 1}-parts-0-what"


CRITERIA_ACTS: dict[str, Callable[[Any, str], str]] = {
    "all": _wrap("all"),
    "any": _wrap("any"),
    "begin": _begin,
    "clear": _clear,
    "group": _group,
}
