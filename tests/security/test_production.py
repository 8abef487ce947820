"""What browsers and programs get from the settings of production."""

import importlib
import logging

import pytest
from django.test import Client
from django.urls import reverse

from portal.accounts.models import Role
from portal.notifications import http
from portal.settings import database, environment
from tests.factories import MONDAY_NINE, PASSWORD, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.now(MONDAY_NINE)]
ENVIRONMENT = {
    "SECRET_KEY": "of this test alone, and as long as a key of sixty characters is",
    "BASE_URL": "https://testserver", "DATABASE_URL": "postgresql://nobody@127.0.0.1/none",
    "REDIS_URL": "redis://127.0.0.1:1/0", "BEHIND_PROXY": "false",
}  # fmt: skip
TAKEN = (
    "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS",
    "SECURE_HSTS_PRELOAD", "SESSION_COOKIE_SECURE", "SESSION_COOKIE_NAME",
    "STYLE_GUIDE", "CSRF_COOKIE_SECURE", "CSRF_COOKIE_NAME", "COOKIE_PREFIX", "ALLOWED_HOSTS",
    "OUTGOING_HOSTS",
)  # fmt: skip
A_YEAR = 365 * 24 * 3600


@pytest.fixture(autouse=True)
def as_in_production(settings, monkeypatch):
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    made = importlib.import_module("portal.settings.production")
    logging.captureWarnings(False)  # which the module turned on, for all of this process
    for name in TAKEN:
        setattr(settings, name, getattr(made, name))
    assert made.DEBUG is False


@pytest.fixture
def visitor():
    return Client(raise_request_exception=False)


def test_every_cookie_is_of_this_host_alone_and_for_no_script(visitor):
    anna = make_user("Anna Berg", password=PASSWORD)
    fields = {"login": anna.email, "password": PASSWORD}
    visitor.get(reverse("account_login"), secure=True)
    visitor.post(reverse("account_login"), fields, secure=True)
    chosen = {"theme": "dark", "keys": "off"}
    visitor.post(reverse("preferences"), chosen, secure=True)
    visitor.get(reverse("leads:help-changes"), secure=True)

    cookies = visitor.cookies

    assert set(cookies) == {
        "__Host-session", "__Host-csrf", "__Host-concord_known", "__Host-theme",
        "__Host-keys", "__Host-changes",
    }  # fmt: skip
    for cookie in cookies.values():
        assert (cookie["secure"], cookie["httponly"]) == (True, True), cookie
        assert (cookie["path"], cookie["domain"], cookie["samesite"]) == ("/", "", "Lax")
    assert 'data-theme="dark"' in visitor.get("/accounts/2fa/", secure=True).text


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/accounts/login/", "text/html; charset=utf-8"),
        ("/no-such-page", "text/html; charset=utf-8"),
        ("/static/portal/portal.js", 'text/javascript; charset="utf-8"'),
        ("/static/portal/concord.svg", "image/svg+xml; charset=utf-8"),
        ("/api/v1/token", "application/problem+json"),
        ("/api/v1/openapi.json", "application/json"),
    ],
)
def test_every_answer_says_its_kind_asks_for_https_and_opens_to_no_other_site(
    visitor, path, kind
):
    answer = visitor.get(path, secure=True, headers={"Origin": "https://evil.example"})
    answer.close()

    asked = answer.headers["Strict-Transport-Security"].split("; ")
    assert int(asked[0].removeprefix("max-age=")) >= A_YEAR
    assert "includeSubDomains" in asked
    assert answer.headers["Content-Type"] == kind
    # Static files are the same for everybody, and hold nothing of anybody.
    opened = answer.headers.get("Access-Control-Allow-Origin")
    assert opened == ("*" if path.startswith("/static/") else None)
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_a_page_asked_for_without_https_is_at_the_same_address_with_it(visitor):
    answer = visitor.get("/accounts/login/?next=/desk/")

    assert answer.status_code == 301
    assert answer.headers["Location"] == "https://testserver/accounts/login/?next=/desk/"


@pytest.mark.parametrize("path", ["/api/v1/leads", "/scim/v2/Users", "/in/website/"])
def test_a_program_that_calls_without_https_is_refused_and_not_led_on(visitor, path):
    answer = visitor.post(path, {}, headers={"Authorization": "Bearer of-somebody"})

    assert answer.status_code == 403
    assert "Location" not in answer.headers


def test_the_page_of_all_components_is_not_there(visitor, settings):
    boss = make_user(team=None, role=Role.ADMIN, is_staff=True)
    visitor.force_login(boss)

    assert visitor.get("/style/", secure=True).status_code == 404


def test_another_host_s_name_is_refused(visitor):
    answer = visitor.get("/accounts/login/", secure=True, headers={"Host": "evil.example"})

    assert answer.status_code == 400


def test_the_policy_frames_nothing_embeds_nothing_and_moves_no_base(visitor):
    policy = visitor.get("/accounts/login/", secure=True).headers["Content-Security-Policy"]

    parts = policy.split("; ")

    assert {"default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"} <= set(parts)
    assert not [part for part in parts if part.startswith(("object-src", "frame-src"))]


@pytest.mark.parametrize(
    ("url", "may"),
    [
        ("https://hooks.slack.com/services/T0/B0/x", True),
        ("https://acme.webhook.office.com/webhookb2/x", True),
        ("https://prod-1.westeurope.logic.azure.com:443/workflows/a", True),
        ("https://default-1.0a.environment.api.powerplatform.com:443/powerautomate/x", True),
        ("https://hooks.example.com/x", False),
        ("https://93.184.216.34/x", False),
    ],
)
def test_only_hosts_that_are_named_are_called(url, may):
    if may:
        assert http.place(url, http.policy(allows_http=False)).host
    else:
        with pytest.raises(http.Refused, match="OUTGOING_HOSTS"):
            http.send(url, policy=http.policy(allows_http=False), body=b"{}")


def test_a_secret_comes_from_the_folder_of_secrets_before_the_environment(
    monkeypatch, tmp_path
):
    monkeypatch.setattr(environment, "SECRETS_IN", str(tmp_path))
    monkeypatch.setenv("METRICS_TOKEN", "of the environment")
    (tmp_path / "METRICS_TOKEN").touch()

    assert environment.secret("METRICS_TOKEN", "") == "of the environment"
    (tmp_path / "METRICS_TOKEN").write_text("of compose\n")
    assert environment.secret("METRICS_TOKEN", "") == "of compose"
    (tmp_path / "concord.METRICS_TOKEN").write_text("of systemd\n")
    assert environment.secret("METRICS_TOKEN", "") == "of systemd"
    assert environment.secret("SSO_CLIENT_SECRET", "none") == "none"


def test_the_password_of_the_database_may_lie_beside_its_address():
    url = "postgresql://concord@postgres/concord"

    assert database.database(url, "of a file")["PASSWORD"] == "of a file"
    assert database.database("postgresql://a:said@b/c", "of a file")["PASSWORD"] == "said"
