"""Keeping, sharing and dropping a view. It is a preference: no entry in the ledger."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.errors import DomainError
from portal.look.models import SavedView

MOST = 30
LONGEST = 500  # letters of a query


class ViewRefused(DomainError):
    """A view cannot be kept like this."""


@transaction.atomic
def keep(
    *, page: str, name: str, query: str, by: User, at: datetime,
    shared: bool = False, default: bool = False,
) -> SavedView:  # fmt: skip
    """Keep `query` under `name`; the person's own view of that name is replaced.

    Raises ViewRefused for no name, for a query that is too long, for more than MOST views,
    and for sharing without a team.
    """
    person = User.objects.select_for_update(no_key=True).get(pk=by.pk)
    name = " ".join(name.split())[:60]
    if not name:
        raise ViewRefused(_("Give the view a name."))
    if len(query) > LONGEST:
        raise ViewRefused(
            _("These filters are too long to be kept. Shorten what you look for.")
        )
    if shared and person.team_id is None:
        raise ViewRefused(_("You belong to no team to share it with."))
    mine = SavedView.objects.of(person, page)
    if mine.count() >= MOST and not mine.filter(name=name).exists():
        raise ViewRefused(
            _("You keep %(n)s views already. Drop one you do not need.") % {"n": MOST}
        )
    if default:
        mine.update(is_default=False)
    kept = {"query": query, "team_id": person.team_id if shared else None, "saved_at": at}
    wanted = kept | ({"is_default": True} if default else {})
    view, _new = SavedView.objects.update_or_create(
        owner=person, page=page, name=name, defaults=wanted
    )
    return view


@transaction.atomic
def open_with(*, view_id: int, by: User) -> SavedView:
    """Let the page open with this view of `by`; with the view that it does already, no more."""
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    view = SavedView.objects.get(pk=view_id, owner=by)
    wanted = not view.is_default
    SavedView.objects.of(by, view.page).update(is_default=False)
    view.is_default = wanted
    view.save(update_fields=["is_default"])
    return view


@transaction.atomic
def share(*, view_id: int, by: User) -> SavedView:
    """Share a view of `by` with their team; one that is shared becomes theirs alone again.

    Raises ViewRefused for who has no team.
    """
    view = SavedView.objects.select_for_update(no_key=True, of=("self",)).get(
        pk=view_id, owner=by
    )
    if view.team_id is None and by.team_id is None:
        raise ViewRefused(_("You belong to no team to share it with."))
    view.team_id = by.team_id if view.team_id is None else None
    view.save(update_fields=["team"])
    return view


@transaction.atomic
def drop(*, view_id: int, by: User) -> None:
    """Keep a view of `by` no longer; the rows that it showed are untouched."""
    SavedView.objects.get(pk=view_id, owner=by).delete()
