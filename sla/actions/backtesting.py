"""The backtest that is kept with a proposal. Inner steps, in their caller's transaction."""

from datetime import datetime, timedelta

from sla import ports
from sla.core import terms as core
from sla.models import Version

PERIOD = timedelta(days=90)


def attach(version: Version, at: datetime) -> None:
    """Keep with `version` what it would have cost in the 90 days before `at`.

    It is shown where people sign, and its digest goes into the ledger with the proposal.
    The caller saves the version.
    """
    base = Version.objects.in_force(version.agreement_id, at)
    version.backtest = ports.backtest(version, base, at - PERIOD, at, at).as_json()


def digest(version: Version) -> dict[str, str]:
    """What the ledger says in clear of the backtest that is attached to a version."""
    return {"backtest": core.digest(version.backtest)} if version.backtest else {}
