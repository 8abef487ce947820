"""How much the portal says: messages of each person, day and channel."""

from leads.reports.noise.counting import Group, Noise, noise

__all__ = ["Group", "Noise", "noise"]
