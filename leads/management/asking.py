"""Who runs a command: by address, for what the ledger says of it."""

from django.core.management.base import CommandError, CommandParser

from portal.accounts.models import User


def add_who(parser: CommandParser) -> None:
    parser.add_argument("--as", dest="email", help="who of operations does it, by address")


def who(email: str | None) -> User | None:
    """The active person of that address; None is the portal. Raises CommandError."""
    if email is None:
        return None
    person = User.objects.active().filter(email=email.lower()).first()
    if person is None:
        raise CommandError(f"Nobody here has the address {email}.")
    return person
