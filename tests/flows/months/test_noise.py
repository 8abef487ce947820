"""What people hear in a month: few messages from outside their own desk, however late it is."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core import mail
from django.core.management import call_command

from leads.reports.noise import noise
from leads.reports.noise.drawn import lines, picture
from portal.notifications.models import Delivery
from tests.factories import MONDAY_NINE, make_user
from tests.flows.months import noisy

pytestmark = pytest.mark.django_db
SUNDAY = datetime(2026, 3, 1, 11, tzinfo=UTC)
DAY = timedelta(days=1)
DRAWN = Path(__file__).parents[3] / "docs" / "results" / "noise.svg"
PAGE = DRAWN.parents[1] / "noise.md"
TITLE = "Messages from outside their own desk, to one person on one day"


def row(person, at, *, digest="", channel="mail", about="version:1"):
    Delivery.objects.create(
        recipient=person, about=about, channel=channel, digest=digest, title="Said",
        created_at=at, sent_at=at, state=Delivery.State.SENT,
    )  # fmt: skip


def test_a_digest_is_one_message_and_what_is_read_in_the_portal_is_none():
    manager = make_user(team="inside-sales")
    for number in range(3):
        row(manager, MONDAY_NINE, digest="hourly", about=f"pace:{number}")
        row(manager, MONDAY_NINE, channel="in_app", about=f"pace:{number}")
    row(manager, MONDAY_NINE)

    found = noise(MONDAY_NINE, MONDAY_NINE + DAY)

    (members,) = [one for one in found.groups if one.outside]
    assert (members.key, members.here, members.outside, members.busiest) == ("members", 3, 2, 2)
    assert found.days == {2: 1}


def test_the_command_prints_and_draws_what_was_said_lately(monkeypatch, tmp_path):
    monkeypatch.setattr("portal.wallclock.now", lambda: MONDAY_NINE + DAY)
    row(make_user(), MONDAY_NINE)
    said, drawn = StringIO(), tmp_path / "noise.svg"

    call_command("noise", "--days", "7", "--svg", str(drawn), stdout=said)

    assert "| members | 1 | 0 | 0 | 0 | 1 | 1 | 1 |" in said.getvalue()
    assert drawn.read_text().startswith("<svg ")


def test_two_days_as_busy_and_as_late_as_the_month_below():
    end = SUNDAY + 2 * DAY
    noisy.month(begin=SUNDAY, end=end, leads=16)

    found = noise(SUNDAY, end)

    assert 0 < found.busiest <= 10
    told = Delivery.objects.filter(channel="mail", state="sent").values("recipient", "sent_at")
    assert 0 < sum(one.own + one.outside for one in found.groups) <= len(mail.outbox)
    assert {one.weekly for one in found.groups if one.key == "heads"} <= {0, 1}
    assert told.exists()


@pytest.mark.slow
def test_a_month_of_400_late_leads_is_ten_messages_a_day_at_most_and_one_a_week_for_heads():
    end = SUNDAY + 31 * DAY
    noisy.month(begin=SUNDAY, end=end, leads=400)

    found = noise(SUNDAY, end)

    assert found.busiest <= 10
    assert [one.weekly for one in found.groups if one.key == "heads"] == [1]
    DRAWN.write_text(picture(found, TITLE))
    assert "\n".join(lines(found)) in PAGE.read_text()
