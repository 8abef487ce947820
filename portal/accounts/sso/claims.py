"""What the claims of a believed token mean here."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from portal.accounts.actions.directory import Arrival
from portal.accounts.sso.token import Claims

MOST_GROUPS = 500


def arrival_of(claims: Claims, settings: Mapping[str, Any]) -> Arrival:
    """Who it is that the token names."""
    groups = claims.get(settings["groups_claim"], [])
    groups = groups if isinstance(groups, list) else [groups]
    return Arrival(
        issuer=claims["iss"],
        subject=claims["sub"],
        mail=verified_mail(claims, settings["mail_domains"]),
        name=_text(claims.get("name")),
        groups=[one for one in groups if isinstance(one, str)][:MOST_GROUPS],
        creates=settings["creates_accounts"],
    )


def verified_mail(claims: Claims, domains: list[str]) -> str:
    """The address, if the provider says that it verified it; or, where it says nothing
    about that, if the company answers for all addresses of the domain. Else nothing."""
    mail = _text(claims.get("email")).lower()
    try:
        validate_email(mail)
    except ValidationError:
        return ""
    said = claims.get("email_verified")
    known = said is None and mail.rpartition("@")[2] in domains
    return mail if said is True or known else ""


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""
