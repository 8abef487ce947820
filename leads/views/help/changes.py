"""What changed with each version, for who works with it; operators read docs/changelog.md."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from portal.http import PortalRequest
from portal.look.context import CHANGES_COOKIE, kept_as

KEPT = 400 * 24 * 3600


@dataclass(frozen=True)
class Release:
    """One version. `place`: for each change a page of the help that says more, or empty."""

    key: str
    on: date
    changes: Sequence[tuple[Promise, str]]


RELEASES = (
    Release("0.2", date(2026, 11, 22), (
        (_("Each heading has a question mark that opens the help about that page."), ""),
        (_("Every screen leads to its own words, and the glossary has those of the agreement."),
         ""),
        (_("A company is set up step by step, and a list shows what is left."), "setup"),
        (_("A draft is tried on past handoffs, clause by clause, before it is signed."),
         "agreement"),
        (_("Every list leaves as CSV and XLSX: all its pages, with both words for a stage."),
         "lead"),
        (_("Coverage says which part of the CRM’s leads the figures are of."), "reports"),
        (_("Next year’s holidays are drafted with one click."), "agreement"),
        (_("A proposed text is observed by itself; a part of an agreement can be split off."),
         "agreement"),
        (_("People and teams move, and no figure of the past moves with them."), "account"),
        (_("You see where you are signed in, and can end each of those sign-ins."), "account"),
        (_("Recovery codes are longer and those of before open nothing: make new ones."),
         "account"),
    )),
    Release("0.1", date(2026, 10, 1), (
        (_("Agreements that both departments sign, and clocks in working time."), "agreement"),
        (_("Alerts, once for each step, to whom the agreement names."), "alerts"),
        (_("Figures that open onto their rows, and a ledger that shows every change."),
         "reports"),
    )),
)  # fmt: skip
"""Newest first."""
NEWEST = RELEASES[0].key


@require_safe
def show(request: PortalRequest) -> HttpResponse:
    """All of them; who has read the page has seen the newest, in this browser."""
    response = render(request, "portal/help/changes.html", {"releases": RELEASES})
    response.set_cookie(
        kept_as(CHANGES_COOKIE), NEWEST, max_age=KEPT, samesite="Lax", httponly=True,
        secure=request.is_secure(),
    )  # fmt: skip
    return response
