"""Every handoff of a long time by a job: slice by slice, stopped, gone on with, kept."""

import html
import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from leads.actions.handing import handoffs
from leads.models import Clock
from leads.reports.backtest import backtest, whole
from portal import wallclock
from portal.jobs import actions as jobs
from portal.jobs import runner
from portal.jobs.models import Job
from sla.actions import backtesting
from sla.core.backtest import Backtest
from sla.models import Version
from tests.factories import MONDAY_NINE, make_handoff, make_terms, make_user, make_version
from tests.leads.clockwork import MINUTE
from tests.leads.reports.scenes import DAY, LATER
from tests.sla.versions import a_proposal

pytestmark = pytest.mark.django_db
SINCE = MONDAY_NINE - DAY


@pytest.fixture
def proposal(monkeypatch):
    monkeypatch.setattr("leads.reports.backtest.whole.SLICE", 3)
    make_version()
    terms = make_terms()
    for owed in terms["obligations"]:
        if owed["key"] in ("accept", "first_attempt"):
            owed["targets"] = [{"segment": None, "within": "PT30M", "beyond": None}]
    for minutes in (10, 20, 40, 50, 70, 90, 100):
        handoff = make_handoff(at=MONDAY_NINE)  # all at one instant: the key parts them
        at = MONDAY_NINE + minutes * MINUTE
        handoffs.accept(handoff_id=handoff.pk, by=handoff.receiver, at=at)
    return a_proposal(terms=terms)


def base():
    return Version.objects.get(number=1)


def asked(version, by=None):
    return whole.ask(
        version=version, base=base(), since=SINCE, until=LATER, by=by or make_user(), at=LATER,
        back="/",
    )  # fmt: skip


def run(seconds=60.0):
    return runner.run_one(now=lambda: LATER, seconds=seconds)


def test_slices_together_say_what_one_reading_of_everything_says(proposal):
    job = asked(proposal)

    run()

    job.refresh_from_db()
    one = backtest(proposal, base(), SINCE, LATER, LATER)
    assert (job.state, job.cursor, job.total) == (Job.State.DONE, 7, 7)
    assert Backtest.from_json(job.result["backtest"]) == one
    assert one.of("accept").late > 0


def test_it_goes_on_where_it_was_and_a_step_done_twice_counts_once(proposal):
    job = asked(proposal)
    run(seconds=0)
    job.refresh_from_db()
    assert (job.state, job.cursor) == (Job.State.OPEN, 3)

    whole.step(job, LATER)  # by a worker that then died
    run()

    job.refresh_from_db()
    one = backtest(proposal, base(), SINCE, LATER, LATER)
    assert Backtest.from_json(job.result["backtest"]) == one


def test_it_is_stopped_by_who_asked(proposal):
    by = make_user()
    job = asked(proposal, by)
    run(seconds=0)

    jobs.cancel(job_id=job.pk, by=by, at=LATER)

    job.refresh_from_db()
    assert job.state == Job.State.CANCELLED
    assert "backtest" not in job.result


def test_a_text_that_changed_meanwhile_is_said(proposal):
    job = asked(proposal)
    Version.objects.filter(pk=proposal.pk).update(terms=make_terms(title="Another"))

    run()

    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert "The text changed since" in job.error


def test_it_is_attached_to_what_is_signed_where_else_only_the_newest_were(
    proposal, monkeypatch
):
    monkeypatch.setattr("leads.reports.backtest.reading.MOST", 2)
    monkeypatch.setattr("leads.reports.backtest.trying.MOST", 2)
    assert backtesting.compute(proposal, LATER).result["handoffs"] == 2
    job = asked(proposal)
    run()
    job.refresh_from_db()

    assert backtesting.compute(proposal, LATER).result == job.result["backtest"]
    too_old = LATER + timedelta(days=8)
    assert backtesting.compute(proposal, too_old).result["handoffs"] == 2


