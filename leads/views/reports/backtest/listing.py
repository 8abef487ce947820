"""The rows behind a count, whatever it counts: by key, a page or a file of them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from leads.views.reports.evidence import Row

CHUNK = 500


@dataclass(frozen=True)
class Listing:
    """Every row of a count by its key, the newest first, and how those of some keys look.

    `about` says in a sentence which rows these are, `back` names the page they come from.
    """

    header: Sequence[str]
    keys: Sequence[int]
    shown: Callable[[Sequence[int]], list[Row]]
    about: str
    back: str
    name: str

    @property
    def file_header(self) -> list[str]:
        return [*self.header, _("Page"), _("Evidence"), _("Ledger")]

    @property
    def total(self) -> int:
        return len(self.keys)

    def page(self, before: int | None, size: int) -> tuple[list[int], bool]:
        """The next keys below `before`, and whether there are more."""
        some = [one for one in self.keys if before is None or one < before]
        return some[:size], len(some) > size

    def chunks(self) -> Iterator[Sequence[int]]:
        for first in range(0, len(self.keys), CHUNK):
            yield self.keys[first : first + CHUNK]

    def values(self) -> Iterator[list[Any]]:
        """The rows as a file holds them, read while it is sent."""
        for keys in self.chunks():
            for one in self.shown(keys):
                links = [cell.url for cell in one.cells if cell.url]
                yield [*(cell.value for cell in one.cells), links[0], links[-1], one.ledger]
