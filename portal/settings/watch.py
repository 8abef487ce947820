"""What the portal may call outside, who may look at its figures, who says who people are."""

import re
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from portal.settings.environment import env, secret

# Hosts ("chat.intra", "chat.intra:8065") that endpoints may call although they are inside.
_hosts: list[str] = env.list("INTERNAL_HOSTS", [])
INTERNAL_HOSTS = frozenset(host.lower() for host in _hosts)
# Hosts of the public that endpoints may call; None: any. Production names them.
OUTGOING_HOSTS: frozenset[str] | None = None
# Called after each pass of the sweep, at most once a minute, so that silence is noticed.
HEARTBEAT_URL: str = env.str("HEARTBEAT_URL", "")
# Whoever shows this may read /metrics; without one, only this machine may.
METRICS_TOKEN: str = secret("METRICS_TOKEN", "")

# The collector that traces go to by OTLP over HTTP (`http://…:4318/v1/traces`); none: there are
# no traces, and nothing of OpenTelemetry is imported.
TRACES_TO: str = env.str("TRACES_TO", "")
if TRACES_TO and not TRACES_TO.startswith(("http://", "https://")):
    raise ImproperlyConfigured("TRACES_TO begins with http:// or https://")

# What one person may ask for in a minute by each web process; 0: as much as they like.
PAGES_A_MINUTE: int = env.int("PAGES_A_MINUTE", 1_200)
FILES_A_MINUTE: int = env.int("FILES_A_MINUTE", 60)
# Who must turn one-time codes on: "everybody", or roles.
_of_whom: list[str] = env.list("SECOND_FACTOR_OF", [])
SECOND_FACTOR_OF = frozenset(one.strip().lower() for one in _of_whom)
# By which digest the seeds that are set up from now on give their one-time codes.
CODES_DIGEST: str = env.str("CODES_DIGEST", "sha256")
if CODES_DIGEST not in {"sha256", "sha1"}:
    raise ImproperlyConfigured("CODES_DIGEST is sha256 or sha1")

# Who says who people are: the company's identity provider, by OpenID Connect or, with a file
# of its metadata, by SAML. Neither: nobody.
SSO_ISSUER: str = env.str("SSO_ISSUER", "")
_domains: list[str] = env.list("SSO_MAIL_DOMAINS", [])
_local = re.match(r"http://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?(/|$)", SSO_ISSUER)
if SSO_ISSUER and not _local and not SSO_ISSUER.startswith("https://"):
    raise ImproperlyConfigured("SSO_ISSUER must begin with https://")
SSO_SAML_METADATA: str = env.str("SSO_SAML_METADATA", "")
if SSO_ISSUER and SSO_SAML_METADATA:
    raise ImproperlyConfigured("SSO_ISSUER and SSO_SAML_METADATA: one of them is enough")
# Nobody signs in by a password any more.
SSO_ONLY: bool = env.bool("SSO_ONLY", False)
if SSO_ONLY and not (SSO_ISSUER or SSO_SAML_METADATA):
    raise ImproperlyConfigured("SSO_ONLY wants SSO_ISSUER or SSO_SAML_METADATA")
_company = {
    "provider_id": "company",
    "name": env.str("SSO_NAME", "") or urlsplit(SSO_ISSUER).hostname or "SAML",
    "client_id": env.str("SSO_CLIENT_ID", ""),
    "secret": secret("SSO_CLIENT_SECRET", ""),
    "settings": {
        "server_url": SSO_ISSUER,
        "metadata": SSO_SAML_METADATA,
        "scope": ["openid", "profile", "email", *env.list("SSO_SCOPES", [])],
        "groups_claim": env.str("SSO_GROUPS_CLAIM", "groups"),
        # Addresses of these are the company's own, where the provider does not say so.
        "mail_domains": [domain.lower() for domain in _domains],
        "creates_accounts": env.bool("SSO_CREATES_ACCOUNTS", False),
    },
}
SOCIALACCOUNT_PROVIDERS: dict[str, dict[str, Any]] = {
    "openid_connect": {
        "provider_class": "portal.accounts.sso.views.provider.CompanyProvider",
        "APPS": [_company] if SSO_ISSUER else [],
    },
    "saml": {
        "provider_class": "portal.accounts.sso.saml.views.provider.SamlCompany",
        "APPS": [_company] if SSO_SAML_METADATA else [],
    },
}
