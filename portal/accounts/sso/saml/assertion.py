"""What a signed assertion says, and whether it was meant for this portal, now.

Pure: text, the provider and the instant in, claims out, by the names that OpenID Connect has
for them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from portal.accounts.sso.saml.documents import (
    PROTOCOL,
    SAML,
    Element,
    decoded,
    opened,
    signed_assertion,
)
from portal.accounts.sso.saml.metadata import Company
from portal.accounts.sso.token import LEEWAY, OLDEST, Claims, TokenRefused

SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"
BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
TRANSIENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
BY_MAIL = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
_WS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"
_MS = "http://schemas.microsoft.com/"
MAIL = ("email", "mail", f"{_WS}emailaddress", "urn:oid:0.9.2342.19200300.100.1.3")
NAME = (
    "name", "displayName", f"{_MS}identity/claims/displayname",
    "urn:oid:2.16.840.1.113730.3.1.241",
)  # fmt: skip
GROUPS = (f"{_MS}ws/2008/06/identity/claims/groups", "memberOf")
LONGEST = 255  # characters of a NameID


@dataclass(frozen=True, kw_only=True)
class Expected:
    """Who must have said it (`company`), to whom (`audience`), and where (`here`)."""

    company: Company
    audience: str
    here: str
    at: datetime
    groups_claim: str = "groups"


def verified(text: str, expected: Expected) -> Claims:
    """The claims of an answer that the provider signed for this portal and this moment.

    `nonce` is the id of the request that it answers, which the browser must have begun;
    `jti` is the assertion's own id, good once, until `exp`. Raises TokenRefused.
    """
    root = opened(decoded(text))
    said = signed_assertion(root, expected.company.certificates)
    _answer(root, expected)
    if said.get("Version") != "2.0":
        raise TokenRefused("it is of another version of SAML")
    if _text(said.find(f"{SAML}Issuer")) != expected.company.entity:
        raise TokenRefused("Issuer is another issuer")
    _made_now(said, expected.at)
    confirmed = _confirmed(said, expected)
    if root.get("InResponseTo", confirmed["nonce"]) != confirmed["nonce"]:
        raise TokenRefused("it answers two requests")
    _conditions(said, expected)
    return {
        "iss": expected.company.entity,
        "jti": _present(said, "ID"),
        "auth_time": _authenticated(said, expected.at),
        **confirmed,
        **_person(said, expected.groups_claim),
    }


def _answer(root: Element, expected: Expected) -> None:
    """Of what is around the assertion, and may be unsigned: nothing may contradict it."""
    issuer = root.find(f"{SAML}Issuer")
    if issuer is not None and _text(issuer) != expected.company.entity:
        raise TokenRefused("Issuer is another issuer")
    if root.get("Destination", expected.here) != expected.here:
        raise TokenRefused("Destination is another address")
    status = root.find(f"{PROTOCOL}Status/{PROTOCOL}StatusCode")
    if status is None or status.get("Value") != SUCCESS:
        raise TokenRefused("the provider says that nobody signed in", later=True)


def _made_now(said: Element, at: datetime) -> None:
    made = _instant(said, "IssueInstant")
    if made > at + LEEWAY:
        raise TokenRefused("IssueInstant is in the future", later=True)
    if at - made > OLDEST:
        raise TokenRefused("it was made more than ten minutes ago", later=True)


def _confirmed(said: Element, expected: Expected) -> dict[str, Any]:
    """For whom the bearer is to be taken: here, now, and for one request."""
    subject = _only(said, "Subject")
    confirmation = _only(subject, "SubjectConfirmation")
    if confirmation.get("Method") != BEARER:
        raise TokenRefused("the subject is confirmed in another way")
    data = _only(confirmation, "SubjectConfirmationData")
    if data.get("Recipient") != expected.here:
        raise TokenRefused("Recipient is another address")
    until = _instant(data, "NotOnOrAfter")
    if until <= expected.at - LEEWAY:
        raise TokenRefused("it has expired", later=True)
    if "NotBefore" in data.attrib and _instant(data, "NotBefore") > expected.at + LEEWAY:
        raise TokenRefused("it is not valid yet", later=True)
    asked = _present(data, "InResponseTo")
    return {"nonce": asked, "exp": int(until.timestamp()), "sub": _subject(subject)}


def _subject(subject: Element) -> str:
    name = _only(subject, "NameID")
    found = _text(name)
    if not found or len(found) > LONGEST:
        raise TokenRefused("NameID is missing")
    if name.get("Format") == TRANSIENT:
        raise TokenRefused("NameID is another one each time: let it be persistent")
    return found


def _conditions(said: Element, expected: Expected) -> None:
    conditions = _only(said, "Conditions")
    if "NotBefore" in conditions.attrib and (
        _instant(conditions, "NotBefore") > expected.at + LEEWAY
    ):
        raise TokenRefused("it is not valid yet", later=True)
    if _instant(conditions, "NotOnOrAfter") <= expected.at - LEEWAY:
        raise TokenRefused("it has expired", later=True)
    restrictions = conditions.findall(f"{SAML}AudienceRestriction")
    if not restrictions:
        raise TokenRefused("Audience is missing")
    for one in restrictions:
        if expected.audience not in [_text(who) for who in one.findall(f"{SAML}Audience")]:
            raise TokenRefused("Audience is another portal")


def _authenticated(said: Element, at: datetime) -> int:
    statement = _only(said, "AuthnStatement")
    if "SessionNotOnOrAfter" in statement.attrib and (
        _instant(statement, "SessionNotOnOrAfter") <= at - LEEWAY
    ):
        raise TokenRefused("the session there is over", later=True)
    return int(_instant(statement, "AuthnInstant").timestamp())


def _person(said: Element, groups_claim: str) -> dict[str, Any]:
    told: dict[str, list[str]] = {}
    for one in said.findall(f"{SAML}AttributeStatement/{SAML}Attribute"):
        values = [_text(value) for value in one.findall(f"{SAML}AttributeValue")]
        told.setdefault(one.get("Name", ""), []).extend(values)
    name = said.find(f"{SAML}Subject/{SAML}NameID")
    by_mail = name is not None and name.get("Format") == BY_MAIL
    return {
        "email": _single(told, MAIL) or (_text(name) if by_mail else ""),
        "name": _single(told, NAME),
        groups_claim: next((told[key] for key in (groups_claim, *GROUPS) if key in told), []),
    }


def _single(told: Mapping[str, list[str]], names: tuple[str, ...]) -> str:
    """Of an attribute that says two things neither is believed."""
    found = next((told[name] for name in names if name in told), [])
    return found[0] if len(found) == 1 else ""


def _only(where: Element, name: str) -> Element:
    found = where.findall(f"{SAML}{name}")
    if len(found) != 1:
        raise TokenRefused(f"{name} is missing, or there are several")
    return found[0]


def _text(element: Element | None) -> str:
    """Of an element that holds text alone."""
    if element is None or len(element):
        return ""
    return str(element.text or "").strip()


def _present(element: Element, name: str) -> str:
    found = str(element.get(name, ""))
    if not found or len(found) > LONGEST:
        raise TokenRefused(f"{name} is missing")
    return found


def _instant(element: Element, name: str) -> datetime:
    """In UTC: the standard knows no other."""
    text = _present(element, name)
    try:
        found = datetime.fromisoformat(text)
        if found.tzinfo is None:
            raise ValueError
        return found.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise TokenRefused(f"{name} is no instant") from error
