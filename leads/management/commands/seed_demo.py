"""`manage.py seed_demo`: the demo company, on simulated time; `--print-logins` names it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from leads.demo import cards, company, people
from portal import wallclock


class Command(BaseCommand):
    help = "Fill an empty database with the demo company, on simulated time."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--leads", type=int, default=company.LEADS)
        parser.add_argument("--print-logins", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["print_logins"]:
            self._logins()
            return
        seeded = company.seed(host_now=wallclock.now(), leads=options["leads"])
        company.wake(seeded, host_now=wallclock.now())
        self.stdout.write(str(seeded))

    def _logins(self) -> None:
        self.stdout.write(f"Be somebody; the password of all is: {people.PASSWORD}")
        for user, card in people.logins():
            code = cards.code_of(user)
            secret = f"{cards.secret_of(user.email)} (SHA-256)"
            to_sign = f" Code to sign, now: {code}; secret {secret}."
            self.stdout.write(f"  {user.email:32} {card}{to_sign if code else ''}")
