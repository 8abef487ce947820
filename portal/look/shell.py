"""What stands around every page: navigation, alerts not seen, the line of trust.

The look knows no other app. Whoever owns a figure binds its reader here, once, at the
roof; a reader that is not bound leaves its place empty.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True)
class Place:
    """One entry of the main navigation: `view` is a URL name, without arguments. One that is
    `of_leads` is left out for who reads none, as an administrator without a department.
    """

    key: str
    label: Text
    icon: str
    view: str
    of_leads: bool = False


@dataclass(frozen=True)
class Trust:
    """The footer: agreement in force, head of the ledger, age of the last check.

    `head` is the hash in full, in hexadecimal; None everywhere means: there is none yet.
    """

    agreement: str | None = None
    agreement_url: str | None = None
    in_force_since: datetime | None = None
    entries: int | None = None
    head: str | None = None
    published_at: datetime | None = None
    ledger_url: str | None = None
    checked_at: datetime | None = None


@dataclass(frozen=True)
class Strip:
    """One line above the header; of several, the worst wins. `label` names it aloud."""

    label: Text
    text: Text
    grave: bool = False


@dataclass(frozen=True)
class Persona:
    """Somebody of the demo whom a visitor may be; `value` is posted as `as`.

    `code` is the one-time code of this half minute, for who signs.
    """

    name: str
    department: str
    text: Text
    value: str
    code: str = ""


def _nobody(user: Any) -> int:
    return 0


def _nothing(user: Any, at: datetime) -> Trust:
    return Trust()


def _no_strip(user: Any, at: datetime) -> Strip | None:
    return None


def _real(user: Any, at: datetime) -> bool:
    return False


def _begun(user: Any, at: datetime) -> str:
    return ""


def _unexplained(view: str) -> str:
    return ""


def _no_demo() -> Sequence[Persona]:
    return ()


@dataclass
class Readers:
    """The functions that fill the shell. Each is called at most once per request.

    `unread(user)`: alerts not seen. `trust(user, at)`: the footer. `strip(user, at)`: the
    line above the header, for visitors (None) too. `simulated(user, at)`: whether the company
    is made up. `beginning(user, at)`: where somebody goes on setting the company up, or "".
    `newest_changes`: the key of the newest version whose changes are told.
    `explained(view)`: where the help explains the screen of that name, or "".
    `demo_logins()`: the cards of the login
    page, with the password of all. The rest are URL names; where no such view exists, its
    link is left out.
    """

    unread: Callable[[Any], int] = _nobody
    trust: Callable[[Any, datetime], Trust] = _nothing
    strip: Callable[[Any, datetime], Strip | None] = _no_strip
    simulated: Callable[[Any, datetime], bool] = _real
    beginning: Callable[[Any, datetime], str] = _begun
    explained: Callable[[str], str] = _unexplained
    newest_changes: str = ""
    demo_logins: Callable[[], Sequence[Persona]] = _no_demo
    demo_password: str = ""
    places: tuple[Place, ...] = ()
    alerts: str = "alerts"
    bell: str = "bell"
    demo_login: str = "demo-login"
    search: str = "search"
    profile: str = "profile"
    help: str = "help"


readers = Readers()


def bind(**changes: Any) -> Readers:
    """Set readers by name; return a copy of those before, so that a test can put them back."""
    before = Readers(**vars(readers))
    for name, reader in changes.items():
        if not hasattr(readers, name):
            raise TypeError(f"the shell has no reader {name!r}")
        setattr(readers, name, reader)
    return before
