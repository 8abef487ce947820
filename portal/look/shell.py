"""What stands around every page: navigation, alerts not seen, the line of trust.

The look knows no other app. Whoever owns a figure binds its reader here, once, at the
roof; a reader that is not bound leaves its place empty.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True)
class Place:
    """One entry of the main navigation: `view` is a URL name, without arguments."""

    key: str
    label: Text
    icon: str
    view: str


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


PLACES = (
    Place("desk", _("My desk"), "inbox", "desk"),
    Place("leads", _("Leads"), "users", "leads:leads"),
    Place("agreement", _("Agreement"), "writing-sign", "sla:agreement"),
    Place("scorecard", _("Scorecard"), "chart-histogram", "leads:scorecard"),
)


def _nobody(user: Any) -> int:
    return 0


def _nothing(user: Any, at: datetime) -> Trust:
    return Trust()


def _no_strip(user: Any, at: datetime) -> Strip | None:
    return None


@dataclass
class Readers:
    """The functions that fill the shell. Each is called at most once per request.

    `unread(user)`: alerts not seen. `trust(user, at)`: the footer. `strip(user, at)`: the
    line above the header; it is asked for visitors too, who have no department.
    """

    unread: Callable[[Any], int] = _nobody
    trust: Callable[[Any, datetime], Trust] = _nothing
    strip: Callable[[Any, datetime], Strip | None] = _no_strip
    places: tuple[Place, ...] = PLACES
    alerts: str = "alerts"
    search: str = "search"
    profile: str = "profile"


readers = Readers()


def bind(**changes: Any) -> Readers:
    """Set readers by name; return a copy of those before, so that a test can put them back."""
    before = Readers(**vars(readers))
    for name, reader in changes.items():
        if not hasattr(readers, name):
            raise TypeError(f"the shell has no reader {name!r}")
        setattr(readers, name, reader)
    return before
