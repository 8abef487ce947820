"""The doctor: each question that an operator would ask, answered in words, with what to do."""

from portal.operations.doctor import basics, keeping, running, signed
from portal.operations.doctor.finding import CHECKS, Finding, Level, examine

__all__ = ["CHECKS", "Finding", "Level", "basics", "examine", "keeping", "running", "signed"]
