"""What a page of the help is made of."""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Section:
    """One question of one screen. `key` is its anchor; `text` its paragraphs.

    `words`: terms of the glossary that it leans on. `view`: the name of an address without
    arguments where it is done, "" for none.
    """

    key: str
    title: Promise
    text: tuple[Promise, ...]
    words: tuple[str, ...] = ()
    view: str = ""


@dataclass(frozen=True)
class Guide:
    """A page: `key` is its address, `about` one sentence for the list of pages."""

    key: str
    title: Promise
    about: Promise
    sections: tuple[Section, ...]
