"""Two steps of how Django writes SQL that are left out where they cannot change it.

Before it writes an ORDER BY it puts every selected column into a table of what may be meant,
and works out for each how it compares with any other expression. A plain name can only mean
a column by its alias; where no column has one, the table is made for nothing, and it is a
third of the time that a wide, ordered question takes to be written.

For SQLite it turns each `%s` of a text into `?` at every asking; the same text gives the same.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, cast

from django.db.backends.sqlite3.base import SQLiteCursorWrapper
from django.db.models.sql.compiler import SQLCompiler

TEXTS = 1_000  # of questions kept, some megabytes in all

_every = cast(Callable[[Any], Iterator[Any]], SQLCompiler._order_by_pairs)
_convert = cast(Callable[..., str], SQLiteCursorWrapper.convert_query)


def install() -> None:
    """From now on, for every question of the process."""
    SQLCompiler._order_by_pairs = _pairs  # type: ignore[method-assign,assignment]  # ours
    SQLiteCursorWrapper.convert_query = _converted  # type: ignore[method-assign,assignment]  # ours


def _pairs(compiler: Any) -> Iterator[Any]:
    """What Django's own gives, which makes its table at the first asking."""
    pairs, select = _every(compiler), compiler.select
    if select and _only_names(compiler):
        compiler.select = None
        try:
            first = next(pairs, None)
        finally:
            compiler.select = select
        if first is None:
            return
        yield first
    yield from pairs


def _only_names(compiler: Any) -> bool:
    query = compiler.query
    if query.combinator or query.extra_order_by:
        return False
    # A check of a constraint in Python asks of no model at all.
    meta = query.get_meta()
    names = query.order_by or (meta.ordering if meta else ())
    no_alias = all(alias is None for _column, _written, alias in compiler.select)
    return no_alias and all(isinstance(name, str) for name in names)


def _converted(cursor: Any, query: str, *, param_names: list[str] | None = None) -> str:
    if param_names is not None:
        return _convert(cursor, query, param_names=param_names)
    return _with_marks(query)


@lru_cache(maxsize=TEXTS)
def _with_marks(query: str) -> str:
    return _convert(cast(Any, None), query, param_names=None)
