"""The backtest that is kept with a proposal: computed before its transaction."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from portal.jobs.models import Job
from sla import ports
from sla.core import terms as core
from sla.models import Version

PERIOD = timedelta(days=90)
FRESH = timedelta(days=7)


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
    found = ports.backtest(version, base, at - PERIOD, at, at)
    digest, beside = core.digest(version.terms), base.pk if base else None
    whole = _whole(digest, beside, at) if found.cut else None
    return Computed(digest, beside, whole or found.as_json())


def _whole(digest: str, base: int | None, at: datetime) -> dict[str, Any] | None:
    """What a job found on every handoff of a time, for the same text beside the same version;
    a week ago at most. It stands for an answer that is of the newest handoffs alone."""
    done = Job.objects.filter(
        kind="backtest", state=Job.State.DONE, arguments__digest=digest,
        ended_at__gte=at - FRESH,
    )  # fmt: skip
    for job in done.order_by("-ended_at", "-pk")[:10]:
        if job.arguments["base"] == base:
            result: dict[str, Any] = job.result["backtest"]
            return result
    return None


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
