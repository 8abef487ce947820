"""The company's identity provider, as django-allauth speaks to it, and more strictly.

allauth keeps state and PKCE and fetches the token. What it would believe because it came
over TLS is checked here as if it had come from anywhere: see `token`.
"""

import secrets
from http import HTTPStatus
from typing import Any

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from requests import RequestException

from portal import wallclock
from portal.accounts.actions.directory import uid_of
from portal.accounts.sso.token import Claims, Expected, TokenRefused, published_key, verified

PROVIDER = "company"
FRESH_LOGIN = {"prompt": "login", "max_age": "0"}
# What the provider may say of a person beside the token; everything else comes in the token.
PERSONAL = ("email", "email_verified", "name")


class Relying(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # allauth has no types
    """One exchange with the provider: what it publishes, and the token it gave."""

    state: dict[str, Any]

    def __init__(self, request: HttpRequest, provider_id: str = PROVIDER) -> None:
        super().__init__(request, provider_id)
        self.state = {}

    @property
    def openid_config(self) -> dict[str, Any]:
        """What the provider publishes of itself; it must be who was configured."""
        if not hasattr(self, "_published"):
            self._published = self._fetched(self.get_provider().server_url)
            if self._published.get("issuer") != self.issuer:
                raise TokenRefused("the provider calls itself by another issuer")
        return self._published

    @property
    def issuer(self) -> str:
        return str(self.get_provider().app.settings["server_url"])

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        """At the portal's own address, whatever the browser calls it."""
        return f"{settings.BASE_URL}{reverse('company-back')}"

    def get_access_token_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        try:
            data = super().get_access_token_data(*args, **kwargs)
        except (KeyError, ValueError) as error:  # an answer that is no answer
            raise OAuth2Error("the token endpoint's answer cannot be read") from error
        return dict(data)

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        """The login of whom the token names. Raises TokenRefused."""
        text = kwargs["response"].get("id_token")
        expected = Expected(
            issuer=self.issuer,
            client_id=app.client_id,
            nonce=str(self.state.get("nonce") or secrets.token_hex()),
            at=wallclock.now(),
            access_token=token.token,
            fresh=bool(self.state.get("errand")),
        )
        keys = self._keys()
        claims = verified(text, keys, expected)
        if not expected.fresh:  # a signature needs to know nothing but who it is
            claims = self._told_beside(claims, app, token.token)
        login = self.get_provider().sociallogin_from_response(request, {"id_token": claims})
        login.claims, login.id_token = claims, text
        login.key = published_key(text, keys)
        return login

    def _keys(self) -> list[Any]:
        keys = self._fetched(self.openid_config.get("jwks_uri")).get("keys")
        return keys if isinstance(keys, list) else []

    def _told_beside(self, claims: Claims, app: Any, access_token: str) -> Claims:
        """With the address and the groups from the userinfo endpoint, where the token has
        none; only if it speaks of the same person."""
        wanted = [*PERSONAL, app.settings["groups_claim"]]
        address = self.openid_config.get("userinfo_endpoint")
        if not address or all(name in claims for name in wanted if name != "email_verified"):
            return claims
        told = self._fetched(address, {"Authorization": f"Bearer {access_token}"})
        if told.get("sub") != claims["sub"]:
            raise TokenRefused("userinfo is about another person")
        if "email" in claims:
            wanted = [name for name in wanted if name != "email_verified"]
        return {name: told[name] for name in wanted if name in told} | claims

    def _fetched(self, address: Any, headers: dict[str, str] | None = None) -> dict[str, Any]:
        if not isinstance(address, str):
            raise OAuth2Error("the provider does not say where to ask")
        with get_adapter().get_requests_session() as session:
            try:
                response = session.get(address, headers=headers)
                response.raise_for_status()
                found = response.json() if response.status_code == HTTPStatus.OK else None
            except (RequestException, ValueError) as error:
                raise OAuth2Error("the provider does not answer") from error
        if not isinstance(found, dict):
            raise OAuth2Error("the provider's answer cannot be read")
        return found


class CompanyProvider(OpenIDConnectProvider):  # type: ignore[misc]  # allauth has no types
    """The one provider of this portal."""

    package = "portal.accounts.sso"
    oauth2_adapter_class = Relying
    pkce_enabled_default = True

    @property
    def server_url(self) -> str:
        return str(self.wk_server_url(self.app.settings["server_url"].rstrip("/")))

    def extract_uid(self, data: dict[str, Any]) -> str:
        claims = data["id_token"]
        return uid_of(claims["iss"], claims["sub"])

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        return {}  # nothing of a person is kept beside the account

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        """Only where to go on to: no address of ours lets a stranger choose the rest."""
        asked = super().get_redirect_from_request_kwargs(request)
        kept = {"process": "login"}
        return kept | {name: asked[name] for name in ("next_url",) if name in asked}

    def redirect(
        self,
        request: HttpRequest,
        process: str,
        next_url: str | None = None,
        data: Any = None,
        **kwargs: Any,
    ) -> HttpResponse:
        """To the provider, with a nonce that its token must repeat. With an `errand`, the
        dotted name of what is done with the answer instead of signing in, the person must
        prove anew who they are. Whatever else is given is kept in the state."""
        nonce = kwargs.pop("nonce", "") or secrets.token_urlsafe(32)
        asked = {"nonce": nonce} | (FRESH_LOGIN if kwargs.get("errand") else {})
        response: HttpResponse = super().redirect(
            request, process, next_url, data, auth_params=asked, nonce=nonce, **kwargs
        )
        return response
