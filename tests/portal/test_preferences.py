"""How a person is told: their choices, where they hold, and where nobody's do."""

import json
from datetime import UTC, datetime, time, timedelta

import pytest
from django.urls import reverse

from portal import wallclock
from portal.ledger.models import LedgerEntry
from portal.notifications import http, schedule
from portal.notifications.actions import preferences, telling
from portal.notifications.actions.reach import Notice
from portal.notifications.models import Connection, Delivery, Level, Preference
from tests.factories import MONDAY_NINE, make_user
from tests.portal.endpoints import connect, make_endpoint, outside

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
PAGE = "/me/notifications/"


@pytest.fixture(autouse=True)
def monday_nine(monkeypatch):
    monkeypatch.setattr(wallclock, "now", lambda: MONDAY_NINE)


def choose(user, choices=None, quiet=(None, None)):
    return preferences.choose(user=user, choices=choices or {}, quiet=quiet, at=MONDAY_NINE)


def tell(person, *, level="info", owner=None, at=MONDAY_NINE, **changes):
    known = {"about": "alert:1", "title": "Lead One", "channels": ("in_app", "mail")}
    notice = Notice(
        to=(person,), level=level, owner_id=owner.pk if owner else None, **(known | changes)
    )
    return telling.tell_all([notice], at=at)


def ways():
    return sorted(Delivery.objects.values_list("channel", flat=True))


# --- choices


def test_who_chose_nothing_is_told_as_the_agreement_says():
    tell(make_user())

    assert ways() == ["in_app", "mail"]


def test_a_level_can_be_read_in_the_portal_alone():
    person = make_user()
    choose(person, {"info": {"channels": []}})

    tell(person)
    tell(person, about="alert:2", level="risk")

    assert ways() == ["in_app", "in_app", "mail"]


def test_what_would_be_told_outside_alone_is_still_in_the_portal():
    person = make_user()
    choose(person, {"info": {"channels": []}})

    tell(person, channels=("mail",))

    assert ways() == ["in_app"]


def test_a_person_chooses_among_their_own_ways_and_not_for_others():
    shared, bot, person = make_endpoint("teams"), make_endpoint("slack_bot"), make_user()
    connect(person, bot)
    choose(person, {"risk": {"channels": ["slack"], "digest": "daily"}})

    tell(person, level="risk", channels=("in_app", "mail", "teams"))

    slack, teams = outside().order_by("channel")
    assert (slack.endpoint, slack.digest) == (bot, "daily")
    assert (teams.endpoint, teams.digest, teams.next_at) == (shared, "", MONDAY_NINE)


def test_a_way_that_is_not_there_any_more_is_replaced_by_the_agreements():
    person = make_user()
    choose(person, {"info": {"channels": ["slack"]}})

    tell(person)

    assert ways() == ["in_app", "mail"]


@pytest.mark.parametrize(
    ("theirs", "agreed", "gathered"),
    [("daily", "hourly", "daily"), ("hourly", "weekly", "weekly"), ("", "hourly", "hourly")],
)
def test_of_two_wishes_the_slower_holds(theirs, agreed, gathered):
    person = make_user()
    choose(person, {"info": {"digest": theirs}})

    tell(person, digest=agreed)

    assert outside().get().digest == gathered


# --- quiet hours


@pytest.mark.parametrize(
    ("at", "begin", "end", "leaves"),
    [
        pytest.param("02 20:59", "22:00", "07:00", "02 20:59", id="just before"),
        pytest.param("02 21:00", "22:00", "07:00", "03 06:00", id="as they begin"),
        pytest.param("02 03:00", "22:00", "07:00", "02 06:00", id="after midnight"),
        pytest.param("02 06:00", "22:00", "07:00", "02 06:00", id="as they end"),
        pytest.param("02 11:30", "12:00", "13:00", "02 12:00", id="over noon"),
        pytest.param("02 11:30", "12:00", "12:00", "02 11:30", id="none"),
        pytest.param("28 23:00", "22:00", "07:00", "29 05:00", id="into summer time"),
    ],
)
def test_quiet_hours_are_of_the_persons_own_wall(at, begin, end, leaves):
    """Instants in UTC; Berlin is an hour ahead of it, and two in summer."""
    asked = datetime.fromisoformat(f"2026-03-{at}").replace(tzinfo=UTC)
    quiet = (time.fromisoformat(begin), time.fromisoformat(end))

    found = schedule.after_quiet(asked, quiet, "Europe/Berlin")

    assert f"{found:%d %H:%M}" == leaves


