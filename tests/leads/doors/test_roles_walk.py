"""Each role goes through the portal by its links alone: no page that is linked refuses it."""

import re
from collections import Counter, deque
from html import unescape

import pytest
from django.urls import Resolver404, resolve
from django.urls.exceptions import NoReverseMatch

from leads.actions.sweeping import sweep
from leads.views.help.places import address
from portal import wallclock
from tests.authz_actors import NOW, make_company
from tests.kept import kept, undone

pytestmark = pytest.mark.django_db
ROLES = (
    "sdr", "marketer", "ae", "marketing_manager", "sales_manager", "operations", "auditor",
    "admin",
)  # fmt: skip
LINK = re.compile(r'href="(/[^"/][^"]*|/)"')
NO_PAGE = re.compile(r"/static/|/accounts/logout/|.*\.(csv|xlsx|pdf|zip|json)(\?|$)")
DEEP = 2  # links from the first page on
EACH = 2  # addresses of one kind that one role opens
KINDS = 25  # of pages that each role is led to, at least


@pytest.fixture(scope="module")
def company(django_db_setup, django_db_blocker):
    with kept(django_db_blocker), pytest.MonkeyPatch.context() as patch:
        patch.setattr(wallclock, "now", lambda: NOW)
        patch.setattr(sweep, "if_overdue", lambda at: None)  # what a reader may set off
        yield make_company()


class Walk:
    """What one role was led to: the pages, each with where its link stood."""

    def __init__(self, client):
        self.client, self.kinds = client, Counter()
        self.waiting, self.known = deque([("/", "the beginning", 0)]), {"/"}
        self.refused, self.unexplained = [], []

    def go(self):
        while self.waiting:
            path, where, depth = self.waiting.popleft()
            kind = self._kind(path)
            if kind is None:
                self.refused.append((404, path, where))
            elif self.kinds[kind] < EACH:
                self.kinds[kind] += 1
                self._open(path, where, depth)
        return self

    def _kind(self, path):
        try:
            return resolve(path.partition("?")[0]).view_name
        except (Resolver404, NoReverseMatch):
            return None

    def _open(self, path, where, depth):
        page = self.client.get(path, follow=True)
        if page.status_code != 200:
            self.refused.append((page.status_code, path, where))
        elif "html" in page.headers["Content-Type"]:
            self._explained(page, path)
            self._note(page.text, path, depth + 1)

    def _explained(self, page, path):
        """A page that the help speaks of says where, within one link."""
        place = address(page.resolver_match.view_name)
        if place and place not in unescape(page.text):
            self.unexplained.append((path, place))

    def _note(self, text, here, depth):
        if depth > DEEP:
            return
        for link in LINK.findall(text):
            path = unescape(link).partition("#")[0]
            if path not in self.known and not NO_PAGE.match(path):
                self.known.add(path)
                self.waiting.append((path, here, depth))


@pytest.mark.parametrize("role", ROLES)
def test_no_page_that_a_role_is_led_to_refuses_it_and_each_leads_to_its_help(company, role):
    with undone():
        walk = Walk(company.client(role)).go()

    assert walk.refused == []
    assert walk.unexplained == []
    assert len(walk.kinds) >= KINDS
