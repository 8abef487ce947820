from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from portal import wallclock
from portal.accounts.models import GroupPlace
from tests.factories import MONDAY_NINE, make_team
from tests.portal.sso.provider import CLIENT, SECRET, Provider, Running

CACHE = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}


@pytest.fixture(scope="module")
def running():
    """One server for a file; each test has a provider of its own in it."""
    made = Running()
    yield made
    made.close()


@pytest.fixture
def provider(running, settings, monkeypatch):
    """The company's identity provider, as configured; its clock is the portal's."""
    monkeypatch.setattr(wallclock, "now", lambda: MONDAY_NINE)
    running.provider = Provider(issuer=running.issuer, now=MONDAY_NINE.timestamp())
    app = {
        "provider_id": "company", "name": "Aubert", "client_id": CLIENT, "secret": SECRET,
        "settings": {
            "server_url": running.issuer, "scope": ["openid", "profile", "email"],
            "groups_claim": "groups", "mail_domains": [], "creates_accounts": False,
        },
    }  # fmt: skip
    configured = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": configured | {"APPS": [app]}}
    settings.CACHES = CACHE
    running.provider.settings = app["settings"]
    return running.provider


class _Link(HTMLParser):
    address = ""

    def handle_starttag(self, tag, attributes):
        said = dict(attributes)
        if tag == "meta" and said.get("http-equiv") == "refresh":
            self.address = said["content"].partition("url=")[2]


def going(response):
    """The address that a page goes on to by itself."""
    reader = _Link()
    reader.feed(response.content.decode())
    return reader.address


@pytest.fixture
def sign_in(client, provider):
    """Press the button, sign in there, come back: the portal's last answer."""

    def go(**fields):
        page = client.post(reverse("company-begin"), fields)
        return come_back(client, provider, page)

    return go


def come_back(client, provider, page, **changed):
    """What the portal answers when the provider sends the person back from `page`."""
    asked = parse_qs(urlsplit(going(page)).query)
    provider.asked = {name: values[0] for name, values in asked.items()}
    answer = {"code": "a-code", "state": provider.asked["state"]} | changed
    return client.get(reverse("company-back"), answer)


@pytest.fixture
def sales_reps():
    team = make_team("inside-sales")
    return GroupPlace.objects.create(
        group="sales-reps", role="member", department=team.department, team=team
    )
