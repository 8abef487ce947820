"""Who did something with a handoff is named with when: the instant, once an hour has passed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from leads.actions.handing import handoffs
from leads.desk.mine.said import last_moves, said
from tests.factories import MONDAY_NINE, make_handoff, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("later", "when"),
    [
        pytest.param(timedelta(seconds=4), "4 s ago", id="two at once"),
        pytest.param(timedelta(minutes=59), "59 min ago", id="within the hour"),
        pytest.param(timedelta(hours=2), "09:05", id="today"),
        pytest.param(timedelta(days=2), "Mon 09:05", id="another day"),
    ],
)
def test_who_did_it_is_said_with_when(later, when):
    handoff = make_handoff()
    at = MONDAY_NINE + timedelta(minutes=5)
    handoffs.accept(handoff_id=handoff.pk, by=handoff.receiver, at=at)

    with timezone.override("Europe/Berlin"):
        text = said(last_moves([handoff.pk])[handoff.pk], make_user(), at + later)

    assert text == f"{handoff.receiver} accepted this {when}."
