"""Everybody who reads leads reads the ledger: it holds no personal value, and what both
departments are judged by must be open to both."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain as chained
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from portal import spreadsheet
from portal.accounts.models import User
from portal.http import PortalRequest
from portal.ledger import chain
from portal.ledger.kinds import Kind
from portal.ledger.models import Head, LedgerEntry

PAGE = 50
_SUBJECT = re.compile(r"([a-z_]{1,60})-([0-9]{1,18})")


@dataclass(frozen=True)
class Asked:
    """What of the ledger is asked for; an address that says nonsense asks for nothing."""

    lead: int | None = None
    subject: tuple[str, int] | None = None
    kind: str = ""
    before: int | None = None

    @property
    def query(self) -> dict[str, str]:
        """The same as the query of an address, without the place."""
        found = {"kind": self.kind} if self.kind else {}
        if self.lead is not None:
            found["lead"] = str(self.lead)
        if self.subject is not None:
            found["of"] = "-".join(map(str, self.subject))
        return found


@dataclass(frozen=True)
class Row:
    """An entry with the name of who did it; "" is the portal itself."""

    entry: LedgerEntry
    who: str

    @property
    def said(self) -> list[tuple[str, str]]:
        """What it says openly, by name, in its order."""
        return [(name, _text(value)) for name, value in self.entry.clear.items()]


COLUMNS: list[spreadsheet.Column] = [
    (_("Entry"), lambda row: row.entry.seq),
    (_("What happened"), lambda row: row.entry.get_kind_display()),
    (_("When"), lambda row: row.entry.at),
    (_("By"), lambda row: row.who),
    (_("Department"), lambda row: row.entry.department),
    (_("Team"), lambda row: row.entry.team),
    (_("About"), lambda row: "-".join(map(str, row.entry.subject))),
    (_("Lead number"), lambda row: row.entry.lead_id),
    (_("What it says"), lambda row: "; ".join(f"{name}: {text}" for name, text in row.said)),
    (_("Fingerprint"), lambda row: row.entry.hash),
    (_("The one before"), lambda row: row.entry.prev_hash),
]


@require_safe
def index(request: PortalRequest) -> HttpResponseBase:
    """Newest first, paged by key: all of it, or what is about a lead, a row, a kind."""
    if not request.user.reads_leads:
        raise Http404
    asked = _asked(request)
    rows = LedgerEntry.objects.order_by("-seq")
    if asked.lead is not None:
        rows = rows.filter(lead_id=asked.lead)
    if asked.subject is not None:
        rows = rows.filter(subject_type=asked.subject[0], subject_id=asked.subject[1])
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    if kind := spreadsheet.asked(request):
        each = chained.from_iterable(map(_with_names, spreadsheet.together(rows)))
        return spreadsheet.listed(kind, "ledger", COLUMNS, each)
    if asked.before is not None:
        rows = rows.filter(seq__lt=asked.before)
    found = list(rows[: PAGE + 1])
    older = asked.query | {"before": str(found[PAGE - 1].seq)} if len(found) > PAGE else None
    context = {
        "rows": _with_names(found[:PAGE]),
        "asked": asked,
        "kinds": Kind.choices,
        "older": f"?{urlencode(older)}" if older else "",
    }
    return render(request, "portal/ledger/index.html", context)


@require_safe
def entry(request: PortalRequest, seq: int) -> HttpResponse:
    """One entry: what it says, and whether its hash, its neighbours and a published head
    agree with it, worked out anew."""
    if not request.user.reads_leads:
        raise Http404
    one = get_object_or_404(LedgerEntry, pk=seq)
    near = LedgerEntry.objects.in_bulk([seq - 1, seq + 1])
    before, after = near.get(seq - 1), near.get(seq + 1)
    context = {
        "row": _with_names([one])[0],
        "before": before,
        "after": after,
        "hash_is_right": chain.digest(one.prev_hash, one.line) == one.hash,
        "follows": one.prev_hash == (before.hash if before else chain.NO_HASH),
        "is_followed": after is None or after.prev_hash == one.hash,
        "head": Head.objects.filter(seq__gte=seq).order_by("seq").first(),
    }
    return render(request, "portal/ledger/entry.html", context)


def _asked(request: PortalRequest) -> Asked:
    given = request.GET
    subject = _SUBJECT.fullmatch(given.get("of", ""))
    return Asked(
        lead=_whole(given.get("lead", "")),
        subject=(subject[1], int(subject[2])) if subject else None,
        kind=given.get("kind", "") if given.get("kind", "") in Kind.values else "",
        before=_whole(given.get("before", "")),
    )


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def _with_names(entries: Iterable[LedgerEntry]) -> list[Row]:
    entries = list(entries)
    ids = {one.actor_id for one in entries if one.actor_id is not None}
    names = dict(User.objects.filter(pk__in=ids).values_list("pk", "name"))
    return [Row(one, names.get(one.actor_id or 0, "")) for one in entries]


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, indent=None, separators=(", ", ": "))
