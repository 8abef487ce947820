import pytest
from django.test import Client
from django.urls import reverse

from portal import wallclock
from tests.factories import MONDAY_NINE
from tests.portal.sso.conftest import CACHE, going
from tests.portal.sso.saml.identity import Identity, metadata


@pytest.fixture
def identity(settings, monkeypatch, tmp_path):
    """The company's identity provider, as its metadata say; its clock is the portal's."""
    monkeypatch.setattr(wallclock, "now", lambda: MONDAY_NINE)
    path = tmp_path / "metadata.xml"
    path.write_text(metadata("own", "ec"))
    app = {
        "provider_id": "company", "name": "Aubert", "client_id": "", "secret": "",
        "settings": {
            "metadata": str(path), "groups_claim": "groups",
            "mail_domains": ["concord.test"], "creates_accounts": False,
        },
    }  # fmt: skip
    ways = settings.SOCIALACCOUNT_PROVIDERS
    settings.SOCIALACCOUNT_PROVIDERS = ways | {"saml": ways["saml"] | {"APPS": [app]}}
    settings.CACHES = CACHE
    from django.core.cache import cache

    cache.clear()
    return Identity(now=MONDAY_NINE, settings=app["settings"])


def come_back(client, identity, page, **fields):
    """The portal's last answer, when the provider's form has been posted from its site."""
    identity.sent(going(page))
    return brought(client, identity.answer(), **fields)


def brought(client, answer, **fields):
    """Posted as a browser does it from another site: without the session's cookie."""
    door = Client(headers={"Sec-Fetch-Site": "cross-site", "Origin": "https://idp.example"})
    kept = door.post(reverse("company-receive"), {"SAMLResponse": answer} | fields)
    assert not kept.cookies
    return client.get(kept.headers["Location"]) if kept.status_code == 302 else kept


@pytest.fixture
def sign_in(client, identity):
    """Press the button, sign in there, come back: the portal's last answer."""

    def go(**fields):
        return come_back(client, identity, client.post(reverse("company-begin"), fields))

    return go
