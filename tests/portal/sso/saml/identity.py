"""A small identity provider that speaks SAML: metadata, and answers that it signs.

Whoever is sent to it brings a request in the address; it gives back the form that the
person's browser would post. What it says and how it signs, a test changes before.
"""

import base64
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID
from lxml import etree

from tests.portal.sso.provider import key

NS = {
    "samlp": "urn:oasis:names:tc:SAML:2.0:protocol",
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
    "md": "urn:oasis:names:tc:SAML:2.0:metadata",
}
ENTITY = "https://idp.example/saml"
ADDRESS = "https://idp.example/sign-in"
CM = "urn:oasis:names:tc:SAML:2.0:cm:"
PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"


@cache
def certificate(name: str) -> bytes:
    """Of the provider's key of that name, in DER; made by itself, for itself."""
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    day = datetime(2026, 1, 1, tzinfo=UTC)
    made = x509.CertificateBuilder(
        who, who, key(name).public_key(), 7, day, day + timedelta(days=1)
    )
    signed = made.sign(key(name), hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.DER)


def metadata(*names: str, address: str = ADDRESS, entity: str = ENTITY) -> str:
    """As the provider hands it out, with a certificate of each key."""
    keys = "".join(
        f"""<md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>
        {base64.b64encode(certificate(name)).decode()}
        </ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"""
        for name in names
    )
    binding = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
    return (
        f'<md:EntityDescriptor xmlns:md="{NS["md"]}" xmlns:ds="{NS["ds"]}"'
        f' entityID="{entity}"><md:IDPSSODescriptor'
        f' protocolSupportEnumeration="{NS["samlp"]}">{keys}'
        f'<md:SingleSignOnService Binding="{binding}" Location="{address}"/>'
        f"</md:IDPSSODescriptor></md:EntityDescriptor>"
    )


@dataclass
class Identity:
    """What it says: `said` over the usual (None takes one out); `signs`: the parts it signs;
    `forge` changes the signed document, `bend` the one that is about to be signed."""

    now: datetime
    said: dict[str, Any] = field(default_factory=dict)
    attributes: dict[str, list[str]] = field(default_factory=dict)
    signs: tuple[str, ...] = ("Assertion",)
    by: str = "own"
    method: str = "RSA_SHA256"
    bend: Any = None
    forge: Any = None
    asked: Any = None
    settings: dict[str, Any] = field(default_factory=dict)
    made: int = 0

    def sent(self, address: str) -> None:
        """Somebody's browser comes with a request of the portal."""
        packed = parse_qs(urlsplit(address).query)["SAMLRequest"][0]
        self.asked = etree.fromstring(zlib.decompress(base64.b64decode(packed), -15))

    def answer(self) -> str:
        """What the form then holds, as text in base64."""
        self.made += 1
        root = etree.fromstring(self._document())
        if self.bend is not None:
            self.bend(root)
        for part in self.signs:
            _sign(root, part, key(self.by), self.method)
        told = self.forge(root) if self.forge is not None else None
        data = told if isinstance(told, bytes) else etree.tostring(root)
        return base64.b64encode(data).decode()

    def _document(self) -> str:
        request = self.asked.get("ID")
        here = self.asked.get("AssertionConsumerServiceURL")
        audience = self.asked.findtext("saml:Issuer", namespaces=NS)
        usual: dict[str, Any] = {
            "id": f"_assertion-{self.made}", "issuer": ENTITY, "outer_issuer": ENTITY,
            "subject": "anna-0815", "format": PERSISTENT, "recipient": here,
            "audience": audience, "in_response_to": request, "outer_in_response_to": request,
            "destination": here, "issued": self._at(0), "before": self._at(-60),
            "until": self._at(300), "confirmed_until": self._at(300),
            "proved": self._at(0), "status": SUCCESS, "method": f"{CM}bearer",
            "version": "2.0", "confirmed_before": None, "session_until": None,
        }  # fmt: skip
        say = usual | self.said
        who = {"email": ["anna@concord.test"], "name": ["Anna Berg"], **self.attributes}
        return _TEXT.format(
            **{f"x_{name}": space for name, space in NS.items()},
            issuer=_element("saml:Issuer", say["issuer"]),
            outer_issuer=_element("saml:Issuer", say["outer_issuer"]),
            name=_element("saml:NameID", say["subject"], Format=say["format"]),
            audience="" if say["audience"] is None else _element(
                "saml:AudienceRestriction", _element("saml:Audience", say["audience"]), raw=True
            ),
            attributes="".join(_attribute(*one) for one in who.items()),
            response=_said(ID=f"_response-{self.made}", Destination=say["destination"],
                           InResponseTo=say["outer_in_response_to"]),
            assertion=_said(ID=say["id"], IssueInstant=say["issued"], Version=say["version"]),
            confirmation=_said(Method=say["method"]),
            data=_said(Recipient=say["recipient"], InResponseTo=say["in_response_to"],
                       NotOnOrAfter=say["confirmed_until"], NotBefore=say["confirmed_before"]),
            conditions=_said(NotBefore=say["before"], NotOnOrAfter=say["until"]),
            statement=_said(AuthnInstant=say["proved"],
                            SessionNotOnOrAfter=say["session_until"]),
            status=say["status"], now=self._at(0),
        )  # fmt: skip

    def _at(self, seconds: float) -> str:
        moment = (self.now + timedelta(seconds=seconds)).astimezone(UTC)
        return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


