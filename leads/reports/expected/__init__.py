"""What a text that nobody has signed yet would have made of the leads that arrive."""

from leads.reports.expected.shadow import shadow

__all__ = ["shadow"]
