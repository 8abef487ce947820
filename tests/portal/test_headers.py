"""What every response carries, whoever asks and whatever happened."""

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import OperationalError
from django.test import Client

from portal.accounts.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.portal.faulty_urls")]

ALWAYS = {
    "Content-Security-Policy": settings.CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": settings.PERMISSIONS_POLICY,
}


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


@pytest.fixture
def somebody() -> User:
    return User.objects.create_user("anna@example.org", name="Anna")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/accounts/login/", 200),
        ("/healthz/live", 200),
        ("/static/portal/concord.svg", 200),
        ("/admin/", 302),
        ("/faulty/suspect", 400),
        ("/faulty/forbid", 403),
        ("/static/no-such-file", 404),
        ("/no-such-page", 404),
        ("/faulty/refuse", 409),
        ("/faulty/crash", 500),
        ("/faulty/stumble", 503),
    ],
)
def test_every_response_carries_the_security_headers(visitor, path, status):
    response = visitor.get(path)
    response.close()

    assert response.status_code == status
    assert {name: response.headers.get(name) for name in ALWAYS} == ALWAYS


def test_a_refused_method_carries_the_security_headers(visitor):
    response = visitor.post("/healthz/live")

    assert response.status_code == 405
    assert {name: response.headers.get(name) for name in ALWAYS} == ALWAYS


def test_the_policy_allows_nothing_unsafe_and_nothing_from_elsewhere():
    policy = settings.CONTENT_SECURITY_POLICY

    sources = {word for part in policy.split("; ") for word in part.split()[1:]}

    assert policy.startswith("default-src 'none'")
    assert sources == {"'none'", "'self'"}


def test_pages_of_somebody_logged_in_are_never_stored(client, somebody):
    client.force_login(somebody)

    response = client.get("/accounts/password/change/")

    assert "no-store" in response.headers["Cache-Control"]


def test_a_page_and_its_fragment_are_never_mistaken_for_each_other(visitor):
    assert "HX-Request" in visitor.get("/accounts/login/").headers["Vary"]


def test_a_refusal_is_a_page_that_says_why(visitor):
    response = visitor.get("/faulty/refuse")

    assert response.status_code == 409
    assert "Anna &lt;answered&gt; a moment ago." in response.text


def test_a_stranger_is_sent_to_the_login_and_back(visitor):
    response = visitor.get("/accounts/password/change/")

    assert response.headers["Location"] == ("/accounts/login/?next=/accounts/password/change/")


def test_a_page_that_does_not_exist_is_not_told_to_a_stranger_as_a_fault(visitor):
    assert visitor.get("/no-such-page").status_code == 404


def test_htmx_is_told_to_go_to_the_login_instead_of_drawing_it(visitor):
    response = visitor.get("/accounts/password/change/", headers={"HX-Request": "true"})

    assert response.status_code == 401
    assert response.headers["HX-Redirect"].startswith("/accounts/login/")
    assert response.content == b""


@pytest.mark.parametrize("origin", ["cross-site", "same-site"])
def test_a_write_sent_by_another_site_is_refused(visitor, origin):
    response = visitor.post("/accounts/login/", headers={"Sec-Fetch-Site": origin})

    assert response.status_code == 403


def test_a_database_that_is_away_is_said_and_tried_again_soon(visitor):
    response = visitor.get("/faulty/stumble")

    assert response.headers["Retry-After"] == "5"
    assert "cannot reach its database" in response.text


def test_a_database_that_is_away_before_a_page_is_reached_is_no_crash(
    client, somebody, monkeypatch
):
    def away(session: SessionStore) -> None:
        raise OperationalError

    client.raise_request_exception = False
    client.force_login(somebody)
    monkeypatch.setattr(SessionStore, "load", away)

    assert client.get("/accounts/password/change/").status_code == 503


def test_nobody_signs_up(visitor):
    page = visitor.get("/accounts/signup/")
    visitor.post(
        "/accounts/signup/",
        {
            "email": "eve@example.org",
            "password1": "p4ss-of-eve-1",
            "password2": "p4ss-of-eve-1",
        },
    )

    assert "password1" not in page.text
    assert not User.objects.exists()
