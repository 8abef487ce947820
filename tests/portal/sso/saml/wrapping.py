"""Signature wrapping, the eight ways of *On Breaking SAML*, and what else a forger changes.

Each takes the signed document and gives it back so that a reader who looks at the wrong place
finds the boss, while the provider's signature still fits what it was made over.
"""

import copy
import re

from lxml import etree

from tests.portal.sso.saml.identity import NS, _sign, key

DS, SAML, PROTOCOL = (f"{{{NS[name]}}}" for name in ("ds", "saml", "samlp"))


def parts(root):
    assertion = root.find("saml:Assertion", NS)
    return assertion, next(root.iter(f"{DS}Signature"))


def evil(assertion, name="_evil"):
    """A copy without a signature that says it is the boss."""
    made = copy.deepcopy(assertion)
    made.set("ID", name)
    for signature in list(made.iter(f"{DS}Signature")):
        signature.getparent().remove(signature)
    text = etree.tostring(made).replace(b"anna@", b"boss@").replace(b"anna-0815", b"boss")
    return etree.fromstring(text)


def respond(root):
    """The answer around a part that is not signed any more: under another ID."""
    made = evil(root, "_evil-response")
    made.find("saml:Assertion", NS).set("ID", "_evil")
    return made


def xsw1(root):
    """The signed answer inside the signature of a forged one."""
    made, original = respond(root), copy.deepcopy(root)
    signature = next(original.iter(f"{DS}Signature"))
    original.remove(signature)
    made.insert(1, signature)
    signature.append(original)
    return etree.tostring(made)


def xsw2(root):
    """The signed answer before its signature, in a forged one."""
    made, original = respond(root), copy.deepcopy(root)
    signature = next(original.iter(f"{DS}Signature"))
    original.remove(signature)
    made.insert(1, original)
    made.insert(2, signature)
    return etree.tostring(made)


def xsw3(root):
    """A forged assertion before the signed one."""
    assertion, _ = parts(root)
    root.insert(root.index(assertion), evil(assertion))


def xsw4(root):
    """The signed assertion inside a forged one."""
    assertion, _ = parts(root)
    made = evil(assertion)
    root.replace(assertion, made)
    made.append(assertion)


def xsw5(root):
    """The forged assertion bears the signature; the one it is over stands behind."""
    assertion, signature = parts(root)
    made = evil(assertion)
    assertion.remove(signature)
    made.insert(1, signature)
    root.insert(root.index(assertion), made)


def xsw6(root):
    """The signed assertion inside the signature that the forged one bears."""
    assertion, signature = parts(root)
    made = evil(assertion)
    root.replace(assertion, made)
    assertion.remove(signature)
    made.insert(1, signature)
    signature.append(assertion)


def xsw7(root):
    """A forged assertion among the extensions, where anything is allowed."""
    assertion, _ = parts(root)
    extensions = etree.Element(f"{PROTOCOL}Extensions")
    extensions.append(evil(assertion))
    root.insert(1, extensions)


def xsw8(root):
    """The signed assertion in an object of the signature that the forged one bears."""
    assertion, signature = parts(root)
    made = evil(assertion)
    root.replace(assertion, made)
    assertion.remove(signature)
    made.insert(1, signature)
    etree.SubElement(signature, f"{DS}Object").append(assertion)


def same_id(root):
    """Two parts of one ID: the signature is looked for at one and read at the other."""
    assertion, _ = parts(root)
    other = etree.SubElement(root, f"{PROTOCOL}Extensions")
    etree.SubElement(other, "note").set("ID", assertion.get("ID"))


def altered(root):
    """The address changed after signing."""
    return etree.tostring(root).replace(b"anna@concord.test", b"boss@concord.test")


def comment_in_the_name(root):
    """What is signed stays the same without the comment; some readers stop at it."""
    return etree.tostring(root).replace(b"anna-0815", b"anna-<!-- -->0815")


def instruction_in_the_name(root):
    return etree.tostring(root).replace(b"anna-0815", b"anna-<?x y?>0815")


def entity(root):
    head = b'<!DOCTYPE r [<!ENTITY who SYSTEM "file:///etc/passwd">]>'
    return head + etree.tostring(root).replace(b"anna-0815", b"&who;")


def laughs(root):
    head = b'<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    return head + etree.tostring(root).replace(b"anna-0815", b"&b;")


def entity_in_another_code(root):
    return entity(root).decode().encode("utf-16")


def own_key(root):
    """Signed by a stranger, who brings the certificate along."""
    for signature in list(root.iter(f"{DS}Signature")):
        signature.getparent().remove(signature)
    _sign(root, "Assertion", key("stranger"), "RSA_SHA256")
    info = etree.SubElement(parts(root)[1], f"{DS}KeyInfo")
    etree.SubElement(info, f"{DS}KeyName").text = "mine"


def no_value(root):
    next(root.iter(f"{DS}SignatureValue")).text = ""


def weak_digest(root):
    return _as(root, rb"http://www.w3.org/2001/04/xmlenc#sha256", b"sha1")


def weak_signature(root):
    return _as(root, rb"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", b"rsa-sha1")


def shared_secret(root):
    return _as(root, rb"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", b"hmac-sha1")


def _as(root, method, name):
    instead = b"http://www.w3.org/2000/09/xmldsig#" + name
    return re.sub(re.escape(method), instead, etree.tostring(root))


def another_transform(root):
    """A transform that leaves out what must not be seen."""
    one = next(root.iter(f"{DS}Transform"))
    etree.SubElement(one.getparent(), f"{DS}Transform").set(
        "Algorithm", "http://www.w3.org/TR/1999/REC-xpath-19991116"
    )


def another_way(root):
    next(root.iter(f"{DS}CanonicalizationMethod")).set(
        "Algorithm", "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
    )


def whole_document(root):
    next(root.iter(f"{DS}Reference")).set("URI", "")


def two_references(root):
    one = next(root.iter(f"{DS}Reference"))
    one.getparent().append(copy.deepcopy(one))


def encrypted(root):
    assertion, _ = parts(root)
    root.replace(assertion, etree.Element(f"{SAML}EncryptedAssertion"))


def logout(root):
    root.tag = f"{PROTOCOL}LogoutResponse"


def without_assertion(root):
    root.remove(parts(root)[0])
