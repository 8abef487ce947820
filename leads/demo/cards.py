"""The people of the login page, for whoever wants to be one of them for a while."""

import base64
import hashlib

from allauth.mfa.models import Authenticator
from django.conf import settings

from leads.demo import people
from portal import ledger
from portal.accounts.codes import onetime
from portal.accounts.models import User
from portal.look.shell import Persona


def personas() -> list[Persona]:
    """Cards for the login page; none where the database is a real one."""
    if not (settings.SIMULATION_ALLOWED and ledger.is_simulated()):
        return []
    found = people.logins()
    codes = Authenticator.objects.filter(
        user__in=[user for user, _card in found], type=Authenticator.Type.TOTP
    )
    enrolled = {one.user_id: one for one in codes}
    return [
        Persona(
            user.name,
            user.department_id or "",
            card,
            user.email,
            code=onetime.of_now(enrolled[user.pk]) if user.pk in enrolled else "",
        )
        for user, card in found
    ]


def enrol(user: User) -> None:
    """Give a signatory the second factor that signing asks for, its secret made of the name."""
    onetime.activate(user, secret_of(user.email))


def secret_of(email: str) -> str:
    """Always the same for a demo person: whoever tries the demo can add it to a phone."""
    digest = hashlib.sha256(f"halden demo {email}".encode()).digest()
    return base64.b32encode(digest[:20]).decode()


def code_of(user: User) -> str:
    """The one-time code of this half minute; empty for who has no second factor."""
    enrolled = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    return onetime.of_now(enrolled) if enrolled else ""
