"""Figures as they stood when their period closed. Seals are only added to."""

from leads.models.sealing.seal import SEALS, Seal, SealCheck

__all__ = ["SEALS", "Seal", "SealCheck"]
