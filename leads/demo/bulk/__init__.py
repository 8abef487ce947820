"""Stories written as rows, many thousand at once, by the same core as the actions."""

from leads.demo.bulk.player import BulkPlayer

__all__ = ["BulkPlayer"]
