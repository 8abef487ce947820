"""What the company's directory says of a person: which account, and where it belongs.

A directory gives department, team and role, by the table of groups that an administrator
keeps. It never gives a signature's right, nor the admin; it takes the first away from who
changes sides.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.utils.translation import gettext as _

from portal import ledger
from portal.accounts.actions import closing
from portal.accounts.errors import SignOnRefused
from portal.accounts.models import GroupPlace, Role, User
from portal.notifications import outbox
from portal.reader.language import Phrase

PROVIDER = "company"
DIRECTORY = "identity provider"
LONGEST = 191  # characters of what is kept of a subject


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """Somebody whom the provider has just signed in. `mail` is one that it vouches for,
    or empty. `creates`: whether an unknown person may get an account."""

    issuer: str
    subject: str
    mail: str
    name: str
    groups: Collection[str]
    creates: bool = False


def uid_of(issuer: str, subject: str) -> str:
    """One text for a subject of an issuer, short enough for where it is kept."""
    whole = f"{subject} {issuer}"
    return whole if len(whole) <= LONGEST else hashlib.sha256(whole.encode()).hexdigest()


def identity_of(issuer: str, subject: str) -> SocialAccount | None:
    """Whose account the subject opens, if it is linked."""
    linked = SocialAccount.objects.filter(provider=PROVIDER, uid=uid_of(issuer, subject))
    return linked.select_related("user").first()


@ledger.recorded
def sign_on(*, arrival: Arrival, at: datetime) -> SocialAccount:
    """The account that the provider's subject opens, in the place that its groups give it.

    A subject who was here before is found by what never changes, else by the address that
    the provider vouches for. Raises SignOnRefused, and nothing is changed.
    """
    identity = identity_of(arrival.issuer, arrival.subject)
    user = identity.user if identity is not None else _matched(arrival, at)
    user = User.objects.select_for_update(no_key=True, of=("self",)).get(pk=user.pk)
    if not user.is_active:
        raise SignOnRefused(_("Your account here is closed. Ask an administrator."))
    if identity is None:
        identity = _linked(user, arrival, at)
    identity.user = placed(user, arrival.groups, by=None, at=at)
    return identity


def _matched(arrival: Arrival, at: datetime) -> User:
    if not arrival.mail:
        raise SignOnRefused(
            _(
                "Your company's sign-in does not vouch for your e-mail address, so no account"
                " is opened by it. Ask your IT department to confirm the address there."
            )
        )
    user = User.objects.filter(email=arrival.mail.lower()).first()
    if user is not None:
        return user
    if not (arrival.creates and GroupPlace.objects.of(arrival.groups).exists()):
        raise SignOnRefused(
            _("There is no account for %(mail)s. Ask an administrator to make one.")
            % {"mail": arrival.mail}
        )
    return made(mail=arrival.mail, name=arrival.name, by=None, at=at)


def made(*, mail: str, name: str, by: User | None, at: datetime) -> User:
    """A new account that no password opens; where it belongs is not said yet. Inner step."""
    user = User.objects.create_user(mail, None, name=name[:120] or mail, joined_at=at)
    ledger.append(
        "account_changed", at=at, by=by, subject=("user", user.pk),
        clear={"fields": [], "added": True, "source": DIRECTORY},
    )  # fmt: skip
    return user


def _linked(user: User, arrival: Arrival, at: datetime) -> SocialAccount:
    """Let the subject be this person from now on; they are told. A second person with the
    same address at the provider is not the first one."""
    if SocialAccount.objects.filter(user=user).exists():
        raise SignOnRefused(
            _(
                "This address belongs to another person at your company's sign-in than"
                " before. Ask an administrator to look at your account."
            )
        )
    identity: SocialAccount = SocialAccount.objects.create(
        user=user, provider=PROVIDER, uid=uid_of(arrival.issuer, arrival.subject)
    )
    ledger.append(
        "identity_linked", at=at, by=user, subject=("user", user.pk),
        clear={"issuer": arrival.issuer}, committed={"subject": arrival.subject},
    )  # fmt: skip
    outbox.tell(
        about=f"identity:{identity.pk}",
        to=[user],
        channels=("in_app", "mail"),
        title=Phrase("Your account was connected to your company's sign-in"),
        text=Phrase("If this was not you, tell an administrator at once."),
        at=at,
    )
    return identity


@ledger.recorded
def unlink(*, identity_id: int, by: User, at: datetime) -> None:
    """Let the provider open this account no more, until it is linked again."""
    identity = SocialAccount.objects.get(pk=identity_id)
    clear = {"fields": ["identity"], "removed": identity.provider}
    ledger.append(
        "account_changed", at=at, by=by, subject=("user", identity.user_id), clear=clear
    )
    identity.delete()


def placed(user: User, groups: Collection[str], *, by: User | None, at: datetime) -> User:
    """Put somebody, whose row is locked, where their groups belong: an inner step.

    Without a group that is known nothing changes. Administrators are left where they are.
    """
    found = GroupPlace.objects.of(groups).select_related("team").first()
    if found is None or user.is_staff or user.is_superuser or user.role == Role.ADMIN:
        return user
    wanted = {
        "role": found.role, "department_id": found.department_id,
        "team_id": _team(user, found), "is_signatory": _still_signs(user, found),
    }  # fmt: skip
    before = user.team
    changed = _set(user, wanted)
    if changed:
        _record(user, changed, by=by, at=at)
        closing.elsewhere(user, before, by=by, at=at)
    return user


def _team(user: User, found: GroupPlace) -> int | None:
    """The group's; a group that names none leaves people in their team of its department."""
    if found.team_id is not None or user.team is None:
        return found.team_id
    stays = user.team.department_id == found.department_id
    return user.team_id if stays else None


def _still_signs(user: User, found: GroupPlace) -> bool:
    same = user.department_id == found.department_id and found.role == Role.MANAGER
    return user.is_signatory and same


def _set(user: User, wanted: Mapping[str, Any]) -> list[str]:
    changed = [name for name, value in wanted.items() if getattr(user, name) != value]
    for name in changed:
        setattr(user, name, wanted[name])
    if changed:
        user.save(update_fields=[name.removesuffix("_id") for name in changed])
    return sorted(name.removesuffix("_id") for name in changed)


def _record(user: User, fields: list[str], *, by: User | None, at: datetime) -> None:
    ledger.append(
        "account_changed", at=at, by=by, subject=("user", user.pk),
        department=user.department_id or "", team=user.team.key if user.team else "",
        clear={"fields": fields, "source": DIRECTORY},
    )  # fmt: skip
