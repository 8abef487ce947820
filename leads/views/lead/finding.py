"""Which leads a list shows: words, stage, company, version; the same for page and file."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict

from leads.actions.words import hearing
from leads.core import identity
from leads.core.words.stages import split
from leads.desk.words import Ruling
from leads.models import Handoff, Lead, WordHeard
from portal.accounts.models import User

LONGEST = 100


class Asked:
    """What a list is asked for, read from its address. `stage` may stand in the words."""

    def __init__(self, query: QueryDict) -> None:
        self.typed = query.get("q", "").strip()[:LONGEST]
        self.words, said = split(self.typed)
        self.stage = (query.get("stage", "").strip() or said)[:LONGEST]
        self.company = number(query.get("company", ""))
        self.version = number(query.get("version", ""))
        self.after = number(query.get("after", ""))

    @property
    def anything(self) -> bool:
        return bool(self.typed or self.stage or self.company or self.version)


def leads_for(asked: Asked, user: User, ruling: Ruling) -> QuerySet[Lead]:
    """The leads that fit, newest first."""
    found: QuerySet[Lead] = Lead.objects.visible_to(user).select_related("company")
    if asked.stage:
        found = found.filter(stage__in=ruling.words.keys_of(asked.stage))
    if asked.words:
        found = found.filter(_named(asked.words))
    if asked.company is not None:
        found = found.filter(company=asked.company)
    if asked.version is not None:
        under = Handoff.objects.open().filter(version=asked.version)
        found = found.filter(pk__in=under.values("lead"))
    return found.order_by("-received_at", "-pk")


def after(found: QuerySet[Lead], cursor: int | None) -> QuerySet[Lead]:
    """The rows that come after the lead that the cursor names; a strange cursor: all."""
    if cursor is None:
        return found
    last = Lead.objects.filter(pk=cursor).values("received_at", "pk").first()
    if last is None:
        return found
    received = last["received_at"]
    # The first bound leads into the index; an OR alone would read all that came before.
    rest = found.filter(received_at__lte=received)
    return rest.filter(Q(received_at__lt=received) | Q(pk__lt=last["pk"]))


def listen(
    asked: Asked, user: User, ruling: Ruling, at: datetime, place: str = WordHeard.Place.SEARCH
) -> None:
    """Count an old label that was asked for, under the team of who asks."""
    if asked.stage and ruling.words.is_legacy(asked.stage):
        who: Any = user.team or user.get_role_display()
        hearing.heard(word=asked.stage, place=place, who=str(who), at=at)


def _named(words: str) -> Q:
    """A whole address finds its mailbox however it is written, a number its E.164."""
    mail, phone = identity.mail(words).key, identity.phone(words)
    known = Q(email_key=mail) if mail else Q()
    known |= Q(phone_key=phone) if phone else Q()
    return (
        known
        | Q(name__icontains=words)
        | Q(email_key__startswith=words.lower())
        | Q(company__name__icontains=words)
    )


def number(written: str) -> int | None:
    return int(written[:18]) if written.isdecimal() and written.isascii() else None
