"""What a browser sent, by path: `journey-2-name`, and which rows a list has."""

import re
from collections.abc import Mapping

from django.http import QueryDict

MOST_ROWS = 300
_ROW = re.compile(r"(.+)-([0-9]{1,4})-as_")


class Posted:
    """The names and values of a form, with the rows of each list in their order.

    Every row sends a field `as_`, so that a row whose boxes are all empty is still there.
    """

    def __init__(self, data: QueryDict) -> None:
        self.data = data
        self._rows: dict[str, list[int]] = {}
        for name in data:
            if found := _ROW.fullmatch(name):
                self._rows.setdefault(found[1], []).append(int(found[2]))

    def text(self, path: str) -> str:
        return str(self.data.get(path, ""))

    def several(self, path: str) -> list[str]:
        return [str(one) for one in self.data.getlist(path)]

    def rows(self, path: str) -> list[str]:
        """The paths of the rows of the list at `path`, at most MOST_ROWS of them."""
        indices = sorted(set(self._rows.get(path, ())))[:MOST_ROWS]
        return [f"{path}-{index}" for index in indices]


def posted_from(fields: Mapping[str, str | list[str]]) -> Posted:
    """The same from plain values."""
    data = QueryDict(mutable=True)
    for name, value in fields.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return Posted(data)
