"""No page asks the database more than twelve times: each address of the portal, and each page
of a company in which everything is under way. Who is signed in, and their session, count."""

import re
from collections import Counter

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from leads.actions.sweeping import sweep
from portal import wallclock
from tests.authz_actors import ACTORS, NOW, addresses, classes, make_company, outcome
from tests.browser.company import build
from tests.browser.test_pages import PAGES
from tests.kept import kept

pytestmark = pytest.mark.django_db
MOST = 12
# Whoever sees most is asked for: heads, then operations, then the rest; visitors see less.
READERS = [*ACTORS[5:8], *ACTORS[2:5], *ACTORS[8:]]
# What no person reads as a page: the admin is Django's, a file is written row by row, and
# the metrics read every part of the portal's health for a machine.
NO_PAGES = re.compile(r"(admin|api|in|scim)/|\^|metrics$|.*\.\w+$|.*\.<str:kind>$")


def reader(route):
    """Somebody signed in who gets the page itself; None where it is no page."""
    (name,) = classes()[route]
    return next((one for one in READERS if outcome(name, "GET", one) == 200), None)


READ = {
    route: reader(route)
    for route in sorted(addresses())
    if not NO_PAGES.match(route) and reader(route)
}


@pytest.fixture(scope="class")
def of_each_kind(django_db_setup, django_db_blocker):
    """One object of each kind, and who may see it."""
    with kept(django_db_blocker), pytest.MonkeyPatch.context() as patch:
        patch.setattr(wallclock, "now", lambda: NOW)
        patch.setattr(sweep, "if_overdue", lambda at: None)
        yield make_company()


@pytest.fixture(scope="class")
def at_work(django_db_setup, django_db_blocker):
    """The demo company, small, with a draft and a proposal."""
    with kept(django_db_blocker), pytest.MonkeyPatch.context() as patch:
        made = build()
        patch.setattr(wallclock, "now", lambda: made.now)
        yield made


def questions(client, path):
    """What a page asks when it is opened again, the most frequent first, and how many.

    The first time a process reads the signed texts, and a session what it began with; who
    is led to another page is asked about that one.
    """
    first = client.get(path, follow=True)
    path = first.redirect_chain[-1][0] if first.redirect_chain else path
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    found = Counter(re.sub(r"\d+", "N", one["sql"])[:200] for one in asked.captured_queries)
    return [f"{n} x {sql}" for sql, n in found.most_common()], len(asked)


@pytest.mark.thorough
class TestOfEachKind:
    @pytest.mark.parametrize("route", READ)
    def test_an_address_asks_at_most_twelve_times(self, of_each_kind, route):
        client = of_each_kind.client(READ[route])

        said, number = questions(client, of_each_kind.path(route))

        assert number <= MOST, "\n".join(said)


class TestAtWork:
    @pytest.mark.parametrize("name", PAGES)
    def test_a_page_asks_at_most_twelve_times(self, at_work, name):
        who, path = PAGES[name]
        client = Client()
        if who:
            client.force_login(at_work.people[who])

        said, number = questions(client, at_work.paths.get(path, path))

        assert number <= MOST, "\n".join(said)
