"""The words for stages that hold now, over all agreements in force."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from leads.core.words.stages import StageWords, words_of
from portal.spreadsheet import Column
from sla.core.terms import Terms
from sla.models import Version


@dataclass(frozen=True)
class Ruling:
    """The terms in force by agreement, and the words for stages of all of them."""

    by_agreement: Mapping[int, Terms]
    words: StageWords

    @property
    def default(self) -> Terms | None:
        """Those of the default agreement, else of the first that has any."""
        return next(iter(self.by_agreement.values()), None)

    def of(self, agreement_id: int | None) -> Terms | None:
        return self.by_agreement.get(agreement_id) if agreement_id is not None else None


def ruling(at: datetime) -> Ruling:
    """What rules at `at`, the default agreement first: it names most leads.

    One query; the terms themselves are read once in a process.
    """
    effective = Version.objects.effective(at).defer("terms", "backtest")
    newest: dict[int, Version] = {}
    for version in effective.select_related("agreement"):
        newest.setdefault(version.agreement_id, version)
    ordered = sorted(
        newest.values(), key=lambda one: (not one.agreement.is_default, one.agreement.position)
    )
    terms = {version.agreement_id: version.parsed for version in ordered}
    return Ruling(terms, words_of(terms.values()))


def stage_columns(words: StageWords, stage: Callable[[Any], str]) -> list[Column]:
    """What a file says of a row's stage: the journey's name, and the old label beside it."""
    return [
        (_("Stage"), lambda row: words.spoken(stage(row))),
        (_("Old label of the stage"), lambda row: words.labels.get(stage(row), "")),
    ]


def stage_words(at: datetime) -> StageWords:
    return ruling(at).words
