"""The words for stages that hold now, over all agreements in force."""

from datetime import datetime

from leads.core.words.stages import StageWords, words_of
from sla.core.terms import Terms
from sla.models import Version


def in_force(at: datetime) -> list[Terms]:
    """The terms in force of every agreement, the default's first: it names most leads."""
    effective = Version.objects.effective(at).defer("terms", "backtest")
    newest: dict[int, Version] = {}
    for version in effective.select_related("agreement"):
        newest.setdefault(version.agreement_id, version)
    ordered = sorted(
        newest.values(), key=lambda one: (not one.agreement.is_default, one.agreement.position)
    )
    return [version.parsed for version in ordered]


def stage_words(at: datetime) -> StageWords:
    """One query; the terms themselves are read once in a process."""
    return words_of(in_force(at))
