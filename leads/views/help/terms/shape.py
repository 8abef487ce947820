"""What a word of the glossary is made of."""

from dataclasses import dataclass

from django.utils.functional import Promise

JOURNEY, PROMISES, VOLUME, LATENESS, RETURNS, EVIDENCE, TIME, _OWN, SELF = range(2, 11)
"""The sections of every agreement, by their numbers."""


@dataclass(frozen=True)
class Term:
    """A word and what it means here.

    `other`: words under which people know it. `section`: the section of every agreement
    that rules it, 0 for none; `kinds`: of that section, the obligations of these kinds.
    """

    key: str
    word: str | Promise
    means: str | Promise
    other: str | Promise = ""
    section: int = 0
    kinds: tuple[str, ...] = ()
