"""What will be late before closing time and before the weekend, from what runs now."""

from leads.reports.forecast.reading import Foreseen, forecast

__all__ = ["Foreseen", "forecast"]
