"""Any version against a time of real history: each count, its handoffs, and other targets."""

import csv
import html
import io
import re
from datetime import timedelta
from random import Random

import numpy as np
import pytest
from django.urls import reverse

from leads.actions import clocks
from leads.actions.handing import handoffs, returns
from leads.core.backtest import Fate
from leads.core.rounds import judge
from leads.core.targets import targets
from leads.reports.backtest import backtest
from leads.reports.backtest.groups import BYS, groups
from leads.reports.backtest.trial import WHICH, trial
from portal import wallclock
from portal.accounts.models import Department, Role
from sla.core.durations import Duration
from sla.core.terms import parse
from sla.models import Version
from tests.factories import (
    MONDAY_NINE,
    make_agreement,
    make_handoff,
    make_terms,
    make_user,
    make_version,
)
from tests.leads.clockwork import BERLIN, HOUR, MICROSECOND, MINUTE, WAITING, terms_where
from tests.leads.reports.scenes import DAY, LATER
from tests.sla.versions import a_draft, a_proposal

pytestmark = pytest.mark.django_db
BEFORE = MONDAY_NINE - DAY
TEN = tuple(range(10, 110, 10))
COUNT = re.compile(r'class="num"><a [^>]*href="([^"]*which=(\w+)[^"]*)"[^>]*>([\d,]+)</a></td>')


def within(amount):
    return [{"segment": None, "within": amount, "beyond": None}]


def accepted(minutes, *, at=MONDAY_NINE, **fields):
    handoff = make_handoff(at=at, **fields)
    handoffs.accept(handoff_id=handoff.pk, by=handoff.receiver, at=at + minutes * MINUTE)
    return handoff


def half_an_hour():
    """A proposal that allows half an hour to accept, beside an hour in force."""
    make_agreement()
    return a_proposal(terms=terms_where(targets=within("PT30M")))


def outcome(version, target=None, key="accept", at=LATER):
    found = trial(version, BEFORE, at, at)
    return found.of(next(o for o in version.parsed.obligations if o.key == key), target)


def address(version, page="backtest", **query):
    return reverse(
        f"leads:{page}", args=[version.agreement.key, version.number], query=query or None
    )


def counts_of(page, obligation="accept"):
    """What the table of the page says of a promise, by which handoffs it counts."""
    links = [(html.unescape(url), *rest) for url, *rest in COUNT.findall(page)]
    own = [link for link in links if f"obligation={obligation}&" in link[0]]
    return {which: int(number) for url, which, number in own if "group=" not in url}


def test_each_handoff_is_late_or_not_then_and_under_the_text(client, reader):
    version = half_an_hour()
    for minutes in (10, 25, 40, 70):
        accepted(minutes)

    page = client.get(address(version, obligation="accept")).content.decode()

    assert counts_of(page) == {"judged": 4, "then": 1, "late": 2, "newly": 1}
    found = outcome(version)
    assert [found.number(which) for which in WHICH] == [4, 1, 2, 1, 0, 2]


def test_a_longer_target_says_who_would_have_been_in_time():
    make_agreement()
    version = a_proposal(terms=terms_where(targets=within("PT2H")))
    for minutes in (30, 70, 90, 200):
        accepted(minutes)

    found = outcome(version)

    assert [found.number(which) for which in WHICH] == [4, 3, 1, 0, 2, 1]


def test_the_target_that_would_have_given_a_share_is_a_time_that_was_seen():
    version = half_an_hour()
    for minutes in TEN:
        accepted(minutes)

    told = [(s.percent, s.target, s.n, s.late) for s in outcome(version).suggested]

    minute = 60_000_000
    assert told == [
        (80, 80 * minute, 10, 2),
        (90, 90 * minute, 10, 1),
        (95, 100 * minute, 10, 0),
    ]


def test_no_target_gives_what_was_never_done():
    version = half_an_hour()
    accepted(10), make_handoff(), make_handoff()

    assert [some.target for some in outcome(version).suggested] == [None, None, None]


