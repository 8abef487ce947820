"""`manage.py clock`: what keeps clocks from being checked, and an operator's word on it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from leads.actions.sweeping import holding
from portal import wallclock
from portal.accounts.models import User


class Command(BaseCommand):
    help = "Show why clocks are not checked, or confirm that the host's time is right."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("show", help="say what time it is and what holds the sweep")
        said = verbs.add_parser("confirm", help="the time is right: let the sweep go on")
        said.add_argument("--by", metavar="MAIL", help="who says so, by mail address")

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        at = wallclock.now()
        self.stdout.write(f"It is {at:%a %d %b %Y %H:%M:%S} UTC on this host.")
        if verb == "show":
            for one in holding.opened():
                self.stdout.write(f"Held since {one.began_at:%d %b %H:%M:%S}: {one}")
            return
        ended = holding.confirm(at=at, by=self._who(options["by"]))
        self.stdout.write(f"{len(ended)} holds ended." if ended else "Nothing was held.")

    def _who(self, mail: str | None) -> User | None:
        if mail is None:
            return None
        user = User.objects.active().filter(email=mail.lower()).first()
        if user is None:
            raise CommandError(f"nobody active has the address {mail}")
        return user
