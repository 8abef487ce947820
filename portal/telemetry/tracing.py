"""Spans, and their places. Imported only where traces are kept."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar

from django.conf import settings
from opentelemetry import context, trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.trace import Link, NonRecordingSpan, SpanContext, TraceFlags

from portal.telemetry import Facts, Row

ALWAYS = TraceFlags(TraceFlags.SAMPLED)

_wanted: ContextVar[SpanContext | None] = ContextVar("place_of_the_next_span", default=None)


def place(row: Row) -> SpanContext:
    """The trace of a row, and the span in it that all others stand below. Nobody who does not
    hold SECRET_KEY can say which it is."""
    kind, key = row
    said = hashlib.blake2b(
        f"{kind}:{key}".encode(), digest_size=24, key=settings.SECRET_KEY.encode()[:64]
    ).digest()
    whole, first = int.from_bytes(said[:16]), int.from_bytes(said[16:])
    return SpanContext(whole or 1, first or 1, is_remote=True, trace_flags=ALWAYS)


class _Places(RandomIdGenerator):
    """Chance, but for a span whose place is known."""

    def generate_trace_id(self) -> int:
        known = _wanted.get()
        return known.trace_id if known else super().generate_trace_id()

    def generate_span_id(self) -> int:
        known = _wanted.get()
        return known.span_id if known else super().generate_span_id()


class Tracing:
    """Makes spans and hands them to a processor."""

    def __init__(self, processor: SpanProcessor) -> None:
        about = Resource.create({"service.name": "concord"})
        self.provider = TracerProvider(resource=about, id_generator=_Places())
        self.provider.add_span_processor(processor)
        self.tracer = self.provider.get_tracer("concord")

    @contextmanager
    def span(
        self, name: str, facts: Facts, links: Sequence[Link] = (), *, of: Row | None = None
    ) -> Iterator[None]:
        """Below what runs now, or, `of` a row, first in the trace of that. No text of an error
        is kept, as one may name a person; its kind is."""
        known = _wanted.set(place(of) if of else None)
        try:
            above = context.Context() if of else None
            one = self.tracer.start_span(name, above, attributes=facts, links=links)
        finally:
            _wanted.reset(known)
        with trace.use_span(
            one, end_on_exit=True, record_exception=False, set_status_on_exception=False
        ):
            try:
                yield
            except BaseException as error:
                one.set_attribute("error.type", type(error).__name__)
                one.set_status(trace.StatusCode.ERROR)
                raise

    def root(self, name: str, row: Row, facts: Facts) -> AbstractContextManager[None]:
        return self.span(name, facts, of=row)

    @contextmanager
    def after(self, name: str, rows: list[Row], facts: Facts) -> Iterator[None]:
        now = _now()
        if len(rows) != 1:
            with self.span(name, facts, [Link(place(row)) for row in rows]):
                yield
            return
        token = context.attach(trace.set_span_in_context(NonRecordingSpan(place(rows[0]))))
        try:
            with self.span(name, facts, now):
                yield
        finally:
            context.detach(token)

    def wrote(self, name: str, row: Row, cause: Row | None, facts: Facts) -> None:
        links = [*_now(), *([Link(place(cause))] if cause else [])]
        trace.get_current_span().add_link(place(row))
        with self.span(name, facts, links, of=row):
            pass

    def say(self, what: str) -> None:
        trace.get_current_span().add_event(what)

    def note(self, facts: Facts) -> None:
        trace.get_current_span().set_attributes(facts)


def _now() -> list[Link]:
    """A link to what runs now, if anything does."""
    current = trace.get_current_span().get_span_context()
    return [Link(current)] if current.is_valid else []
