"""Past handoffs under other terms: what a draft would have cost, and a version observed."""

from leads.reports.backtest.shadow import shadow
from leads.reports.backtest.trying import backtest

__all__ = ["backtest", "shadow"]
