"""The four views of a backtest are one place of the portal."""

import re

import pytest

from tests.leads.reports.test_backtest_page import address, half_an_hour

pytestmark = pytest.mark.django_db
PLACES = re.compile(r'<li><a href="([^"]*)" aria-current="page">')


@pytest.mark.parametrize(
    "view", ["backtest", "backtest-leads", "backtest-volumes", "backtest-clauses"]
)
def test_each_view_stands_under_the_agreement_and_nowhere_else(client, reader, view):
    page = client.get(address(half_an_hour(), view)).content.decode()

    assert PLACES.findall(page) == ["/agreements/"]
