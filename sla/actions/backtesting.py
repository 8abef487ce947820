"""The backtest that is kept with a proposal: computed before its transaction."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sla import ports
from sla.core import terms as core
from sla.models import Version

PERIOD = timedelta(days=90)


@dataclass(frozen=True)
class Computed:
    """A backtest with what it was computed of: a text beside the version in force, if any."""

    digest: str
    base: int | None
    result: dict[str, Any]

    def holds(self, version: Version, at: datetime) -> bool:
        """Whether it is of the text that `version` has, beside what is in force at `at`."""
        return self.digest == core.digest(version.terms) and self.base == _base(version, at)


def compute(version: Version, at: datetime) -> Computed:
    """What `version` would have cost in the 90 days before `at`.

    It reads thousands of rows: before the transaction that keeps it, so that nobody waits.
    """
    base = Version.objects.in_force(version.agreement_id, at)
    result = ports.backtest(version, base, at - PERIOD, at, at).as_json()
    return Computed(core.digest(version.terms), base.pk if base else None, result)


def attach(version: Version, computed: Computed | None, at: datetime) -> None:
    """Keep it with a locked `version`; the caller saves the version.

    It is shown where people sign, and its digest goes into the ledger with the proposal. If
    the text or the version in force changed since it was computed, it is computed again.
    """
    if computed is None or not computed.holds(version, at):
        computed = compute(version, at)
    version.backtest = computed.result


def _base(version: Version, at: datetime) -> int | None:
    base = Version.objects.in_force(version.agreement_id, at)
    return base.pk if base else None


def digest(version: Version) -> dict[str, str]:
    """What the ledger says in clear of the backtest that is attached to a version."""
    return {"backtest": core.digest(version.backtest)} if version.backtest else {}
