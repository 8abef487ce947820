"""The company's identity provider, where it speaks SAML, as django-allauth sees it.

allauth keeps what was begun in the session and completes the login. Its own reading of the
answer leaves out what is checked here: see `documents` and `assertion`.
"""

import base64
import secrets
import zlib
from datetime import UTC
from typing import Any
from urllib.parse import urlencode

from allauth.socialaccount.providers.saml.provider import SAMLProvider
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from lxml import etree

from portal import wallclock
from portal.accounts.actions.directory import uid_of
from portal.accounts.sso.saml.assertion import Expected
from portal.accounts.sso.saml.documents import PROTOCOL, SAML
from portal.accounts.sso.saml.metadata import POST, Company, company_of


class SamlCompany(SAMLProvider):  # type: ignore[misc]  # allauth has no types
    """The one provider of this portal, where `SSO_SAML_METADATA` names it."""

    package = "portal.accounts.sso.saml"

    @property
    def company(self) -> Company:
        return company_of(self.app.settings["metadata"])

    @property
    def entity(self) -> str:
        """How the portal calls itself: the address of its metadata."""
        return f"{settings.BASE_URL}{reverse('company-metadata')}"

    @property
    def here(self) -> str:
        """Where answers come in."""
        return f"{settings.BASE_URL}{reverse('company-receive')}"

    def expected(self) -> Expected:
        return Expected(
            company=self.company, audience=self.entity, here=self.here, at=wallclock.now(),
            groups_claim=self.app.settings["groups_claim"],
        )  # fmt: skip

    def extract_uid(self, data: dict[str, Any]) -> str:
        return uid_of(data["iss"], data["sub"])

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        return {}  # nothing of a person is kept beside the account

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        return {}

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        """Only where to go on to: no address of ours lets a stranger choose the rest."""
        asked = super().get_redirect_from_request_kwargs(request)
        return {"process": "login"} | {
            name: asked[name] for name in ("next_url",) if name in asked
        }

    def redirect(
        self,
        request: HttpRequest,
        process: str,
        next_url: str | None = None,
        data: Any = None,
        **kwargs: Any,
    ) -> HttpResponse:
        """To the provider, with a request whose id its answer must repeat. With an `errand`
        the person must prove anew who they are: see the provider for OpenID Connect."""
        kwargs.pop("scope", None)
        name = f"_{kwargs.pop('nonce', '') or secrets.token_urlsafe(32)}"
        asked = self._request(name, fresh=bool(kwargs.get("errand")))
        self.stash_redirect_state(request, process, next_url, data, state_id=name, **kwargs)
        packed = base64.b64encode(zlib.compress(asked, wbits=-15)).decode()
        joined = "&" if "?" in self.company.address else "?"
        query = urlencode({"SAMLRequest": packed})
        return HttpResponseRedirect(f"{self.company.address}{joined}{query}")

    def _request(self, name: str, *, fresh: bool) -> bytes:
        spaces = {"samlp": PROTOCOL[1:-1], "saml": SAML[1:-1]}
        root = etree.Element(f"{PROTOCOL}AuthnRequest", nsmap=spaces)
        said = {
            "ID": name, "Version": "2.0", "Destination": self.company.address,
            "IssueInstant": wallclock.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "AssertionConsumerServiceURL": self.here, "ProtocolBinding": POST,
        }  # fmt: skip
        for key, value in (said | ({"ForceAuthn": "true"} if fresh else {})).items():
            root.set(key, value)
        etree.SubElement(root, f"{SAML}Issuer").text = self.entity
        policy = etree.SubElement(root, f"{PROTOCOL}NameIDPolicy")
        policy.set("AllowCreate", "true")
        return bytes(etree.tostring(root))
