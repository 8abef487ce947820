"""Evidence as it was recorded, in the words of whoever reads it."""

from collections.abc import Sequence
from typing import Any

from django.utils.dateparse import parse_datetime

from portal.reader.language import say
from sla.core.criteria import Node, recorded, sentence
from sla.core.terms import Terms


def retold(evidence: Sequence[dict[str, Any]], terms: Terms | None) -> list[dict[str, Any]]:
    """The rows with each sentence as `terms` still ask it, in the reader's language, and
    with instants as instants again.

    What they ask otherwise by now, or do not ask, keeps the words that were recorded.
    """
    asked = recorded(stage.criteria for stage in terms.journey) if terms and evidence else {}
    return [
        row | {"sentence": _said(row["sentence"], asked), "set_at": _instant(row)}
        for row in evidence
    ]


def _said(written: str, asked: dict[str, Node]) -> str:
    return sentence(asked[written], say) if written in asked else written


def _instant(row: dict[str, Any]) -> Any:
    return parse_datetime(row["set_at"]) if row.get("set_at") else None