def test_the_page_offers_it_leads_to_its_progress_and_shows_its_answer(
    client, proposal, monkeypatch
):
    monkeypatch.setattr(wallclock, "now", lambda: LATER)
    for place in ("reading", "trial", "trying"):
        monkeypatch.setattr(f"leads.reports.backtest.{place}.MOST", 2)
    names = [proposal.agreement.key, proposal.number]
    page, ask = (
        reverse(f"leads:{name}", args=names) for name in ("backtest", "backtest-whole")
    )
    client.force_login(make_user())
    assert "Read all of them" in client.get(page).text

    answer = client.post(ask)
    job = Job.objects.get()
    assert answer.url == reverse("job", args=[job.pk])
    assert "Waits for its turn" in client.get(answer.url).text
    run()

    back = client.get(answer.url)
    assert back.url.startswith(page)
    assert "7 handoffs, first offered" in client.get(back.url).text


def pages_of(client, url):
    """The clocks that a listing shows, page after page."""
    found = []
    while url:
        text = client.get(url).text
        found += [int(one) for one in re.findall(r"/clocks/(\d+)/", text)]
        more = re.search(r'href="(\?[^"]*before=\d+)"', text)
        url = url.partition("?")[0] + more[1].replace("&amp;", "&") if more else ""
    return found


@pytest.mark.parametrize("size", [50, 2])
def test_each_number_of_the_job_opens_exactly_the_handoffs_that_it_counted(
    client, proposal, monkeypatch, size
):
    monkeypatch.setattr(wallclock, "now", lambda: LATER)
    for place in ("reading", "trial", "trying"):
        monkeypatch.setattr(f"leads.reports.backtest.{place}.MOST", 2)
    monkeypatch.setattr("leads.views.reports.backtest.pages.PAGE", size)
    client.force_login(make_user())
    names = [proposal.agreement.key, proposal.number]
    job = asked(proposal)
    run()
    job.refresh_from_db()
    found = Backtest.from_json(job.result["backtest"])

    page = html.unescape(client.get(reverse("leads:backtest", args=names)).text)

    links = re.findall(r'href="([^"]*part=whole[^"]*)"', page)
    told = [{key: v[0] for key, v in parse_qs(urlsplit(url).query).items()} for url in links]
    assert {(one["obligation"], one["which"]) for one in told} == {
        (row.obligation, which)
        for row in found.rows
        for which in ("n", "late", "before", "newly", "spared")
        if row.n and getattr(row, which)
    }
    shown = {(one["obligation"], one["which"]): pages_of(client, url)
             for one, url in zip(told, links, strict=True)}  # fmt: skip
    for (obligation, which), clocks in shown.items():
        assert len(clocks) == len(set(clocks)) == getattr(found.of(obligation), which)
    assert set(shown["accept", "newly"]) == set(late_only_now())
    file = client.get(
        reverse("leads:backtest-csv", args=names) + "?" + urlsplit(links[0]).query
    )
    rows = b"".join(file.streaming_content).decode("utf-8-sig").splitlines()
    assert len(rows) == len(shown[told[0]["obligation"], told[0]["which"]]) + 1


def late_only_now():
    """Accepted after half an hour, and in time under the text of then."""
    clocks = Clock.objects.filter(kind="accept", outcome="met")
    for pk, started, stopped in clocks.values_list("pk", "started_at", "stopped_at"):
        if stopped - started > 30 * MINUTE:
            yield pk


def test_a_figure_of_a_job_that_there_is_not_is_not_found(client, proposal, monkeypatch):
    monkeypatch.setattr(wallclock, "now", lambda: LATER)
    client.force_login(make_user())
    rows = reverse("leads:backtest-rows", args=[proposal.agreement.key, proposal.number])

    assert client.get(rows, {"part": "whole", "which": "late"}).status_code == 404


def test_who_does_not_draft_asks_for_nothing(client, reader, proposal):
    names = [proposal.agreement.key, proposal.number]

    assert client.post(reverse("leads:backtest-whole", args=names)).status_code == 404
    assert not Job.objects.exists()
