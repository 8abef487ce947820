"""Past handoffs as columns, kept until the ledger says that they changed."""

from leads.reports.backtest.columns.memory import Memory, anew, history, remembered

__all__ = ["Memory", "anew", "history", "remembered"]
