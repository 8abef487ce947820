"""A page of resources, counted from 1 as SCIM does."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest

from portal.accounts.scim import reading
from portal.accounts.scim.answers import MESSAGE

Row = TypeVar("Row", bound=Model)


def listed(
    request: HttpRequest, rows: QuerySet[Row], shown: Callable[[Row], dict[str, Any]]
) -> dict[str, Any]:
    start, count = reading.page(request.GET.dict())
    found = [shown(row) for row in rows[start : start + count]]
    return {
        "schemas": [f"{MESSAGE}ListResponse"],
        "totalResults": rows.count(),
        "startIndex": start + 1,
        "itemsPerPage": len(found),
        "Resources": found,
    }
