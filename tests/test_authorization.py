"""Who gets what from each address: every URL pattern, GET and POST, every kind of person.

The outcomes are declared in authz.toml; a pattern that is not there fails with its name.
"""

import re
from contextlib import contextmanager

import pytest
from django.contrib import admin
from django.db import connection
from django.template.backends.django import Template
from django.test import Client
from django.urls import URLPattern, get_resolver

from leads.actions.sweeping import sweep
from portal import wallclock
from portal.api import api
from portal.ledger.models import Head, LedgerEntry
from portal.notifications.models import Delivery
from tests.authz_actors import (
    ACTORS,
    DECLARED,
    NOW,
    PASSING,
    addresses,
    classes,
    make_company,
    outcome,
    tried,
    watched,
)
from tests.kept import kept

pytestmark = pytest.mark.django_db
ADDRESSES = sorted(addresses())
OURS = [route for route in ADDRESSES if not route.startswith(("admin/", "accounts/", "^"))]
SOME = ("anonymous", "sdr", "marketing_manager", "operations", "auditor", "superuser")
# The last one who gets an answer asks for it: who sees a part only, before who sees all.
ONE_OF_EACH = (*ACTORS[::-1], "superuser", "admin", "auditor", "operations", "sdr")
EVIDENCE_PAGES = ("add/", "<path:object_id>/change/", "<path:object_id>/delete/")
PAGES = [route for route in OURS if not route.startswith(("api/", "scim/"))]
PAGE_OF_A_MODEL = re.compile(
    r"admin/(?!password_change)\w+/\w+/(add/|<path:object_id>/((history|delete|change)/)?)?"
)
STAFF = ("admin", "superuser")
WITH_IDS = [route for route in OURS if re.search("_id>|<slug:key>|<int:number>", route)]


@pytest.fixture(scope="module")
def company(django_db_setup, django_db_blocker):
    """One company for all of this file; each question is taken back."""
    with kept(django_db_blocker), pytest.MonkeyPatch.context() as patch:
        patch.setattr(wallclock, "now", lambda: NOW)
        patch.setattr(sweep, "if_overdue", lambda at: None)  # what a reader may set off
        if connection.vendor == "sqlite":  # the other lane draws them, which reads their rows
            patch.setattr(Template, "render", lambda self, context=None, request=None: "")
        yield make_company()


def as_declared(wanted, response, wrote):
    """Whether a response is what a word of authz.toml stands for."""
    status, place = response.status_code, response.headers.get("Location", "")
    to_login = status == 302 and re.match(r"/(accounts|admin)/login/", place) is not None
    if wanted == "done":
        return wrote and status in {200, 302} and not to_login
    if wrote:
        return False
    if wanted == "login":
        return to_login
    known = {"kept": {200, 302}, "refused": {302, 409}, "invalid": {422}}
    allowed = known.get(str(wanted)) or (wanted if isinstance(wanted, list) else [wanted])
    return status in allowed and not to_login


def by_token(route):
    """Whether a login of any kind opens nothing there."""
    return route.startswith(("api/", "in/", "scim/"))


def one_of_each(name, method):
    """One person for each answer that an address has."""
    return tuple({str(outcome(name, method, actor)): actor for actor in ONE_OF_EACH}.values())


def in_turn(route):
    """Another one for each address, so that everybody is asked at some of them."""
    return (ACTORS[ADDRESSES.index(route) % len(ACTORS)],)


def everybody(route):
    """Behind one gate for all its addresses: who is let in, and some who are not."""
    if PAGE_OF_A_MODEL.fullmatch(route):
        others = [actor for actor in ACTORS if actor not in STAFF]
        return ("anonymous", others[len(route) % len(others)], *STAFF)
    if route.startswith("api/v1/"):
        return ("anonymous", "sdr", "superuser")
    return ACTORS


def test_every_page_of_a_model_is_behind_the_gate_of_the_admin():
    pages = [one for one in _leaves(get_resolver()) if PAGE_OF_A_MODEL.fullmatch(one[0])]

    assert len(pages) > 50
    for route, view in pages:
        assert admin.site == view.model_admin.admin_site, route


def _leaves(resolver, route=""):
    for found in resolver.url_patterns:
        here = route + str(found.pattern)
        if isinstance(found, URLPattern):
            yield here, found.callback
        else:
            yield from _leaves(found, here)


def test_every_call_of_the_api_asks_for_a_token():
    calls = [
        (path, operation)
        for _, router in api._routers
        for path, view in router.path_operations.items()
        for operation in view.operations
    ]

    assert len(calls) > 50
    assert [path for path, one in calls if not one.auth_callbacks] == []


def test_every_address_is_declared_once():
    declared = classes()

    wrong = [route for route in ADDRESSES if len(declared.get(route, [])) != 1]

    assert wrong == [], "declare each of them once in tests/authz.toml"


def test_nothing_is_declared_that_is_not_there():
    assert set(classes()) - set(ADDRESSES) == set()
    assert set(DECLARED["post"]) - set(ADDRESSES) == set()


