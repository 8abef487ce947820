"""Signed XML is read: one shape, one signed part, and nothing from outside that part.

Who wraps, moves or adds to a signed answer counts on two readers that look at different
places. Here what the signature covers is written out as it was signed, and only that text is
read again. Pure: text and certificates in, elements out.
"""

import base64
import binascii
import copy
from collections.abc import Iterable
from typing import Any, TypeAlias

import xmlsec
from lxml import etree

from portal.accounts.sso.token import TokenRefused

PROTOCOL = "{urn:oasis:names:tc:SAML:2.0:protocol}"
SAML = "{urn:oasis:names:tc:SAML:2.0:assertion}"
META = "{urn:oasis:names:tc:SAML:2.0:metadata}"
DS = "{http://www.w3.org/2000/09/xmldsig#}"
LONGEST = 200_000  # characters
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
_MORE = "http://www.w3.org/2001/04/xmldsig-more#"
SIGNED_BY = {
    f"{_MORE}{kind}-sha{bits}" for kind in ("rsa", "ecdsa") for bits in (256, 384, 512)
}
DIGESTED_BY = {
    "http://www.w3.org/2001/04/xmlenc#sha256", f"{_MORE}sha384",
    "http://www.w3.org/2001/04/xmlenc#sha512",
}  # fmt: skip

Element: TypeAlias = Any  # of lxml, which has no types


def decoded(text: str) -> bytes:
    """The bytes of an answer as a form brings it. Raises TokenRefused."""
    if not text or len(text) > LONGEST:
        raise TokenRefused("this is no answer of a provider")
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise TokenRefused("the answer is not base64") from error


def opened(data: bytes) -> Element:
    """The root of a document that declares nothing and holds elements and text alone.

    Raises TokenRefused: no document type, so no entities and nothing to fetch; no comments
    and no instructions, which readers of a name would disagree about.
    """
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data or b"\0" in data:
        raise TokenRefused("it declares a document type")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=False, remove_pis=False, encoding="utf-8",
    )  # fmt: skip
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise TokenRefused("it is no XML") from error
    document = root.getroottree().docinfo
    if document.internalDTD is not None or document.externalDTD is not None:
        raise TokenRefused("it declares a document type")
    around = [*root.itersiblings(), *root.itersiblings(preceding=True)]
    if any(not isinstance(one.tag, str) for one in [*root.iter(), *around]):
        raise TokenRefused("it holds comments or instructions")
    return root


def signed_assertion(root: Element, certificates: Iterable[str]) -> Element:
    """The one assertion of an answer, read from the text that the provider signed.

    Raises TokenRefused unless there is exactly one, where it belongs, and each signature in
    the document is one of the provider's over it or over the whole answer.
    """
    assertion = _only_assertion(root)
    signatures = list(root.iter(f"{DS}Signature"))
    if not signatures:
        raise TokenRefused("nothing in it is signed")
    parents = [one.getparent() for one in signatures]
    if any(parent is not root and parent is not assertion for parent in parents):
        raise TokenRefused("a signature stands where none belongs")
    if len({id(parent) for parent in parents}) < len(parents):
        raise TokenRefused("one part is signed twice")
    keys = list(certificates)
    for signature, parent in zip(signatures, parents, strict=True):
        _covers(signature, parent)
        _is_true(signature, root, keys)
    covered = assertion if any(one is assertion for one in parents) else root
    again = etree.fromstring(_as_signed(covered))
    return again if covered is assertion else again.find(f"{SAML}Assertion")


def _only_assertion(root: Element) -> Element:
    if root.tag != f"{PROTOCOL}Response":
        raise TokenRefused("it is no answer to a sign-in")
    if next(root.iter(f"{SAML}EncryptedAssertion"), None) is not None:
        raise TokenRefused("the assertion is encrypted, which is not spoken here")
    found = list(root.iter(f"{SAML}Assertion"))
    if len(found) != 1 or found[0].getparent() is not root:
        raise TokenRefused("it holds not one assertion, in its place")
    if sum(1 for _ in root.iter(f"{PROTOCOL}Response")) != 1:
        raise TokenRefused("an answer stands in another")
    ids = [value for one in root.iter() for name, value in one.attrib.items()
           if str(name).rpartition("}")[2].lower() == "id"]  # fmt: skip
    if len(set(ids)) < len(ids):
        raise TokenRefused("two parts have the same ID")
    return found[0]


def _covers(signature: Element, parent: Element) -> None:
    """That it is over its own parent, whole, and by methods that are accepted."""
    if signature.find(f".//{DS}Object") is not None:
        raise TokenRefused("a signature brings a document of its own")
    references = signature.findall(f"{DS}SignedInfo/{DS}Reference")
    if len(references) != 1 or len(list(signature.iter(f"{DS}Reference"))) != 1:
        raise TokenRefused("a signature covers not one part")
    name = parent.get("ID")
    if not name or references[0].get("URI") != f"#{name}":
        raise TokenRefused("a signature covers another part than its own")
    way = _method(signature, f"{DS}SignedInfo/{DS}CanonicalizationMethod")
    transforms = [one.get("Algorithm", "") for one in references[0].iter(f"{DS}Transform")]
    if way != EXCLUSIVE or sorted(transforms) != sorted([ENVELOPED, EXCLUSIVE]):
        raise TokenRefused("a signature changes what it covers")
    if _method(signature, f"{DS}SignedInfo/{DS}SignatureMethod") not in SIGNED_BY:
        raise TokenRefused("it is signed by a method that is not accepted")
    if _method(references[0], f"{DS}DigestMethod") not in DIGESTED_BY:
        raise TokenRefused("its digest is of a kind that is not accepted")


def _method(where: Element, path: str) -> str | None:
    found = where.find(path)
    return None if found is None else found.get("Algorithm")


def _is_true(signature: Element, root: Element, certificates: list[str]) -> None:
    """That one of the provider's keys made it; a key that it brings along is no key."""
    xmlsec.tree.add_ids(root, ["ID"])
    for certificate in certificates:
        context = xmlsec.SignatureContext()
        context.key = xmlsec.Key.from_memory(certificate, xmlsec.constants.KeyDataFormatCertPem)
        try:
            context.verify(signature)
        except xmlsec.Error:
            continue
        return
    raise TokenRefused("the signature does not fit")


def _as_signed(part: Element) -> bytes:
    """The text that a signature of `part` covers: without that signature."""
    alone = copy.deepcopy(part)
    for signature in alone.findall(f"{DS}Signature"):
        alone.remove(signature)
    return bytes(etree.tostring(alone, method="c14n", exclusive=True, with_comments=False))
