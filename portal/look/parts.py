"""What the components need, as values. A view builds these; the templates only draw them.

A dict with the same keys serves as well. Every text may be lazy; none is markup.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.look.shell import Text
from portal.look.words import Amount


@dataclass(frozen=True)
class Act:
    """A button or a link: `url` makes it a link, else it submits `do=value`.

    `key` is the letter that does it from the keyboard; `kind` is `1` for the one primary
    of a view, `q` for quiet, `xl` for decisive; `about` is read aloud after the label.
    """

    label: Text
    icon: str = ""
    value: str = ""
    url: str = ""
    key: str = ""
    kind: str = ""
    about: Text = ""
    name: str = "do"


@dataclass(frozen=True)
class Seat:
    """Who sits on one side of a lead. `department` is `marketing` or `sales`."""

    name: str
    department: str
    since: datetime | None = None
    why: Text = ""
    acts: bool = False


@dataclass(frozen=True)
class Badge:
    """A state beside a name, with words of its own: `Badge("back", "Round 2", "refresh")`."""

    state: str
    label: Text = ""
    icon: str = ""


@dataclass(frozen=True)
class Row:
    """One thing owed, as a row of the desk.

    `left` is working time to the due instant, negative when late; `used` is the share of
    the target that is used (1 = all). `due_word` stands before the instant: *due*,
    *was due*, *to* (the end of a pause). `action` is where the row's form is posted.
    `quick` are acts that stand beside the first one, drawn as icon and key; each is in
    `more` too, in words. `pick` is the value of the row's box, with which several rows are
    chosen; without it there is none. `said` replaces the acts: somebody else was quicker.
    """

    anchor: str
    state: str
    left: Amount
    due: datetime | None
    used: float
    title: Text
    url: str
    what: Text
    action: str = ""
    due_word: Text = ""
    about: Text = ""
    detail: Text = ""
    badges: Sequence[Badge] = ()
    seats: Sequence[Seat] = ()
    act: Act | None = None
    more: Sequence[Act] = ()
    quick: Sequence[Act] = ()
    pick: str = ""
    said: Text = ""


@dataclass(frozen=True)
class Band:
    """Rows of one kind, soonest first; left out without any. `state`: `late`, `risk`, `ok`."""

    key: str
    state: str
    title: Text
    rows: Sequence[Row]
    note: Text = ""


@dataclass(frozen=True)
class Undo:
    """What an act did, and how long it can be taken back at `url`; no `url`: it cannot.

    `until` is the instant in words, which stays right when nobody counts down; `post` is
    where htmx sends it instead, to be answered in place.
    """

    did: Text
    went: Text = ""
    url: str = ""
    left: timedelta = timedelta(0)
    until: Text = ""
    post: str = ""


@dataclass(frozen=True)
class Link:
    """A chip, a part of a segment, a step of a crumb: a plain link, so it can be shared."""

    label: Text
    url: str = ""
    here: bool = False
    count: int | None = None
    icon: str = ""


@dataclass(frozen=True)
class Span:
    """A piece of a redline: `same`, `del` or `ins`."""

    kind: str
    text: Text


@dataclass(frozen=True)
class Change:
    """One changed sentence with what it would have cost; `number` is the clause's."""

    number: str
    spans: Sequence[Span]
    cost: Text = ""


@dataclass(frozen=True)
class Step:
    """A step of a first day or a sitting."""

    title: Text
    text: Text = ""
    done: bool = False
    act: Act | None = None


@dataclass(frozen=True)
class Moment:
    """An entry of a timeline, newest first; `now` is the one that holds."""

    title: Text
    text: Text = ""
    now: bool = False
    url: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Figure:
    """A number with its words; `url` opens the rows that it counts."""

    value: Text
    words: Text
    url: str = ""
    link: Text = ""


@dataclass(frozen=True)
class Column:
    """A column of a plain table; numbers stand right."""

    label: Text
    num: bool = False


@dataclass(frozen=True)
class Cell:
    """One cell. `url` links it to the rows behind; `head` makes it the row's heading."""

    text: Text
    url: str = ""
    head: bool = False
    num: bool = False
    label: Text = ""
