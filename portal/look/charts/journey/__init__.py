"""The journey of a lead, wide for a desk and upright for a phone."""

from portal.look.charts.journey.shape import Arrow, Journey, Stretch, Touch, Watch
from portal.look.charts.journey.upright import upright
from portal.look.charts.journey.wide import journey

__all__ = ["Arrow", "Journey", "Stretch", "Touch", "Watch", "journey", "upright"]