def differing(company, route, method, actors):
    """Who gets another answer than is declared; and a GET that writes more than a session."""
    (name,) = classes()[route]
    wrong = []
    for actor in actors:
        with written() as statements:
            response, wrote = tried(company, route, method, actor)
        wanted = outcome(name, method, actor)
        if not as_declared(wanted, response, wrote):
            said = (response.status_code, response.headers.get("Location", ""), wrote)
            wrong.append((actor, wanted, said))
        if method == "GET" and statements:
            wrong.append((actor, "reading writes nothing", statements))
    return wrong


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("route", ADDRESSES)
def test_each_answer_of_an_address_is_given_as_declared(company, route, method):
    """To one who gets it, and to another person at each address."""
    (name,) = classes()[route]
    actors = {*one_of_each(name, method), *in_turn(route)}

    assert differing(company, route, method, sorted(actors)) == [], name


@pytest.mark.thorough
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("route", ADDRESSES)
def test_everybody_gets_what_is_declared(company, route, method):
    (name,) = classes()[route]

    assert differing(company, route, method, everybody(route)) == [], name


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("route", PAGES)
def test_a_part_of_a_page_is_given_to_the_same_people_as_the_page(company, route, method):
    """htmx is sent to the login page by a header, and shown a refusal in place."""
    (name,) = classes()[route]
    outcomes = {str(outcome(name, method, actor)): actor for actor in SOME}

    for actor in outcomes.values():  # one for each answer; the page has asked everybody
        part, wrote = tried(company, route, method, actor, **{"HX-Request": "true"})
        wanted = outcome(name, method, actor)
        if wanted == "login":
            assert part.status_code in {200, 401}, (actor, part.status_code)
            assert "/login/" in part.headers["HX-Redirect"]
        else:
            assert as_declared(wanted, part, wrote), (actor, wanted, part.status_code)


@pytest.mark.parametrize("route", PAGES)
def test_asking_for_the_headers_alone_writes_nothing(company, route):
    with written() as statements:
        tried(company, route, "HEAD", "sdr")

    assert statements == []


@contextmanager
def written():
    """What is inserted, updated or deleted meanwhile, in tables that keep."""
    found = []

    def watch(execute, sql, params, many, context):
        writes = re.match(r"\s*(INSERT|UPDATE|DELETE)", sql, re.IGNORECASE)
        if writes and not any(table in sql for table in PASSING):
            found.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield found


@pytest.mark.parametrize("route", WITH_IDS)
def test_an_unknown_id_is_not_found_and_tells_nothing(company, route):
    """The same 404 as for an object that this person may not see."""
    path = re.sub(r"<int:number>", "4711", re.sub(r"<int:\w+_id>", "4711", route))
    path = "/" + path.replace("<slug:key>", "no-such-agreement")
    for method in ("GET", "POST"):
        for actor in ("sdr", "auditor", "superuser"):
            response, wrote = tried(company, route, method, actor, unless=path)

            assert not wrote
            # The API and the door of systems ask for a proof before they look for anything.
            wanted = {401, 405} if by_token(route) else {404, 405}
            assert response.status_code in wanted, (actor, method)


def test_a_foreign_lead_and_an_unknown_one_are_the_same_answer(company):
    known, _ = tried(company, "leads/<int:lead_id>/", "GET", "superuser")
    unknown, _ = tried(company, "leads/<int:lead_id>/", "GET", "superuser", unless="/leads/99/")

    assert known.status_code == unknown.status_code == 404
    assert known.content == unknown.content
    of_its_own = {"X-Request-ID": ""}
    assert dict(known.headers) | of_its_own == dict(unknown.headers) | of_its_own


@pytest.mark.parametrize("route", ADDRESSES)
def test_a_post_without_its_token_is_forbidden(company, route):
    wrote = watched(company)
    client = company.client("superuser", enforce_csrf_checks=True)

    response = client.post(company.path(route).partition("?")[0], {})

    # Where a method does not exist at all, or a login opens nothing, nothing can be forged.
    wanted = {401, 403, 404, 405} if by_token(route) else {403, 404, 405}
    assert response.status_code in wanted, route
    assert not wrote()


@pytest.mark.parametrize("place", EVIDENCE_PAGES)
@pytest.mark.parametrize("label", DECLARED["models"]["evidence"])
def test_a_superuser_cannot_add_change_or_delete_evidence(company, label, place):
    wrote = watched(company)

    response = company.client("superuser").post(
        company.path(f"admin/{label.replace('.', '/')}/{place}"),
        {"post": "yes", "digest": "0" * 64, "state": "signed", "due_at_0": "2026-01-01"},
    )

    assert response.status_code in {403, 404}
    assert not wrote()


def test_what_was_sent_is_not_in_the_admin_at_all(company):
    for path in ("notifications/delivery/", "leads/lead/", "leads/handoff/", "leads/touch/"):
        assert company.client("superuser").post(f"/admin/{path}1/change/").status_code == 404
    assert {Delivery, LedgerEntry, Head} <= set(_models())


def _models():
    from django.apps import apps

    return apps.get_models()


def test_somebody_who_was_deactivated_is_nobody(company):
    client = company.client("deactivated")

    assert client.cookies, "the session from before is still held"
    assert client.get("/desk/").headers["Location"].startswith("/accounts/login/")


def test_a_visitor_who_makes_up_a_session_is_nobody(company):
    client = Client()
    client.cookies["sessionid"] = "a" * 32

    assert client.get("/leads/").status_code == 302
