"""Invitations: a link that lets somebody choose their first password, once and in time.

Nothing leaves by itself: whoever sets the portal up copies a link, or lets all that wait go
out by mail when the company goes live.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import formataddr
from hashlib import sha256
from smtplib import SMTPException

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.password_validation import validate_password
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from portal import ledger
from portal.accounts.errors import InvitationIsSpent, NotYourPerson
from portal.accounts.models import Invitation, Role, User
from portal.accounts.models.invitation import VALID
from portal.notifications.messages import one_line
from portal.notifications.outbox import refuse_a_transaction
from portal.reader import language

NOWHERE = ("filebased", "dummy", "console")
"""Backends with which a mail reaches nobody's mailbox."""


@dataclass(frozen=True)
class Made:
    """A link that was just made: it is known here and nowhere else."""

    user: User
    link: str
    invitation: Invitation


def waiting() -> QuerySet[User]:
    """Active people who never chose a password, nor came in by another way."""
    return User.objects.active().filter(
        password__startswith=UNUSABLE_PASSWORD_PREFIX, last_login=None
    )


def mail_is_set() -> bool:
    """Whether mail leaves this machine: then invitations can go out by it."""
    return not any(name in settings.EMAIL_BACKEND for name in NOWHERE)


def may_invite(by: User) -> bool:
    """Who administers the portal, and operations, who let the company go live."""
    return bool(by.is_active and (by.is_staff or by.role in {Role.ADMIN, Role.OPERATIONS}))


@ledger.recorded
def invite(*, people: Iterable[User], by: User, at: datetime) -> list[Made]:
    """Make a new link for each of these; links made for them before are void.

    Who has chosen a password, or left, is passed over. Raises NotYourPerson.
    """
    if not may_invite(by):
        raise NotYourPerson(_("People are invited by who administers the portal."))
    wanted = [person.pk for person in people]
    found = waiting().select_for_update(no_key=True, of=("self",)).filter(pk__in=wanted)
    return [_invited(person, by=by, at=at) for person in found.order_by("name")]


def _invited(person: User, *, by: User, at: datetime) -> Made:
    token = secrets.token_urlsafe(32)
    made, _new = Invitation.objects.update_or_create(
        user=person,
        defaults={
            "digest": digest_of(token), "created_at": at, "expires_at": at + VALID,
            "mailed_at": None, "used_at": None,
        },
    )  # fmt: skip
    ledger.append(
        "person_invited", at=at, by=by, subject=("user", person.pk),
        department=person.department_id or "", clear={"expires_at": made.expires_at},
    )  # fmt: skip
    return Made(person, f"{settings.BASE_URL}/welcome/#{token}", made)


def find(token: str, at: datetime) -> Invitation | None:
    """The open invitation that this link is, if it is one."""
    rows = Invitation.objects.open(at).select_related("user")
    return rows.filter(digest=digest_of(token)).first()


def was_used(token: str) -> bool:
    """Whether somebody chose a password by this link."""
    return Invitation.objects.filter(digest=digest_of(token)).exclude(used_at=None).exists()


@ledger.recorded
def accept(*, token: str, password: str, at: datetime) -> User:
    """Set the first password of who holds the link, and spend it: both or neither.

    Raises InvitationIsSpent, and ValidationError for a weak password.
    """
    rows = Invitation.objects.open(at).select_for_update(no_key=True, of=("self",))
    found = rows.filter(digest=digest_of(token)).first()
    if found is None:
        raise InvitationIsSpent(_("This link is used or too old. Ask for a new one."))
    user = found.user
    validate_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    found.used_at = at
    found.save(update_fields=["used_at"])
    ledger.append(
        "account_changed", at=at, by=user, subject=("user", user.pk),
        clear={"fields": ["password"], "invited": True},
    )  # fmt: skip
    return user


def send(made: Sequence[Made], *, at: datetime) -> list[Made]:
    """Mail each their link, outside any transaction; return those whose mail did not leave.

    A link stands in no row, so it never waits in the outbox: what fails here is made anew.
    """
    refuse_a_transaction()
    left: list[int] = []
    failed: list[Made] = []
    with get_connection() as server:
        for one in made:
            try:
                _mail(one, server)
            except (SMTPException, OSError):
                failed.append(one)
            else:
                left.append(one.invitation.pk)
    Invitation.objects.filter(pk__in=left).update(mailed_at=at)
    return failed


def _mail(made: Made, server: BaseEmailBackend) -> None:
    with language.spoken_to(made.user):
        text = render_to_string("mail/invitation.txt", {"made": made, "days": VALID.days})
        subject = _("Your way into Concord")
    to = formataddr((one_line(made.user.name), made.user.email))
    EmailMessage(subject=subject, body=text, to=[to], connection=server).send()


def digest_of(token: str) -> str:
    """What is kept of a link: 256 random bits need no salt."""
    return sha256(token.encode()).hexdigest()