def test_what_comes_in_quiet_hours_waits_for_their_end():
    person = make_user(zone="Europe/Berlin")
    choose(person, quiet=(time(8), time(10)))

    tell(person)

    assert outside().get().next_at == MONDAY_NINE + HOUR
    assert Delivery.objects.get(channel="in_app").sent_at == MONDAY_NINE


# --- escalations


def test_an_escalation_is_never_held_back():
    manager, owner = make_user(), make_user()
    silent = {level: {"channels": [], "digest": "daily"} for level in Level.values}
    for person in (manager, owner):
        choose(person, silent, quiet=(time(8), time(10)))

    tell(manager, level="late", owner=owner)
    tell(owner, level="late", owner=owner)

    to_manager, to_owner = Delivery.objects.to(manager.pk), Delivery.objects.to(owner.pk)
    mailed = to_manager.get(channel="mail")
    assert (mailed.next_at, mailed.digest) == (MONDAY_NINE, "")
    assert [row.channel for row in to_owner] == ["in_app"]


# --- the page


def posted(**changes):
    kept = {f"{level}_channels": ["mail"] for level in Level.values}
    kept |= {f"{level}_digest": "now" for level in Level.values}
    return kept | {"quiet_from": "", "quiet_until": ""} | changes


def test_the_page_says_that_escalations_are_never_held_back(client):
    client.force_login(make_user())

    assert "Escalations are never held back" in client.get(PAGE).text


def test_choices_are_kept_and_ledgered_without_their_content(client):
    person = make_user()
    client.force_login(person)
    changes = {"info_channels": [], "risk_digest": "hourly", "quiet_from": "22:00"}

    response = client.post(PAGE, posted(**changes, quiet_until="07:00"))

    kept = Preference.objects.get(user=person)
    assert response.url == PAGE
    assert kept.choices["info"] == {"digest": "", "channels": []}
    assert kept.choices["risk"] == {"digest": "hourly"}
    assert (kept.quiet_from, kept.quiet_until) == (time(22), time(7))
    entry = LedgerEntry.objects.get(kind="account_changed")
    assert "22:00" not in json.dumps(entry.clear)
    assert 'value="22:00"' in client.get(PAGE).text


@pytest.mark.parametrize(
    "changes",
    [
        {"quiet_from": "22:00"},
        {"quiet_until": "07:00"},
        {"quiet_from": "25:00", "quiet_until": "07:00"},
        {"info_channels": ["slack"]},
        {"info_channels": ["pigeon"]},
        {"late_digest": "yearly"},
    ],
)
def test_what_makes_no_sense_is_not_kept(client, changes):
    client.force_login(make_user())

    assert client.post(PAGE, posted(**changes)).status_code == 422
    assert not Preference.objects.exists()


def test_somebody_elses_choices_are_not_touched(client):
    other = make_user()
    choose(other, {"info": {"channels": []}})
    client.force_login(make_user())

    client.post(PAGE, posted() | {"user": other.pk, "user_id": other.pk})

    assert Preference.objects.get(user=other).choices == {"info": {"channels": []}}


# --- Slack


def slack_says(monkeypatch, answer):
    reply = http.Reply(200, {}, json.dumps(answer).encode())
    monkeypatch.setattr(http, "send", lambda url, **given: reply)


def test_a_person_is_connected_by_their_mail_address(client, monkeypatch):
    person, bot = make_user(), make_endpoint("slack_bot", address="")
    slack_says(monkeypatch, {"ok": True, "user": {"id": "U7"}})
    client.force_login(person)

    page = client.post(reverse("my-slack"), {"do": "connect"}, follow=True)

    made = Connection.objects.get()
    assert (made.user, made.endpoint, made.account) == (person, bot, "U7")
    assert "Slack, a direct message" in page.text


def test_who_is_unknown_in_slack_is_told_so(client, monkeypatch):
    make_endpoint("slack_bot", address="")
    slack_says(monkeypatch, {"ok": False, "error": "users_not_found"})
    client.force_login(make_user())

    page = client.post(reverse("my-slack"), {"do": "connect"}, follow=True)

    assert "Nobody in Slack has this mail address." in page.text
    assert not Connection.objects.exists()


def test_without_a_workspace_there_is_nothing_to_connect_with(client):
    client.force_login(make_user())

    page = client.post(reverse("my-slack"), {"do": "connect"}, follow=True)

    assert "No Slack workspace is set up for you." in page.text


def test_a_connection_ends_when_its_owner_says_so(client):
    bot, mine, other = make_endpoint("slack_bot"), make_user(), make_user()
    connect(mine, bot)
    connect(other, bot)
    client.force_login(mine)

    client.post(reverse("my-slack"), {"do": "disconnect"})

    assert Connection.objects.get().user == other
