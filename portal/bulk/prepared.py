"""A question whose text Django writes once for each connection, and not at every asking.

Django spends more on writing the SQL of a wide row than the database on answering it. What
each action asks first, of the rows that it locks, always has the same text; only the
numbers in it differ. So it is written once, with marks where they go.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from django.db import connections
from django.db.models import QuerySet

R = TypeVar("R")
Value = int | str | datetime
MARKS: dict[type, Callable[[int], Value]] = {
    int: lambda place: 1_066_101_400 + place,
    str: lambda place: f"mark {place} \N{REPLACEMENT CHARACTER}",
    datetime: lambda place: datetime(1066, 10, 14 + place, tzinfo=UTC),
}
"""Values that no question holds by itself."""
KEPT = "_prepared_questions"


class Prepared(Generic[R]):
    """`ask` builds the queryset from values of the `kinds`; calling this with values lists
    its rows, as `list(ask(*values))` would.

    Each value must stand in the SQL as it is given: no lists, no None, no arithmetic with
    them in Python. Raises ValueError at the first asking if one does not, and for a question
    that prefetches.
    """

    def __init__(self, ask: "Callable[..., QuerySet[Any, R]]", *kinds: type[Value]) -> None:
        self.ask, self.kinds = ask, kinds

    def __call__(self, *values: Value) -> list[R]:
        connection = connections["default"]
        # Kept with the connection, so that it goes with it: threads come and go.
        kept = vars(connection).setdefault(KEPT, {})
        written = kept.get(self)
        if written is None:
            written = kept[self] = _Written(self.ask, self.kinds, connection)
        rows: list[R] = written.rows(values)
        return rows

    def first(self, *values: Value) -> R | None:
        """The first row, or None."""
        return next(iter(self(*values)), None)


class _Written:
    """The text and where the values go in it, for one connection."""

    def __init__(
        self, ask: Callable[..., Any], kinds: Sequence[type[Value]], connection: Any
    ) -> None:
        marks = [MARKS[kind](place) for place, kind in enumerate(kinds)]
        self.rows_of = ask(*marks)
        if self.rows_of._prefetch_related_lookups:
            raise ValueError("a prepared question fetches nothing beside its rows")
        self.adapt = connection.ops.adapt_datetimefield_value
        compiler = self.rows_of.query.get_compiler(using=connection.alias)
        self.sql, self.given = compiler.as_sql()
        places = [self._adapted(mark) for mark in marks]
        self.places = {
            n: places.index(one) for n, one in enumerate(self.given) if one in places
        }
        if set(self.places.values()) != set(range(len(marks))):
            raise ValueError(f"not every value stands in the question: {self.sql}")
        # What reads the rows asks the query for its compiler, and that one for the text.
        self.rows_of.query.get_compiler = lambda *_args, **_kwargs: compiler
        compiler.as_sql = self._text
        # What makes a column's value of what the database gives is the same at each asking.
        columns = [column for column, *_ in compiler.select[: compiler.col_count]]
        converters = compiler.get_converters(columns)
        compiler.get_converters = lambda _columns: converters
        self.values: list[Any] = []

    def rows(self, values: Sequence[Value]) -> list[Any]:
        self.values = [self._adapted(value) for value in values]
        # Not by `all()`, which copies the whole question for each asking.
        return list(self.rows_of._iterable_class(self.rows_of))

    def _text(self, *_args: Any, **_kwargs: Any) -> tuple[str, tuple[Any, ...]]:
        given = (
            self.values[self.places[n]] if n in self.places else one
            for n, one in enumerate(self.given)
        )
        return self.sql, tuple(given)

    def _adapted(self, value: Value) -> Any:
        return self.adapt(value) if isinstance(value, datetime) else value