def test_working_time_is_counted_over_a_night_and_a_closing_is_its_end():
    version = half_an_hour()
    at = MONDAY_NINE + 8 * HOUR  # half an hour before the office closes at 17:30
    accepted(3 * 60, at=at)
    accepted(16 * 60 + 10, at=at)  # at 9:10 on the next day

    enough = outcome(version).taken.enough.tolist()

    assert enough == [30 * 60_000_000 + 1, 40 * 60_000_000]
    assert outcome(version).number("late") == 2


def test_another_target_is_judged_as_a_text_with_that_target_would_be():
    random = Random(11)
    terms = terms_where(pauses=[WAITING])
    make_version(terms=terms)
    for _ in range(20):
        _play(random)
    at = MONDAY_NINE + 6 * DAY
    version = Version.objects.get()

    for owed in ("accept", "first_attempt", "disposition"):
        found = outcome(version, key=owed, at=at)
        for minutes in (1, 7, 30, 60, 95, 240, 480, 2000):
            pauses = {"pauses": [WAITING]} if owed == "accept" else {}
            other = parse(terms_where(owed, targets=within(f"PT{minutes}M"), **pauses))
            theirs = next(o for o in other.obligations if o.key == owed)
            tried = Duration(time=minutes * MINUTE)
            moved = found.taken.fates(targets(version.parsed, found.taken, tried))
            if minutes == 1:
                _the_shortest_that_was_seen(found)
            same = {int(place) for place in found.taken.places}
            judged = judge(other, theirs, found.past)
            both = [
                (int(place), int(fate))
                for place, fate in zip(judged.rows, judged.fate, strict=True)
                if int(place) in same
            ]
            assert both == list(zip(found.taken.places.tolist(), moved.tolist(), strict=True))


def test_the_text_in_force_ends_as_it_ended_and_a_count_is_the_engines_own():
    for minutes in (10, 40, 70, 200):
        accepted(minutes)
    base = Version.objects.get()
    proposal = a_proposal(terms=terms_where(targets=within("PT30M")))

    same, other = trial(base, BEFORE, LATER, LATER), outcome(proposal)

    for found in same.outcomes():
        assert (found.number("newly"), found.number("spared")) == (0, 0)
    summary = backtest(proposal, base, BEFORE, LATER, LATER).of("accept")
    assert (other.number("judged"), other.number("late")) == (summary.n, summary.late)
    assert other.number("then") == summary.before
    assert (other.number("newly"), other.number("spared")) == (summary.newly, summary.spared)


def test_a_count_opens_exactly_its_handoffs_and_their_file(client, reader):
    version = half_an_hour()
    late = [accepted(minutes) for minutes in (10, 40, 70)][1:]

    page = client.get(address(version, obligation="accept")).content.decode()
    (url,) = [html.unescape(u) for u, which, _n in COUNT.findall(page) if which == "late"][:1]
    rows = client.get(url).content.decode()
    file = client.get(url.replace("/rows/", "/rows.csv"))
    lines = list(csv.reader(io.StringIO(b"".join(file.streaming_content).decode("utf-8-sig"))))

    for handoff in late:
        assert f'href="/leads/{handoff.lead_id}/"' in rows
    assert "2 rows" in rows
    assert [line[6:8] for line in lines[1:]] == [["late", "late"], ["in time", "late"]]


def test_rows_are_paged_by_the_key_of_their_clock(client, reader, monkeypatch):
    monkeypatch.setattr("leads.views.reports.backtest.pages.PAGE", 2)
    version = half_an_hour()
    every = [accepted(10).lead_id for _ in range(5)]

    url, seen = address(version, "backtest-rows", obligation="accept"), []
    while url:
        page = client.get(url).content.decode()
        seen += [
            int(n) for n in re.findall(r'scope="row"[^>]*><a [^>]*href="/leads/(\d+)/"', page)
        ]
        older = re.search(r'rel="next" href="(\?[^"]*)"', page)
        url = address(version, "backtest-rows") + html.unescape(older[1]) if older else ""

    assert seen == every[::-1]


