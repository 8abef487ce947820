"""What a message of another system means: its mapping, read without asking anybody."""

from leads.core.events.mapping import Fault, Mapping, MappingInvalid, parse
from leads.core.events.reading import Event, Ignored, Unclear, read, split

__all__ = [
    "Event",
    "Fault",
    "Ignored",
    "Mapping",
    "MappingInvalid",
    "Unclear",
    "parse",
    "read",
    "split",
]
