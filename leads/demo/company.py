"""The whole company, from an empty database to this morning."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from time import perf_counter
from zoneinfo import ZoneInfo

from leads.demo import cards, lately, people, scenes, signing
from leads.demo.bulk import BulkPlayer
from leads.demo.library import shelf
from leads.demo.stories import SEED, Writer
from leads.models import Lead
from portal import ledger
from portal.demo.simulation import advance
from portal.errors import DomainError
from sla.core import terms as core
from sla.core.workingtime import is_open

LEADS = 8_000
DAY = timedelta(days=1)
BERLIN = ZoneInfo("Europe/Berlin")
HALF_PAST_TEN = (10, 12)
TAKES = timedelta(minutes=10)  # at most, so that the morning still lies ahead at the end


class NotEmpty(DomainError):
    """Somebody lives in this database already."""


@dataclass(frozen=True)
class Seeded:
    """What was made, and in which time."""

    now: datetime
    leads: int
    entries: int
    seconds: float

    def __str__(self) -> str:
        return (
            f"Halden Instruments: {self.leads} leads, {self.entries} ledger entries,"
            f" {self.seconds:.0f} s"
        )


def seed(*, host_now: datetime, leads: int = LEADS) -> Seeded:
    """Fill an empty database up to the next working morning in Berlin; see `wake`.

    Raises NotEmpty if the ledger was opened before.
    """
    started = perf_counter()
    now = morning(host_now + TAKES)
    begin = people.birthday(now)
    if ledger.tip()[0]:
        raise NotEmpty("This database holds a company already.")
    ledger.open_ledger(simulated=True, at=begin, company="Halden Instruments")
    with ledger.recording(at=begin):
        staff = people.hire(now=now)
        scenes.settle_companies(staff)
        for person in staff.values():
            if person.is_signatory:
                cards.enrol(person)
    agreement = signing.agree(staff, begin=begin, now=now)
    shelf.stock(staff, begin=begin, now=now)
    second = now - signing.SECOND_IN_FORCE * DAY
    writer = Writer(begin=begin, now=now, second=second, seed=SEED)
    today = scenes.Morning(now=now, number=leads, calendar=writer.office.calendar)
    BulkPlayer(now=now).play([*writer.all(leads), *today.stories()], until=now)
    signing.propose(staff, agreement, now=now)
    lately.happen(staff, now=now)
    lately.read_messages(now=now)
    return Seeded(now, Lead.objects.count(), ledger.tip()[0], perf_counter() - started)


def wake(seeded: Seeded, *, host_now: datetime) -> None:
    """Let the time of the database be the company's morning, from the host's now on."""
    advance(by=max(seeded.now - host_now, timedelta(0)), at=host_now)


def morning(host_now: datetime) -> datetime:
    """The next 10:12 of a working day in Berlin: everybody is there and the phones ring."""
    calendar = core.parse(core.template("classic")).calendar("berlin")
    hour, minute = HALF_PAST_TEN
    local = host_now.astimezone(BERLIN)
    at = local.replace(hour=hour, minute=minute, second=0, microsecond=0)
    while at <= local or not is_open(calendar, at):
        at += DAY
    return at.astimezone(ZoneInfo("UTC"))