def test_it_is_broken_down_by_team_weekday_hour_and_source():
    version = half_an_hour()
    accepted(10, source="fair"), accepted(40, source="fair")
    accepted(40, at=MONDAY_NINE + DAY + HOUR, source="")

    found = outcome(version)
    told = {
        by: [(group.key, group.n, group.late) for group in groups(found, by, BERLIN)]
        for by in BYS
    }

    assert told["weekday"] == [("0", 2, 1), ("1", 1, 1)]
    assert told["hour"] == [("09", 2, 1), ("10", 1, 1)]
    assert told["source"] == [("fair", 2, 1), ("", 1, 1)]
    assert told["team"] == [(str(make_handoff().receiver_team), 3, 2)]


def test_a_team_too_small_to_be_told_apart_is_in_the_figures_alone(client, reader):
    version = half_an_hour()
    handoff = accepted(40)
    Department.objects.filter(pk="sales").update(smallest_group=50)
    url = address(version, obligation="accept", by="team")

    page = client.get(url).content.decode()

    name = str(handoff.receiver_team)
    assert f'<th scope="row">{name}</th>' not in page
    assert "Teams that are too small are not shown apart" in page
    rows = url.replace("backtest/?", "backtest/rows/?") + f"&which=judged&group={name}"
    assert 'scope="row"' not in client.get(rows).content.decode()


def test_a_group_opens_its_own_handoffs(client, reader):
    version = half_an_hour()
    tuesday = accepted(40, at=MONDAY_NINE + DAY)
    accepted(40)

    page = client.get(
        address(version, "backtest-rows", obligation="accept", by="weekday", group="1")
    ).content.decode()

    assert "1 row<" in page
    assert f"/leads/{tuesday.lead_id}/" in page
    assert "Tuesday" in page


