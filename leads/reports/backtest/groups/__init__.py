"""What a text would have made of the past, broken down: handoffs, and leads."""

from leads.reports.backtest.groups.handoffs import BYS, By, Group, groups, keys_of

__all__ = ["BYS", "By", "Group", "groups", "keys_of"]
