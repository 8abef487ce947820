"""Lists in pages: by the last number seen and not by counting, so that a row which comes or
goes between two pages makes none of the others appear twice or never."""

from collections.abc import Sequence
from typing import TypeVar
from urllib.parse import urlencode

from django.db import models
from django.http import HttpRequest

M = TypeVar("M", bound=models.Model)
MOST_ROWS = 200
GREATEST = 2**53 - 1


def page(
    request: HttpRequest, rows: "models.QuerySet[M]", *, by: str, after: int | None, limit: int
) -> tuple[Sequence[M], str | None]:
    """One page of `rows` in the order of the unique number `by`, and the next one's address."""
    if after is not None:
        rows = rows.filter(**{f"{by}__gt": after})
    return _cut(request, list(rows.order_by(by)[: limit + 1]), by, limit)


def paged(
    request: HttpRequest, rows: "models.QuerySet[M]", *, after: int | None, limit: int
) -> tuple[Sequence[M], str | None]:
    """The same, newest first, by the number of the row."""
    if after is not None:
        rows = rows.filter(pk__lt=after)
    return _cut(request, list(rows.order_by("-pk")[: limit + 1]), "pk", limit)


def following(request: HttpRequest, last: int, limit: int) -> str:
    """The address of the next page: this one's, with all that it asks for."""
    query = {name: values for name, values in request.GET.lists() if name not in _OURS}
    return f"{request.path}?{urlencode({**query, 'limit': limit, 'after': last}, doseq=True)}"


_OURS = {"after", "limit"}


def _cut(
    request: HttpRequest, found: list[M], by: str, limit: int
) -> tuple[Sequence[M], str | None]:
    if len(found) <= limit:
        return found, None
    return found[:limit], following(request, getattr(found[limit - 1], by), limit)