def test_what_another_target_would_give_is_said_beside_its_handoffs(client, reader):
    version = half_an_hour()
    for minutes in (10, 40, 70, 130):
        accepted(minutes)

    url = address(version, obligation="accept", target=2, unit="hours")
    page = client.get(url).content.decode()

    assert "kept within 2 hours, of 4" in page
    assert "2 fewer than under this text" in page
    assert "target 2 h" in page
    rows = client.get(url.replace("backtest/?", "backtest/rows/?") + "&which=target")
    assert "1 row<" in rows.content.decode()


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"target": "soon"}, "A target is a whole number of minutes, hours or days."),
        ({"target": "0"}, "greater than or equal to 1"),
        ({"unit": "moons"}, "moons is not one of the available choices"),
        ({"obligation": "tea"}, "tea is not one of the available choices"),
        ({"since": "yesterday"}, "Enter a valid date"),
        ({"since": "2026-03-02", "until": "2026-03-01"}, "The first day lies after the last"),
        ({"since": "0001-01-01"}, "between the years 2000 and 2199"),
        ({"by": "weekday", "group": "9"}, "There is no such group: 9"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_said_and_nothing_is_shown(client, reader, query, said):
    version = half_an_hour()

    for page in ("backtest", "backtest-rows", "backtest-csv"):
        answer = client.get(address(version, page, **query))
        assert answer.status_code == 422
        assert said in html.unescape(answer.content.decode())


def test_no_handoff_in_the_time_is_said(client, reader):
    version = half_an_hour()
    accepted(10)

    page = client.get(address(version, until="2026-02-01")).content.decode()

    assert "No handoff to try it on" in page


def test_few_data_are_said(client, reader):
    version = half_an_hour()
    accepted(10)

    page = client.get(address(version)).content.decode()

    assert "Few data: it says little." in page


def test_the_days_of_an_address_are_those_of_the_agreement(client, reader):
    version = half_an_hour()
    accepted(10), accepted(10, at=MONDAY_NINE + DAY)

    day = {"since": "2026-03-02", "until": "2026-03-02", "obligation": "accept"}
    page = client.get(address(version, **day)).content.decode()

    assert counts_of(page)["judged"] == 1


def test_only_the_newest_are_read_and_the_page_says_so(client, reader, monkeypatch):
    monkeypatch.setattr("leads.reports.backtest.reading.MOST", 2)
    monkeypatch.setattr("leads.reports.backtest.trial.MOST", 2)
    version = half_an_hour()
    for minutes in range(3):
        accepted(10, at=MONDAY_NINE + minutes * MINUTE)

    page = client.get(address(version)).content.decode()

    assert "There were 3: only the newest 2 were read." in page


def test_a_draft_is_for_those_who_draft_and_says_when_it_cannot_be_run(client, monkeypatch):
    monkeypatch.setattr(wallclock, "now", lambda: LATER)
    make_agreement()
    broken = make_terms()
    broken["obligations"][0]["calendar"] = {"fixed": "nowhere", "team": None}
    draft = a_draft(terms=make_terms())
    Version.objects.filter(pk=draft.pk).update(terms=broken)

    client.force_login(make_user(team=None, role=Role.AUDITOR))
    assert client.get(address(draft)).status_code == 404
    client.force_login(draft.created_by)
    page = client.get(address(draft))

    assert page.status_code == 200
    assert "This draft cannot be run yet" in page.content.decode()
    assert client.get(address(draft, "backtest-rows")).status_code == 404


def test_while_a_target_is_moved_the_same_is_said_of_its_promise_alone(client, reader):
    version = half_an_hour()
    accepted(40)

    url = address(version, obligation="accept", target=45, unit="minutes")
    whole, part = (
        client.get(url, headers=headers).content.decode()
        for headers in ({}, {"HX-Request": "true"})
    )

    assert whole[whole.index('id="tried"') :] == part[part.index('id="tried"') :]
    assert "Each promise, then and under this text" not in part


def test_it_is_found_from_the_version_its_draft_its_proposal_and_the_scorecard(
    client, monkeypatch
):
    monkeypatch.setattr(wallclock, "now", lambda: LATER)
    proposal = half_an_hour()
    draft = a_draft()
    client.force_login(draft.created_by)

    def there(name, *args):
        return client.get(reverse(name, args=args)).content.decode()

    key, first = proposal.agreement.key, address(Version.objects.get(number=1))
    assert there("sla:version", key, 2).count(f'href="{address(proposal)}"') == 2
    assert address(draft) in there("sla:draft-edit", key, draft.number)
    assert address(proposal) in there("sla:version-sign", key, 2)
    assert first in there("leads:scorecard")


@pytest.mark.parametrize("name", ["backtest", "backtest-rows"])
def test_it_costs_the_same_queries_however_much_there_is(
    client, reader, name, django_assert_max_num_queries
):
    version = half_an_hour()
    for minutes in TEN:
        accepted(minutes)

    with django_assert_max_num_queries(13):
        client.get(address(version, name, obligation="accept", target=1))


def _the_shortest_that_was_seen(found):
    """No shorter time of somebody would have given the share; this one would."""
    for some in found.suggested:
        done = sorted(found.taken.enough[found.taken.done].tolist())
        enough = [target for target in done if _share(found, target) >= some.percent]
        assert some.target == (enough[0] if enough else None)


def _share(found, target):
    fates = found.taken.fates(np.full(found.taken.places.size, target)).tolist()
    kept, late = fates.count(Fate.MET), fates.count(Fate.LATE)
    return 100 * kept / (kept + late)


def _play(random):
    """Accepted, returned, paused and resumed, or left alone; at any time of three days."""
    at = MONDAY_NINE + random.randrange(0, 3 * 24 * 60) * MINUTE + MICROSECOND
    handoff = make_handoff(at=at, segment=random.choice(["demo_request", "event", ""]))
    by, then = handoff.receiver, at + timedelta(minutes=random.randrange(1, 900))
    step = random.choice(["accept", "return", "pause", "nothing"])
    if step == "accept":
        handoffs.accept(handoff_id=handoff.pk, by=by, at=then)
    elif step == "return":
        returns.give_back(handoff_id=handoff.pk, by=by, at=then, reason="no_need")
    elif step == "pause":
        clock = handoff.clocks.get(obligation="accept")
        paused = at + 2 * MINUTE
        clocks.pause(clock_id=clock.pk, reason="call_back", by=by, at=paused)
        handoffs.accept(handoff_id=handoff.pk, by=by, at=paused + (then - at))
