"""What of the records read can be taken, before the database is asked about anybody."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import attrgetter

from django.utils.translation import gettext as _

from leads.actions.imports.columns.incomings import Incomings
from leads.actions.imports.incoming import ENTERED, Incoming, incoming
from leads.actions.imports.source import Source
from leads.core.files.cells import Read
from leads.core.files.records import Record, Refusal
from leads.core.words import abroad
from leads.errors import FileRefused
from portal import ledger
from sla.core.terms import Stage
from sla.models import Agreement, Version

_LONG = {
    "MAL": "Marketing accepted lead",
    "MQL": "Marketing qualified lead",
    "SAL": "Sales accepted lead",
    "SQL": "Sales qualified lead",
    "SQO": "Sales qualified opportunity",
}
_TEXTS = [Version.State.SIGNED.value, Version.State.PROPOSED.value, Version.State.DRAFT.value]
_TOMORROW = timedelta(days=1)  # somewhere it is tomorrow already


@dataclass
class Sifted:
    """Some records of the file: those that can be taken, and those refused."""

    arriving: list[Incoming] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)


class Sifter:
    """Sifts the records of one file as of `at`.

    History lies in the past, but on simulated time, where a file may tell of what is yet
    to be played. Raises FileRefused if the file claims stages that no agreement has.
    """

    def __init__(self, source: Source, at: datetime) -> None:
        self.source = source
        self.latest = None if ledger.is_simulated() else at + _TOMORROW
        self.columns = {target.to: target.column for target in source.mapping.targets}
        _require_stages(self.columns, at)
        self.words = stage_words(at) if "stage" in self.columns else {}
        self.customers = _customers(at)
        self._reader = source.reader()
        self._columns = Incomings(
            source, latest=self.latest, words=self.words, customers=self.customers
        )

    def sift(self, some: Sequence[Record | Refusal]) -> Sifted:
        """What can be taken of some records, by whole columns where they are plain."""
        records = [one for one in some if isinstance(one, Record)]
        refused = [one for one in some if isinstance(one, Refusal)]
        arriving, odd = self._columns.of(records)
        sifted = self.sift_each(odd)
        if odd:
            arriving = sorted([*arriving, *sifted.arriving], key=attrgetter("line"))
        refused = sorted([*refused, *sifted.refused], key=attrgetter("line"))
        return Sifted(arriving, refused)

    def sift_each(self, records: Iterable[Record]) -> Sifted:
        """The same, record by record, which is what the columns are tested against."""
        sifted = Sifted()
        for record in records:
            one = self._reader.read(record)
            refusal = one if isinstance(one, Refusal) else self._too_late(one)
            if refusal is not None:
                sifted.refused.append(refusal)
            elif isinstance(one, Read):
                self._take(one, sifted)
        return sifted

    def _take(self, read: Read, sifted: Sifted) -> None:
        word = str(read.values.get("stage", ""))
        stands = self.words.get(word.casefold(), "")
        if word and not stands and word.casefold() not in abroad.NOWHERE:
            said = f"{word[:40]!r} is no stage of an agreement in force"
            sifted.refused.append(Refusal(read.line, self.columns["stage"], said))
            return
        arriving = incoming(read, self.source.mapping.source, stands, self.customers)
        if arriving.arrival.has_a_name:
            sifted.arriving.append(arriving)
        else:
            sifted.refused.append(Refusal(read.line, "", "nothing in it says who this is"))

    def _too_late(self, read: Read) -> Refusal | None:
        for to, moment in read.moments.items():
            if self.latest is not None and moment.at > self.latest:
                said = f"{moment.at:%Y-%m-%d %H:%M} UTC lies in the future"
                return Refusal(read.line, self.columns[to], said)
        return None


def stages_in_force(at: datetime) -> dict[str, Stage]:
    """The stages of all agreements in force, by their keys, in the order of the journeys.

    Before the first signatures a company brings its leads, too: then those of the text that
    is nearest to them, proposed or drafted.
    """
    found: dict[str, Stage] = {}
    texts = Version.objects.filter(agreement__in=Agreement.objects.in_order(), state__in=_TEXTS)
    order = [f"agreement__{name}" for name in ("is_default", "position", "pk")]
    of_each: dict[int, list[Version]] = {}
    for text in texts.order_by(*order):
        of_each.setdefault(text.agreement_id, []).append(text)
    for some in of_each.values():
        for stage in _nearest(some, at).parsed.journey:
            found.setdefault(stage.key, stage)
    return found


def _nearest(texts: list[Version], at: datetime) -> Version:
    """Of one agreement the version in force, else the text that is nearest to it."""
    begun = [one for one in texts if one.effective_from and one.effective_from <= at]
    if begun:
        return max(begun, key=lambda one: (one.effective_from, one.signed_at, one.number))
    return min(texts, key=lambda one: (_TEXTS.index(one.state), -one.number))


def stage_words(at: datetime) -> dict[str, str]:
    """From every word for a stage, in lower case, to its key: the key itself, the name, the
    old label, what the old label is short for, and words of other systems that none has."""
    words: dict[str, str] = {}
    stages = stages_in_force(at)
    for stage in stages.values():
        for word in (stage.key, stage.name, *_old_words(stage.legacy or "")):
            words.setdefault(word.casefold(), stage.key)
    return words | abroad.meant(words, next(iter(stages), ""))


def _customers(at: datetime) -> frozenset[str]:
    """The stages at which somebody is a customer already."""
    stages = stages_in_force(at).values()
    return abroad.since_customer(
        (stage.key, [stage.name, *_old_words(stage.legacy or "")]) for stage in stages
    )


def _old_words(label: str) -> list[str]:
    """A label, its parts where it has two (SAL/SQL), and what they are short for."""
    parts = [part.strip() for part in re.split("[/,]", label) if part.strip()]
    long = [_LONG[part.upper()] for part in parts if part.upper() in _LONG]
    return [label, *parts, *long] if parts else []


def _require_stages(columns: dict[str, str], at: datetime) -> None:
    claimed = {to.removeprefix(ENTERED) for to in columns if to.startswith(ENTERED)}
    known = stages_in_force(at).keys() if claimed else set()
    if strange := sorted(claimed - known):
        raise FileRefused(
            _("No agreement in force has the stage %(stages)s.")
            % {"stages": ", ".join(strange)}
        )
