"""What is kept so that it can be taken back, told or answered: merges, old words heard,
waivers asked for."""

from leads.models.marks.waiver import WaiverRequest

__all__ = ["WaiverRequest"]
