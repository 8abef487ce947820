"""One part of a draft as a form: what was read, what was entered, and the terms it makes."""

import re
from copy import deepcopy
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from portal.reader.language import say
from sla.core import terms as core
from sla.core.saying import retold
from sla.core.terms import Fault
from sla.forms.around import Around, Part
from sla.forms.parts import PARTS
from sla.forms.renames import renamed
from sla.forms.tree.acts import ACTS, act
from sla.forms.tree.nodes import Node, Page, group
from sla.forms.tree.posted import Posted

_STEP = re.compile(r"\[([0-9]+)\]|([^.\[\]]+)")
# Reasons that go on from a label as its sentence: "Percent must be at most 100".
_GOES_ON = ("must ", "is ", "are ", "has ", "needs ", "cannot ", "gets ", "holds ")


class PartForm:
    """The form of `part`; `sent` is what came from the browser, None for a first look."""

    def __init__(self, part: Part, around: Around, sent: Posted | None = None) -> None:
        self.part, self.around = part, around
        self.spec = part.spec(around)
        self.said = self.spec.posted(sent, "") if sent else self.spec.shown(around.terms)
        self.sent = sent
        self.seen = sent.text("seen_save") if sent else ""
        self.page = Page()
        self.elsewhere: list[Fault] = []
        self.value: dict[str, Any] = {}

    def do(self, verb: str, path: str) -> None:
        """Change the rows as a button says. Raises KeyError for what is not there."""
        if verb in self.part.acts:
            self.page.focus = self.part.acts[verb](self, path)
        elif verb in ACTS:
            self.page.focus = act(self.spec, self.said, verb, path)
        else:
            raise KeyError(verb)

    def is_valid(self) -> bool:
        """Whether every field can be read; what cannot is in the page's errors."""
        self.page.errors = {}
        self.value = self.spec.read(self.said, "", self.page.errors)
        return not self.page.errors

    def result(self) -> dict[str, Any]:
        """The whole terms with this part as it was entered; only after `is_valid()`.

        References to keys that were renamed here are renamed with them.
        """
        return self._with(self.value)

    def candidate_faults(self) -> list[Fault]:
        """What the terms would say against the entered part; only after `is_valid()`."""
        return core.faults(self.result())

    @cached_property
    def candidate(self) -> dict[str, Any] | None:
        """The terms as they would be saved now; None while they could not be."""
        errors: dict[str, str] = {}
        value = self.spec.read(self.said, "", errors)
        terms = None if errors else self._with(value)
        return None if terms is None or core.faults(terms) else terms

    def _with(self, value: dict[str, Any]) -> dict[str, Any]:
        kept = {k: v for k, v in self.around.terms.items() if k not in self.part.names}
        terms = deepcopy(kept)
        for kind, names in self.renames().items():
            terms = renamed(terms, kind, names)
        entered = {**terms, **value}
        order = [*self.around.terms, *(k for k in entered if k not in self.around.terms)]
        return {name: entered[name] for name in order if name in entered}

    def renames(self) -> dict[str, dict[str, str]]:
        """By kind of key: which keys of this part are called otherwise than they were."""
        found: dict[str, dict[str, str]] = {}
        for name, kind in self.part.renames.items():
            for was, now in self._keys(name):
                if was and now and was != now:
                    found.setdefault(kind, {})[was] = now
        return found

    def place(self, found: list[Fault]) -> None:
        """Show each fault at the field it names, or above the form."""
        for fault in found:
            steps: list[str | int] = [
                int(number) if number else name for number, name in _STEP.findall(fault.path)
            ]
            if not steps or steps[0] not in self.part.names:
                self.elsewhere.append(fault)
                continue
            path = self.spec.locate(self.said, steps, "")
            self.page.errors.setdefault(path, _sentence(self._label(path), fault.reason))

    def draw(self) -> None:
        """Put the part's drawings and sentences into the page."""
        self.part.draws(self)

    def nodes(self) -> list[Node]:
        """The form as the templates draw it."""
        self.draw()
        return group(self.spec, self.said, "", self.page)

    def wrong(self) -> list[tuple[str, str]]:
        """What does not fit: the id of each field, or "", and the sentence."""
        return [(f"e-{path}" if path else "", said) for path, said in self.page.errors.items()]

    def others(self) -> list[tuple[Part | None, str]]:
        """What would not fit in other parts: the part that holds it, and the sentence."""
        found: list[tuple[Part | None, str]] = []
        for fault in self.elsewhere:
            top = re.split(r"[.\[]", fault.path)[0]
            part = next((one for one in PARTS.values() if top in one.names), None)
            found.append((part, _sentence("", fault.by(say))))
        return found

    def unfold_like(self, other: "PartForm") -> None:
        """Leave unfolded which rows are so in another form of this part."""
        for name in self.part.names:
            mine, theirs = self.said.get(name), other.said.get(name)
            if isinstance(mine, list) and isinstance(theirs, list):
                for one, was in zip(mine, theirs, strict=False):
                    one["open_"] = was["open_"]

    def _keys(self, name: str) -> list[tuple[str, str]]:
        if name == "criteria":
            return list(_criteria_keys(self.said["journey"]))
        return [(one["was_"], one["key"].strip()) for one in self.said[name]]

    def _label(self, path: str) -> str:
        spec: Any = self.spec
        label = ""
        said: Any = self.said
        for step in path.split("-"):
            if not hasattr(spec, "step"):
                break
            spec, said = spec.step(said, step)
            label = str(getattr(spec, "label", "") or label)
        return label


def _criteria_keys(stages: list[dict[str, Any]]) -> Any:
    inside = [stage["criteria"] for stage in stages]
    while inside:
        one = inside.pop()
        yield one["was_"], one["key"].strip()
        inside += one["parts"]


def _sentence(label: str, written: str) -> str:
    reason = str(retold(written, say))
    if not label:
        return f"{reason[:1].upper()}{reason[1:]}."
    if written.startswith(_GOES_ON):
        return f"{label} {reason}."
    return _("%(label)s: %(reason)s.") % {"label": label, "reason": reason}
