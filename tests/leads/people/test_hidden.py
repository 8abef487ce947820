"""Figures of single people, switched off: each page, file and call is asked; none says one."""

import pytest
from django.db import transaction

from leads.actions.sweeping import sweep
from leads.models import Handoff
from portal import wallclock
from tests.authz_actors import NOW, addresses, make_company
from tests.kept import kept
from tests.leads.api.programs import program
from tests.leads.people.crowd import THEIRS, crowded, hide, tells

pytestmark = pytest.mark.django_db
READERS = ("sales_manager", "operations", "sdr")
APART = ("admin/", "accounts/", "scim/", "^", "static/", "in/", "demo/")
ROUTES = sorted(
    route for route in addresses()
    if not route.startswith(APART) and "handler" not in route and "<path:path>" not in route
)  # fmt: skip
BY_TEAM = (
    "scorecard/", "scorecard/figures.csv", "scorecard/rows/", "scorecard/rows.csv", "cohort/",
    "cohort/figures.csv", "cohort/rows/", "cohort/rows.csv", "forecast/", "forecast/rows/",
    "forecast/rows.csv",
)  # fmt: skip


@pytest.fixture(scope="module")
def company(django_db_setup, django_db_blocker):
    """One company for all of this file; each question is taken back."""
    with kept(django_db_blocker), pytest.MonkeyPatch.context() as patch:
        patch.setattr(wallclock, "now", lambda: NOW)
        patch.setattr(sweep, "if_overdue", lambda at: None)
        company = make_company()
        company.two = crowded(company.people["marketer"], company.people["sdr"])
        yield company


def asked(company, address, actor):
    """The answer to a reader, and nothing that came of asking."""
    point = transaction.savepoint()
    try:
        if address.startswith("/api/"):
            return program(company.people[actor]).get(address)
        return company.client(actor).get(address)
    finally:
        transaction.savepoint_rollback(point)


def telling(company, readers, routes=ROUTES):
    """The addresses at which somebody reads a figure of the two."""
    return {
        (route, actor)
        for route in routes
        for actor in readers
        if tells(asked(company, company.path(route), actor))
    }


def test_where_they_are_shown_the_managers_read_them_so_that_the_walk_can_find_any(company):
    _milo, zora = company.two
    assert Handoff.objects.open().filter(receiver=zora).count() == THEIRS
    hide()

    desk = asked(company, f"/desk/team/?who={zora.pk}", "sales_manager")
    leaving = asked(company, f"/people/{zora.pk}/leaving/", "operations")
    rules = asked(company, "/teams/inside-sales/rules/", "sales_manager")

    assert tells(desk)
    assert tells(leaving)
    assert tells(rules)
    assert not tells(asked(company, "/teams/inside-sales/rules/", "sdr"))


def beside(company, readers):
    """As `telling`, of the addresses that name one of the two."""
    milo, zora = company.two
    named = (
        f"/desk/team/?who={zora.pk}", f"/people/{zora.pk}/leaving/", f"/people/{zora.pk}/team/",
        f"/people/{milo.pk}/leaving/", f"/people/{zora.pk}/hours/", f"/leads/?q={zora.name}",
    )  # fmt: skip
    return {(one, who) for who in readers for one in named if tells(asked(company, one, who))}


def test_with_both_switches_on_no_page_that_names_one_tells_anybody_more(company):
    hide(shows=False, smallest=50)

    assert telling(company, READERS[:1], ROUTES[::9]) | beside(company, READERS) == set()


@pytest.mark.thorough
def test_with_both_switches_on_no_page_no_file_and_no_call_tells_a_manager_one(company):
    hide(shows=False, smallest=50)

    assert telling(company, READERS[:1]) == set()


@pytest.mark.thorough
@pytest.mark.parametrize("switch", [{"shows": False}, {"smallest": 50}])
def test_each_switch_alone_holds_for_every_reader(company, switch):
    hide(**switch)

    assert telling(company, READERS) | beside(company, READERS) == set()


def test_a_team_that_is_too_small_is_refused_as_a_filter_everywhere(company):
    hide(smallest=50)

    for route in BY_TEAM:
        address = company.path(route)
        address += f"{'&' if '?' in address else '?'}team=inside-sales"
        answer = asked(company, address, "operations")
        assert answer.status_code == 409, address
        assert "fewer than 50 people" in answer.content.decode()
    call = asked(company, "/api/v1/reports/scorecard?team=inside-sales", "operations")
    assert 400 <= call.status_code < 500
