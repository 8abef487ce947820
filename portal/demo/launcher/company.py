"""Which company the database holds, before anything is started on it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.management import call_command

from portal import ledger, wallclock
from portal.accounts.models import User
from portal.demo import setup
from portal.errors import DomainError


class OtherCompany(DomainError):
    """The database holds another kind of company than the one asked for."""


@dataclass(frozen=True)
class Company:
    """What `demo` and `start` differ in.

    `check` refuses a database of the other kind; `fill` is the command that fills an empty
    one, if any; `greeting` says how to get in, given the address.
    """

    check: Callable[[], None]
    fill: str | None
    greeting: Callable[[str], list[str]]


def is_empty() -> bool:
    return not User.objects.exists()


def _only_demo() -> None:
    if not is_empty() and not ledger.is_simulated():
        raise OtherCompany(
            "This database holds a real company. `make start` opens it; for the demo"
            " choose another DATA_DIR (or DATABASE_URL)."
        )


def _only_real() -> None:
    if ledger.is_simulated():
        raise OtherCompany(
            "This database holds the demo company. `make demo` opens it; for a company of"
            " your own choose another DATA_DIR (or DATABASE_URL)."
        )
    setup.open_company(at=wallclock.now())


def _logins(address: str) -> list[str]:
    call_command("seed_demo", print_logins=True)
    return []


def _setup_link(address: str) -> list[str]:
    token = setup.issue_link(at=wallclock.now())
    if token is None:
        return []
    return [
        "Nobody has an account yet. Make yours, once, at",
        f"  {address}/setup/first/#{token}",
    ]


DEMO = Company(_only_demo, "seed_demo", _logins)
EMPTY = Company(_only_real, None, _setup_link)
