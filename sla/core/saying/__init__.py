"""What the core says of the terms, in English unless whoever asks can say it otherwise.

A sentence is made of texts with named places, `is at least {value}`, and each text goes
through a `Say` on its way. The core knows no catalogue: a door passes a `Say` that looks
texts up in the reader's. What is signed is always said `plainly`.
"""

from typing import Protocol


class Say(Protocol):
    """Returns one text as its reader reads it: `many` of two where `n` is not one."""

    def __call__(self, one: str, many: str = "", n: int = 1) -> str: ...


def plainly(one: str, many: str = "", n: int = 1) -> str:
    """Return the text as it is written in the core.

    >>> plainly("{n} day", "{n} days", 3).format(n=3)
    '3 days'
    """
    return many if many and n != 1 else one


def gettext_noop(text: str) -> str:
    """Mark a text for the catalogue, where it is written down before it is said."""
    return text


def ngettext_lazy(one: str, many: str) -> tuple[str, str]:
    """Mark both forms of a text with a number in it."""
    return one, many
