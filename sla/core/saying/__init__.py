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


class Said(str):
    """A text with values in it, as the core says it, that can be said otherwise.

    It is compared, sorted and stored as what it is in English.
    """

    __slots__ = ("text", "values")
    text: str
    values: dict[str, object]

    def __new__(cls, text: str, **values: object) -> "Said":
        self = super().__new__(cls, text.format(**values))
        self.text, self.values = text, values
        return self

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, object]]:
        return (self.text,), self.values

    def by(self, say: Say) -> str:
        """Return it as `say` words it, and the values that were said in it too."""
        values = {name: retold(one, say) for name, one in self.values.items()}
        return say(self.text).format(**values)


def retold(words: object, say: Say) -> object:
    """Return what was `Said` as `say` words it; anything else as it stands.

    >>> retold(Said("no stage {key}", key="won"), lambda text, *_: text.replace("no", "keine"))
    'keine stage won'
    """
    return words.by(say) if isinstance(words, Said) else words
