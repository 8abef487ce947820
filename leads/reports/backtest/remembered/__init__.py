"""Past handoffs that this process has read, kept until the ledger says that they changed."""

from leads.reports.backtest.remembered.memory import Memory, remembered

__all__ = ["Memory", "remembered"]
