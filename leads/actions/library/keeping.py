"""Adding to the library, changing it, and taking out of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from leads.core import text
from leads.errors import ContentRefused, NotInTheTeam, NotYours
from leads.models import Content, ContentTag
from portal import ledger
from portal.accounts.models import Role, User

MOST_TAGS = 12
_WEB = ("https://", "http://")


@dataclass(frozen=True, kw_only=True)
class Described:
    """What somebody says of a piece of material. Without a `link` it is planned only."""

    title: str
    kind: str
    owner: User
    summary: str = ""
    competitor: str = ""
    stage: str = ""
    link: str = ""
    planned_for: date | None = None
    valid_until: date | None = None
    tags: Sequence[str] = ()


@ledger.recorded
def add(*, described: Described, by: User, at: datetime) -> Content:
    """Put material into the library, or plan it. Raises NotYours, NotInTheTeam,
    ContentRefused."""
    _require(by)
    content = Content(added_at=at, added_by=by)
    _take(content, described, by, at)
    return _written("content_added", content, described.tags, by, at)


@ledger.recorded
def change(*, content_id: int, described: Described, by: User, at: datetime) -> Content:
    """Describe material anew; its first link publishes it. Raises NotYours, NotInTheTeam,
    ContentRefused if it was taken out or the link of published material is left out."""
    _require(by)
    content = _locked(content_id)
    if content.published_on is not None and not described.link.strip():
        raise ContentRefused(_("Published material keeps a link. Take it out instead."))
    _take(content, described, by, at)
    return _written("content_changed", content, described.tags, by, at)


@ledger.recorded
def retire(*, content_id: int, by: User, at: datetime) -> Content:
    """Take material out: it is offered no more, and what it was used for stays told.

    Raises NotYours, ContentRefused if somebody did so before.
    """
    _require(by)
    content = _locked(content_id)
    content.retired_at = at
    return _written("content_retired", content, None, by, at)


def may_keep(user: User) -> bool:
    """Whether this person may edit the library: Marketing and operations."""
    return user.is_active and (
        user.department_id == "marketing" or user.role == Role.OPERATIONS
    )


def day_of(user: User, at: datetime) -> date:
    """The day that it is for this person."""
    return at.astimezone(ZoneInfo(user.zone)).date()


def _require(by: User) -> None:
    if not may_keep(by):
        raise NotYours(_("Marketing and operations keep the library."))


def _locked(content_id: int) -> Content:
    content = Content.objects.select_for_update(no_key=True, of=("self",)).get(pk=content_id)
    if content.retired_at is not None:
        raise ContentRefused(_("This was taken out of the library."))
    return content


def _take(content: Content, said: Described, by: User, at: datetime) -> None:
    if said.owner.department_id != "marketing" or not said.owner.is_active:
        raise NotInTheTeam(_("Material is owned by an active member of Marketing."))
    content.title, content.kind = text.line(said.title), said.kind
    content.summary, content.owner = text.line(said.summary, 500), said.owner
    content.competitor = text.line(said.competitor, 120)
    content.stage, content.link = said.stage, said.link.strip()
    content.planned_for, content.valid_until = said.planned_for, said.valid_until
    if not content.title:
        raise ContentRefused(_("Say what it is called."))
    if content.kind == Content.Kind.COMPARISON and not content.competitor:
        raise ContentRefused(_("Name the competitor that it compares us with."))
    if content.link and not content.link.startswith(_WEB):
        raise ContentRefused(_("The link must begin with https://."))
    if content.link and content.published_on is None:
        content.published_on = day_of(by, at)  # the server's day: it counts for a promise


def _written(
    kind: str, content: Content, tags: Sequence[str] | None, by: User, at: datetime
) -> Content:
    content._history_date = at  # type: ignore[attr-defined]  # read by simple-history
    content._history_user = by  # type: ignore[attr-defined]
    content.save()
    if tags is not None:
        _tag(content, tags)
    ledger.append(
        kind,
        at=at,
        by=by,
        subject=("content", content.pk),
        department=by.department_id,
        clear=_clear(content),
        committed={"title": content.title, "link": content.link},
    )
    return content


def _tag(content: Content, tags: Sequence[str]) -> None:
    clean = dict.fromkeys(text.line(tag, 40).lower() for tag in tags)
    words = [word for word in clean if word][:MOST_TAGS]
    content.tags.exclude(word__in=words).delete()
    there = set(content.tags.values_list("word", flat=True))
    ContentTag.objects.bulk_create(
        ContentTag(content=content, word=word) for word in words if word not in there
    )


def _clear(content: Content) -> dict[str, Any]:
    days = ("planned_for", "published_on", "valid_until")
    return {
        "kind": content.kind,
        "stage": content.stage,
        "owner": content.owner_id,
        **{name: str(getattr(content, name) or "") for name in days},
    }
