"""People and groups as the company's directory has them (SCIM): made, changed, closed.

The directory makes members without a place; groups give the place. Who administers the
portal is not the directory's to change.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError
from django.utils.translation import gettext as _

from portal import ledger
from portal.accounts.actions import directory
from portal.accounts.actions.closing import close
from portal.accounts.errors import DirectoryRefused, NameTaken
from portal.accounts.models import DirectoryGroup, DirectoryPerson, User


@dataclass(frozen=True, kw_only=True)
class Told:
    """What the directory says of a person; None: it says nothing about that."""

    mail: str | None = None
    name: str | None = None
    title: str | None = None
    external_id: str | None = None
    active: bool | None = None


@ledger.recorded
def enter(*, told: Told, by: User, at: datetime) -> User:
    """Make an account under `told.mail`, or open the one of somebody who comes back.

    Raises NameTaken.
    """
    mail = told.mail or ""
    user = User.objects.filter(email=mail).first()
    if user is None:
        user = directory.made(mail=mail, name=told.name or mail, by=by, at=at)
    elif not DirectoryPerson.objects.filter(user=user).exclude(removed_at=None).exists():
        raise NameTaken(_("There is an account with this address."))
    person, _made = DirectoryPerson.objects.get_or_create(user=user)
    person.removed_at = None
    person.save(update_fields=["removed_at"])
    return _change(user, told, by=by, at=at)


@ledger.recorded
def change(*, user_id: int, told: Told, by: User, at: datetime) -> User:
    """Change what the directory says. Raises NameTaken and DirectoryRefused."""
    user = User.objects.select_for_update(no_key=True, of=("self",)).get(pk=user_id)
    return _change(user, told, by=by, at=at)


@ledger.recorded
def remove(*, user_id: int, by: User, at: datetime) -> None:
    """The directory has no such person any more: the account is closed and stays as it is."""
    user = User.objects.select_for_update(no_key=True, of=("self",)).get(pk=user_id)
    _change(user, Told(active=False), by=by, at=at)
    DirectoryPerson.objects.update_or_create(
        user=user, defaults={"removed_at": at, "external_id": None}
    )


def _change(user: User, told: Told, *, by: User, at: datetime) -> User:
    if user.is_staff or user.is_superuser:
        raise DirectoryRefused(_("Who administers the portal is changed in its admin alone."))
    wanted = {"email": told.mail, "name": told.name, "title": told.title}
    fields = [
        name
        for name, said in wanted.items()
        if said is not None and said != getattr(user, name)
    ]
    for name in fields:
        setattr(user, name, wanted[name])
    if told.active and not user.is_active:
        # Whoever comes back is let sign by hand, as anybody is.
        user.is_active, user.left_at, user.is_signatory = True, None, False
        fields += ["is_active", "left_at", "is_signatory"]
    try:
        with ledger.savepoint():
            user.save(update_fields=fields)
            _called(user, told.external_id)
    except IntegrityError:
        raise NameTaken(_("Another account has this address or this id.")) from None
    leaves = told.active is False and user.is_active
    if leaves:
        fields.append("is_active")
    if fields:
        _record(user, fields, by=by, at=at)
    if leaves:
        close(user, by=by, at=at)
    return user


def _called(user: User, external_id: str | None) -> None:
    if external_id is not None:
        DirectoryPerson.objects.update_or_create(
            user=user, defaults={"external_id": external_id or None}
        )


@ledger.recorded
def keep_group(
    *,
    group_id: int | None,
    name: str | None,
    external_id: str | None,
    members: Collection[int] | None,
    by: User,
    at: datetime,
) -> DirectoryGroup:
    """Make a group, or change it; None: as it is. Its people go where their groups belong.

    Raises NameTaken.
    """
    rows = DirectoryGroup.objects.select_for_update(no_key=True)
    group = rows.get(pk=group_id) if group_id else DirectoryGroup()
    before = set(group.members.values_list("pk", flat=True)) if group_id else set()
    renamed = (name or group.name, external_id or group.external_id)
    moved = (group.name, group.external_id) != renamed
    group.name, group.external_id = renamed
    try:
        with ledger.savepoint():
            group.save()
    except IntegrityError:
        raise NameTaken(_("Another group has this name or this id.")) from None
    after = before if members is None else set(members)
    if after != before:
        group.members.set(User.objects.filter(pk__in=after))
    _place(after | before if moved else after ^ before, by=by, at=at)
    return group


@ledger.recorded
def drop_group(*, group_id: int, by: User, at: datetime) -> None:
    """The directory has no such group any more."""
    group = DirectoryGroup.objects.select_for_update(no_key=True).get(pk=group_id)
    people = set(group.members.values_list("pk", flat=True))
    group.delete()
    _place(people, by=by, at=at)


def _place(people: Collection[int], *, by: User, at: datetime) -> None:
    rows = User.objects.select_for_update(no_key=True, of=("self",)).order_by("pk")
    for user in rows.filter(pk__in=people):
        groups = user.directory_groups.values_list("name", "external_id")
        names = [text for pair in groups for text in pair if text]
        directory.placed(user, names, by=by, at=at)


def _record(user: User, fields: list[str], *, by: User, at: datetime) -> None:
    ledger.append(
        "account_changed", at=at, by=by, subject=("user", user.pk),
        department=user.department_id or "", team=user.team.key if user.team else "",
        clear={"fields": sorted(fields), "source": directory.DIRECTORY},
    )  # fmt: skip
