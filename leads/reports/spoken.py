"""The words in which other systems speak of stages."""

from leads.models import StageEntry

MOST = 100


def legacy_words() -> list[str]:
    """The names of stages that imported leads came with, as they were written; a few."""
    named = StageEntry.objects.order_by("stage").values_list("stage", flat=True).distinct()
    return [name for name in named[:MOST] if name]
