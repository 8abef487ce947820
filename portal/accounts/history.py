"""How rows keep their history: each change of one is one more row beside it."""

from functools import cache
from typing import Any

from simple_history.manager import HistoryManager


class KeptHistory(HistoryManager):  # type: ignore[misc]  # untyped
    """The manager of `HistoricalRecords`, made once for each kind of query.

    Its own descriptor makes a new class whenever a history is read, and it is read whenever
    a row is written.
    """

    @classmethod
    @cache
    def from_queryset(cls, queryset_class: type[Any], class_name: str | None = None) -> Any:
        return super().from_queryset(queryset_class, class_name)
