"""Parts of the terms as forms: leaves, groups and rows, each named by its path.

A spec (Leaf, Group, Rows, Keyed) says how a piece of the terms is shown, what was posted for
it, and what it reads as. `shown` and `read` are each other's inverse: a form that is sent
back untouched gives back the very same JSON.
"""

from sla.forms.tree.branches import Group, Keyed, Rows, names_in
from sla.forms.tree.choices import Choice, ClockCalendarOf, Flag, Several, Whom
from sla.forms.tree.leaves import NOTHING, Key, Leaf, Prose, Text, Whole, Wrong
from sla.forms.tree.posted import Posted
from sla.forms.tree.spans import Day, Days, Hours, Length

__all__ = [
    "NOTHING",
    "Choice",
    "ClockCalendarOf",
    "Day",
    "Days",
    "Flag",
    "Group",
    "Hours",
    "Key",
    "Keyed",
    "Leaf",
    "Length",
    "Posted",
    "Prose",
    "Rows",
    "Several",
    "Text",
    "Whole",
    "Whom",
    "Wrong",
    "names_in",
]
