"""Figures over time: a bar for each week."""

from portal.look.charts.series.weeks import Weeks, weeks

__all__ = ["Weeks", "weeks"]
