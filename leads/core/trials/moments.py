"""When criteria were met by one lead: the stretches of time in which a tree holds.

Fields are as they stand; touches and confirmed facts have their instants. A stretch is
[from, to) in int64 microseconds since 1970-01-01T00:00Z; those of a list are in order and
apart from each other. At every instant a stretch says what `sla.core.criteria.evaluate` does.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from sla.core.criteria import AllOf, AnyOf, Attested, FieldIs, Node, Not, TouchedWithin
from sla.core.criteria.evaluation import meets

MICROSECOND = timedelta(microseconds=1)
Stretch = tuple[int, int]


class Happened(NamedTuple):
    """A touch, at the instant that counts."""

    at: int
    kind: str
    department: str
    direction: str


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one lead between `first` and `until` (excluded): its fields by name,
    its touches in order, and when each fact was confirmed."""

    first: int
    until: int
    fields: Mapping[str, object]
    touches: Sequence[Happened] = ()
    attested: Mapping[str, int] | None = None


def met(node: Node, known: Known) -> list[Stretch]:
    """Return when `node` is met, from the first instant that is looked at to the last."""
    whole = (known.first, known.until)
    if known.first >= known.until:
        return []
    if isinstance(node, AllOf):
        return _all(node.parts, known, whole)
    if isinstance(node, AnyOf):
        return _joined(span for part in node.parts for span in met(part, known))
    if isinstance(node, Not):
        return _rest(met(node.part, known), whole)
    if isinstance(node, FieldIs):
        return [whole] if meets(node, known.fields.get(node.field)) else []
    if isinstance(node, Attested):
        return _within([(known.attested or {}).get(node.fact)], whole, lambda at: known.until)
    return _touched(node, known, whole)


def _all(parts: Iterable[Node], known: Known, whole: Stretch) -> list[Stretch]:
    found = [whole]
    for part in parts:
        found = _common(found, met(part, known))
        if not found:
            break
    return found


def _touched(node: TouchedWithin, known: Known, whole: Stretch) -> list[Stretch]:
    """From the touch that makes them enough, until the first of them is too old."""
    seen = [touch.at for touch in known.touches if _counts(node, touch)]
    enough = zip(seen[node.count - 1 :], seen, strict=False)
    if node.window is None:
        return _within([at for at, _oldest in enough][:1], whole, lambda at: known.until)
    window = node.window // MICROSECOND
    spans = ((at, oldest + window + 1) for at, oldest in enough if at <= oldest + window)
    return _joined(_cut(span, whole) for span in spans)


def _counts(node: TouchedWithin, touch: Happened) -> bool:
    return (
        touch.kind in node.kinds
        and node.department in (None, touch.department)
        and node.direction in (None, touch.direction)
    )


def _within(
    begins: Iterable[int | None], whole: Stretch, ends: Callable[[int], int]
) -> list[Stretch]:
    return _joined(_cut((at, ends(at)), whole) for at in begins if at is not None)


def _cut(span: Stretch, whole: Stretch) -> Stretch:
    return max(span[0], whole[0]), min(span[1], whole[1])


def _joined(spans: Iterable[Stretch]) -> list[Stretch]:
    found: list[Stretch] = []
    for begins, ends in sorted(span for span in spans if span[0] < span[1]):
        if found and begins <= found[-1][1]:
            found[-1] = found[-1][0], max(ends, found[-1][1])
        else:
            found.append((begins, ends))
    return found


def _common(some: Sequence[Stretch], other: Sequence[Stretch]) -> list[Stretch]:
    both = (_cut(one, two) for one in some for two in other)
    return [span for span in both if span[0] < span[1]]


def _rest(spans: Sequence[Stretch], whole: Stretch) -> list[Stretch]:
    edges = [whole[0], *(edge for span in spans for edge in span), whole[1]]
    found = zip(edges[::2], edges[1::2], strict=True)
    return [span for span in found if span[0] < span[1]]
