"""A month in which everything happened that a figure could count wrongly.

In Berlin and in New York; a duplicate that was merged, a waived entry, an imported one, a
clock that is paused, leads that came back, and one that was taken back.
"""

import html
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from leads.actions import clocks, contributions
from leads.actions.handing import endings, handoffs, returns
from leads.actions.journeys import touches
from leads.models import Content, Contribution, Handoff, StageEntry, Touch
from leads.reports.period import Filters
from portal.accounts.models import User
from sla.models import Version
from tests.factories import (
    MONDAY_NINE,
    make_accepted,
    make_company,
    make_handoff,
    make_lead,
    make_team,
    make_terms,
    make_user,
    make_version,
)
from tests.leads.clockwork import BERLIN, HOUR, MINUTE

DAY = timedelta(days=1)
LATER = MONDAY_NINE + 4 * DAY
LINK = re.compile(r'<a href="([^"]*figure=[^"]*)">\s*([^<]*?)\s*</a>')


@dataclass(frozen=True)
class Month:
    version: Version
    sdr: User


def a_month(**query: str) -> Filters:
    return Filters.from_query(query, LATER, BERLIN)


def terms_of_the_month() -> dict[str, Any]:
    """The classic terms with a benchmark that was confirmed, and a calendar for New York."""
    terms = make_terms()
    terms["benchmarks"][1]["confirmed"] = True
    office = terms["calendars"]["berlin"] | {"name": "New York", "zone": "America/New_York"}
    terms["calendars"] |= {"new-york": office}
    return terms


def the_month() -> Month:
    version = make_version(terms=terms_of_the_month())
    sdr = make_user("Sid Rowe")
    _kept_and_paused(sdr)
    late = make_handoff(receiver=sdr)
    handoffs.accept(handoff_id=late.pk, by=sdr, at=MONDAY_NINE + 3 * HOUR)
    make_handoff(receiver=sdr)
    for reason in ("no_need", "no_need", "too_small"):
        back = make_accepted(by=sdr, at=MONDAY_NINE + HOUR, campaign="Spring & more")
        returns.give_back(handoff_id=back.pk, by=sdr, at=MONDAY_NINE + 2 * HOUR, reason=reason)
    gone = make_handoff(receiver=sdr, at=MONDAY_NINE + DAY)
    endings.withdraw(handoff_id=gone.pk, by=gone.giver, at=MONDAY_NINE + DAY + MINUTE)
    _in_new_york(sdr)
    a_merged_lead(), a_waived_entry(sdr), an_imported_entry(), a_customer()
    _won_with_material(sdr)
    Content.objects.create(
        title="Comparison of pumps", kind="case_study", stage="deciding", owner=sdr,
        link="https://example.test/pumps", published_on=date(2026, 3, 3), added_by=sdr,
        added_at=MONDAY_NINE,
    )  # fmt: skip
    return Month(version, sdr)


def _kept_and_paused(sdr: User) -> None:
    """Attempted after 20 minutes; its outcome waits for a call back."""
    met = make_accepted(by=sdr, at=MONDAY_NINE + 20 * MINUTE)
    touches.log(lead_id=met.lead_id, kind="call", by=sdr, at=MONDAY_NINE + 39 * MINUTE)
    clocks.pause(
        clock_id=met.clocks.get(kind="disposition").pk, reason="call_back", by=sdr,
        at=MONDAY_NINE + HOUR,
    )  # fmt: skip


def _in_new_york(sdr: User) -> None:
    """Offered when Berlin is open and New York is not: no working time runs yet."""
    team = make_team("inside-sales")
    team.calendar = "new-york"
    team.save()
    offered = make_handoff(receiver=sdr, at=LATER - HOUR)
    touches.log(lead_id=offered.lead_id, kind="call", by=sdr, at=LATER - HOUR + 30 * MINUTE)
    make_handoff(receiver=sdr, at=LATER - HOUR)


def a_merged_lead():
    into = make_lead(at=MONDAY_NINE)
    lead = make_lead(at=MONDAY_NINE)
    lead.merged_into = into
    lead.save()
    return lead


def a_waived_entry(by: User, lead: Any = None) -> StageEntry:
    return StageEntry.objects.create(
        lead=lead or make_lead(at=MONDAY_NINE), stage="talking",
        entered_at=MONDAY_NINE + DAY, waived_by=by, waiver_reason="they called us",
    )  # fmt: skip


def an_imported_entry():
    lead = make_lead(at=MONDAY_NINE)
    lead.stage_entries.update(imported=True)
    return lead


def a_customer():
    return make_lead(at=MONDAY_NINE, company=make_company(status="customer"))


def _won_with_material(sdr: User) -> None:
    """Material was asked for, used, and the lead won; afterwards both spoke with them."""
    handoff = make_accepted(by=sdr, at=MONDAY_NINE + 2 * DAY)
    lead = handoff.lead
    marketer = make_user(team="demand-generation")
    for subject in ("Pumps", "Valves"):
        contributions.ask(
            lead_id=lead.pk, kind="case_study", subject=subject, by=sdr,
            at=MONDAY_NINE + 2 * DAY + HOUR,
        )  # fmt: skip
    at = MONDAY_NINE + 2 * DAY + 2 * HOUR
    used, unused = Contribution.objects.order_by("pk")
    Contribution.objects.filter(pk=used.pk).update(
        delivered_at=at, delivered_by=marketer, used=True, answered_at=at
    )
    Contribution.objects.filter(pk=unused.pk).update(cancelled_at=at)
    Handoff.objects.filter(pk=handoff.pk).update(
        state="completed", outcome="won", ended_at=at + HOUR
    )
    for department, imported in (("marketing", False), ("sales", False), ("sales", True)):
        Touch.objects.create(
            lead=lead, department_id=department, kind="call", direction="outbound",
            by=sdr, occurred_at=at + 2 * HOUR, recorded_at=at + 2 * HOUR, imported=imported,
        )  # fmt: skip


def links(text: str) -> list[tuple[str, int]]:
    """Every link of a page that opens a figure, with the number it shows."""
    found = [(html.unescape(url), words) for url, words in LINK.findall(text)]
    return [
        (url, int(re.match(r"[\d\s.,]+", words)[0].replace(",", ""))) for url, words in found
    ]


def rows_of(client, url: str) -> int:
    """All rows behind a figure, page after page."""
    number = 0
    while url:
        page = client.get(url)
        assert page.status_code == 200, url
        number += page.text.count('<th scope="row"')
        older = re.search(r'href="(\?[^"]*after=\d+[^"]*)"', page.text)
        url = url.partition("?")[0] + html.unescape(older[1]) if older else ""
    return number
