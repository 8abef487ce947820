"""Traces, from the click to the delivery, for who names a collector by `TRACES_TO`.

What has an id has a place in a trace, computed from that id: a request, a clock, an alert, a
message. So whoever does the next step, in another process and hours later, finds the place
by what the row says anyway; no column and no header carries it.

    request -> action -> clock ... sweep -> alert -> message ... sent

Spans hold ids, kinds and routes, and nothing of a person. While nothing is named nothing of
OpenTelemetry is imported, and each function here returns at once.
"""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    from portal.telemetry.tracing import Tracing

Row = tuple[str, object]
"""What kind of row, and its id: `("alert", 12)`."""
Facts = dict[str, str | int | float | bool]

_NOTHING: AbstractContextManager[Any] = nullcontext()
_tracing: "Tracing | None" = None
_is_asked = False


def kept_by() -> "Tracing | None":
    """What spans are made by in this process; None where nobody named a collector."""
    global _tracing, _is_asked
    if not _is_asked:
        _is_asked = True
        if settings.TRACES_TO:
            from portal.telemetry import exporting

            _tracing = exporting.begin(settings.TRACES_TO)
    return _tracing


@contextmanager
def traced_by(made: "Tracing | None") -> Iterator[None]:
    """Let spans be made by this one while the block runs."""
    global _tracing, _is_asked
    before = _tracing, _is_asked
    _tracing, _is_asked = made, True
    try:
        yield
    finally:
        _tracing, _is_asked = before


def span(name: str, **facts: Any) -> AbstractContextManager[Any]:
    """A part of what runs now."""
    made = kept_by()
    return _NOTHING if made is None else made.span(name, facts)


def root(name: str, row: Row, **facts: Any) -> AbstractContextManager[Any]:
    """What begins the trace of this row: a request, for example."""
    made = kept_by()
    return _NOTHING if made is None else made.root(name, row, facts)


def after(name: str, rows: Iterable[Row], **facts: Any) -> AbstractContextManager[Any]:
    """What is done with a row, in its trace; with several, beside their traces."""
    made = kept_by()
    return _NOTHING if made is None else made.after(name, list(rows), facts)


def wrote(name: str, row: Row, *, cause: Row | None = None, **facts: Any) -> None:
    """A row was written by what runs now, because of another row."""
    made = kept_by()
    if made is not None:
        made.wrote(name, row, cause, facts)


def say(what: str) -> None:
    """Something happened within what runs now."""
    made = kept_by()
    if made is not None:
        made.say(what)


def note(**facts: Any) -> None:
    """More of what runs now, known only at its end."""
    made = kept_by()
    if made is not None:
        made.note(facts)