_TEXT = """<samlp:Response xmlns:samlp="{x_samlp}" xmlns:saml="{x_saml}" Version="2.0"
 IssueInstant="{now}"{response}>{outer_issuer}<samlp:Status><samlp:StatusCode
 Value="{status}"/></samlp:Status><saml:Assertion{assertion}>{issuer}<saml:Subject>{name}
 <saml:SubjectConfirmation{confirmation}><saml:SubjectConfirmationData{data}/>
 </saml:SubjectConfirmation></saml:Subject><saml:Conditions{conditions}>{audience}
 </saml:Conditions><saml:AuthnStatement{statement}><saml:AuthnContext>
 <saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password
 </saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>
 <saml:AttributeStatement>{attributes}</saml:AttributeStatement></saml:Assertion>
</samlp:Response>"""


def _said(**attributes: str | None) -> str:
    told = ((name, value) for name, value in attributes.items() if value is not None)
    return "".join(f' {name}="{value}"' for name, value in told)


def _element(name: str, text: str | None, *, raw: bool = False, **attributes: str) -> str:
    if text is None:
        return ""
    inside = text if raw else text.replace("&", "&amp;").replace("<", "&lt;")
    return f"<{name}{_said(**attributes)}>{inside}</{name}>"


def _attribute(name: str, values: list[str]) -> str:
    told = "".join(_element("saml:AttributeValue", value) for value in values)
    return _element("saml:Attribute", told, raw=True, Name=name) if values else ""


def _sign(root: Any, part: str, private: Any, method: str) -> None:
    """Sign a part as the standard has it: enveloped, after its Issuer."""
    node = root if part == "Response" else root.find("saml:Assertion", NS)
    way = getattr(xmlsec.constants, f"Transform{method.title().replace('_', '')}")
    digest = xmlsec.constants.TransformSha256
    signature = xmlsec.template.create(node, xmlsec.constants.TransformExclC14N, way, ns="ds")
    node.insert(1, signature)
    reference = xmlsec.template.add_reference(signature, digest, uri=f"#{node.get('ID')}")
    xmlsec.template.add_transform(reference, xmlsec.constants.TransformEnveloped)
    xmlsec.template.add_transform(reference, xmlsec.constants.TransformExclC14N)
    xmlsec.tree.add_ids(root, ["ID"])
    context = xmlsec.SignatureContext()
    plain = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )  # fmt: skip
    context.key = xmlsec.Key.from_memory(plain, xmlsec.constants.KeyDataFormatPem)
    context.sign(signature)
