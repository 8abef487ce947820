"""Material of the library that fits what Sales asks for; the nearest first."""

from datetime import date

from leads.models import Content, Contribution

MOST = 6


def fitting(
    *, kind: str = "", competitor: str = "", words: str = "", today: date
) -> list[Content]:
    """Ready material of a kind, of the same competitor and stage words first.

    `words` narrows by search, as in the library itself; at most MOST.
    """
    found = Content.objects.ready(today).select_related("owner")
    if kind and kind != Contribution.Kind.OTHER:
        found = found.filter(kind=kind)
    if words:
        found = found.matching(words)
    rows = list(found.with_use().order_by("-pk")[: MOST * 5])
    rows.sort(key=lambda one: (one.competitor.casefold() != competitor.casefold(), -_won(one)))
    return rows[:MOST]


def _won(content: Content) -> int:
    return int(getattr(content, "won", 0))
