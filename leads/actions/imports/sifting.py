"""What of the records read can be taken, before the database is asked about anybody."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from leads.actions.imports.incoming import ENTERED, Incoming, incoming
from leads.actions.imports.source import Source
from leads.core.files.cells import Read
from leads.core.files.records import Refusal
from leads.errors import FileRefused
from portal import ledger
from sla.models import Agreement, Version

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

    def sift(self, some: Iterable[Read | Refusal]) -> Sifted:
        sifted = Sifted()
        for one in some:
            refusal = one if isinstance(one, Refusal) else self._too_late(one)
            if refusal is not None:
                sifted.refused.append(refusal)
            elif isinstance(one, Read):
                self._take(one, sifted)
        return sifted

    def _take(self, read: Read, sifted: Sifted) -> None:
        arriving = incoming(read, self.source.mapping.source)
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


def _require_stages(columns: dict[str, str], at: datetime) -> None:
    claimed = {to.removeprefix(ENTERED) for to in columns if to.startswith(ENTERED)}
    known: set[str] = set()
    for agreement in Agreement.objects.in_order() if claimed else ():
        version = Version.objects.in_force(agreement.pk, at)
        known |= {stage.key for stage in version.parsed.journey} if version else set()
    if strange := sorted(claimed - known):
        raise FileRefused(
            _("No agreement in force has the stage %(stages)s.")
            % {"stages": ", ".join(strange)}
        )
