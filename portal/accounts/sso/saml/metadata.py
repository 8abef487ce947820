"""What the identity provider says of itself, in a file; and what the portal says of itself."""

import base64
import textwrap
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from django.core.exceptions import ImproperlyConfigured
from lxml import etree

from portal.accounts.sso.saml.documents import DS, META, Element, opened
from portal.accounts.sso.token import RSA_BITS, TokenRefused

REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
_PROTOCOLS = "urn:oasis:names:tc:SAML:2.0:protocol"


@dataclass(frozen=True, kw_only=True)
class Company:
    """The provider: how it calls itself, where one signs in, and what it signs with (PEM)."""

    entity: str
    address: str
    certificates: tuple[str, ...]


def company_of(path: str) -> Company:
    """As the file says it now. Raises ImproperlyConfigured with what is wrong with it."""
    try:
        stamp = Path(path).stat().st_mtime_ns
    except OSError as error:
        raise ImproperlyConfigured(f"SSO_SAML_METADATA: {error}") from error
    return _read(path, stamp)


@lru_cache(maxsize=4)
def _read(path: str, stamp: int) -> Company:
    try:
        return parsed(Path(path).read_bytes())
    except (OSError, TokenRefused, ValueError) as error:
        raise ImproperlyConfigured(f"SSO_SAML_METADATA: {error}") from error


def parsed(data: bytes) -> Company:
    """What metadata say. Raises TokenRefused or ValueError for what is none."""
    root = opened(data)
    found = list(root.iter(f"{META}IDPSSODescriptor"))
    if len(found) != 1:
        raise ValueError("it must describe one identity provider")
    provider = found[0].getparent()
    entity = provider.get("entityID", "") if provider is not None else ""
    places = [
        one.get("Location", "")
        for one in found[0].findall(f"{META}SingleSignOnService")
        if one.get("Binding") == REDIRECT
    ]
    if not entity or not places:
        raise ValueError("entityID or the address for HTTP-Redirect is missing")
    if not _is_safe(places[0]):
        raise ValueError("the address must begin with https://")
    certificates = tuple(_certificate(one) for one in _signing(found[0]))
    if not certificates:
        raise ValueError("it names no certificate to sign with")
    return Company(entity=entity, address=places[0], certificates=certificates)


def _is_safe(address: str) -> bool:
    parts = urlsplit(address)
    local = parts.hostname in {"localhost", "127.0.0.1", "::1"}
    return parts.scheme == "https" or (parts.scheme == "http" and local)


def _signing(provider: Element) -> list[str]:
    return [
        "".join((one.text or "").split())
        for key in provider.findall(f"{META}KeyDescriptor")
        if key.get("use", "signing") == "signing"
        for one in key.iter(f"{DS}X509Certificate")
    ]


def _certificate(text: str) -> str:
    """In PEM, if its key is one to trust. When it ends is the provider's own affair: the
    standard compares keys, and who changes them gives a new file."""
    certificate = x509.load_der_x509_certificate(base64.b64decode(text, validate=True))
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey) and key.key_size < RSA_BITS:
        raise ValueError("a key of the provider is too short")
    if not isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
        raise ValueError("a key of the provider is of a kind that is not accepted")
    lines = "\n".join(textwrap.wrap(text, 64))
    return f"-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n"


def own(*, entity: str, here: str) -> bytes:
    """The portal's own metadata, for who sets the provider up."""
    root = etree.Element(f"{META}EntityDescriptor", nsmap={"md": META[1:-1]})
    root.set("entityID", entity)
    service = etree.SubElement(root, f"{META}SPSSODescriptor")
    service.set("AuthnRequestsSigned", "false")
    service.set("WantAssertionsSigned", "true")
    service.set("protocolSupportEnumeration", _PROTOCOLS)
    etree.SubElement(service, f"{META}NameIDFormat").text = PERSISTENT
    place = etree.SubElement(service, f"{META}AssertionConsumerService")
    place.set("Binding", POST)
    place.set("Location", here)
    place.set("index", "0")
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))
