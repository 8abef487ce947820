"""A year of handoffs, from what one costs. Pure: nothing is asked and nothing is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from ground.counting import Step

SIZES = (100_000, 1_000_000, 10_000_000, 100_000_000)
LIFE = {
    "lead": 1.0, "handed over": 1.0, "accepted": 1.0, "called": 2.0, "alert": 0.5, "mail": 2.0,
    "page": 20.0,
}  # fmt: skip
"""How often each step is taken for one handoff: a second lead that never is handed over, two
calls, an alert for every other, two mails, twenty pages."""
WRITES = ("lead", "handed over", "accepted", "called", "alert")
"""Steps that write the ledger; alerts in batches of two hundred at most."""
BY_WORKERS = ("alert", "mail")
WORKING_HOURS = 2_500  # of a year, in which all of it is done
BUSIEST = 3.0  # times as much as in the mean of these hours
BATCH = 20  # alerts that one act writes, while many are due
SPARE = 0.5  # of a core; what is planned to be busy of it


@dataclass(frozen=True)
class Year:
    """What the busiest hour needs, and what the year leaves behind."""

    handoffs_a_second: float
    actions_a_second: float
    entries_a_second: float
    web_cores: float
    worker_cores: float
    database_cores: float
    rows: float
    bytes: float


def year(handoffs: int, steps: Mapping[str, Step]) -> Year:
    """As many handoffs in a year, each with the steps of LIFE."""
    rate = handoffs / WORKING_HOURS * BUSIEST / 3_600
    whole = {name: (LIFE[name], steps[name]) for name in LIFE}
    web = sum(n * one.portal for name, (n, one) in whole.items() if name not in BY_WORKERS)
    worker = sum(LIFE[name] * steps[name].portal for name in BY_WORKERS)
    acts = sum(LIFE[name] / (BATCH if name == "alert" else 1) for name in WRITES)
    return Year(
        handoffs_a_second=rate,
        actions_a_second=rate * acts,
        entries_a_second=rate * sum(n * one.entries for n, one in whole.values()),
        web_cores=rate * web / SPARE,
        worker_cores=rate * worker / SPARE,
        database_cores=rate * sum(n * one.database for n, one in whole.values()) / SPARE,
        rows=handoffs * sum(n * one.rows for n, one in whole.values()),
        bytes=handoffs * sum(n * max(one.bytes, 0) for n, one in whole.values()),
    )


def waits(rate: float, hold: float, *, chance: Random, count: int = 100_000) -> list[float]:
    """Seconds that each of `count` acts waits for the end of the chain, when they come by
    chance at a rate a second and each holds it for so long, one after the other."""
    found, wait = [], 0.0
    for _act in range(count):
        found.append(wait)
        wait = max(wait + hold - chance.expovariate(rate), 0.0)
    return found
