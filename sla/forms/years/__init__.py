"""The years that the calendars of an agreement know, and the next one."""

from sla.forms.years.coming import Coming, coming, renewed

__all__ = ["Coming", "coming", "renewed"]
