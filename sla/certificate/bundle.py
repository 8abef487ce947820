"""Evidence for an auditor: a ZIP that is checked without the portal, by one Python file."""

import json
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from portal.ledger import chain
from portal.ledger.models import Head, LedgerEntry
from portal.ledger.models.entry import LedgerEntryQuerySet
from sla.certificate.facts import Facts, Signed, gather, opened
from sla.core.canonical import canonical
from sla.models import Version

HERE = Path(__file__).parent
CHAIN = HERE.parents[1] / "portal/ledger/verify_chain.py"
README = """Evidence of a signed agreement.

  python3 verify_agreement.py evidence.zip [your heads.jsonl ...]

Take verify_agreement.py from somebody you trust rather than from this archive: it is one file
of the standard library, and the same in every archive of this version of the portal.
terms.json is what was signed, in canonical form: its SHA-256 is the fingerprint. ledger.jsonl
holds stretches of the ledger, each from an entry that matters to the next published head;
personal data in it is committed to by salted hashes. agreement.pdf is for reading.
verify_chain.py checks an export of the whole ledger.
"""


def evidence(version: Version, document: bytes) -> bytes:
    """The ZIP of a signed version; `document` is its PDF. The same bytes each time while
    neither the ledger's heads nor the signatures change."""
    facts = gather(version)
    files = {
        "README.txt": README,
        "terms.json": canonical(version.terms).decode(),
        "certificate.json": json.dumps(certificate(facts), ensure_ascii=False, indent=1),
        "ledger.jsonl": "".join(f"{line}\n" for line in slices(facts)),
        "heads.jsonl": "".join(f"{line}\n" for line in heads()),
        "verify_agreement.py": verifier(),
        "verify_chain.py": CHAIN.read_text(),
    }
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(_entry(name, version), text)
        archive.writestr(_entry("agreement.pdf", version), document)
    return buffer.getvalue()


def _entry(name: str, version: Version) -> zipfile.ZipInfo:
    at = version.signed_at
    stamp = at.timetuple()[:6] if at else (1980, 1, 1, 0, 0, 0)
    info = zipfile.ZipInfo(name, stamp)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def certificate(facts: Facts) -> dict[str, Any]:
    """What is claimed, for the verifier to check: instants in ISO 8601."""
    version = facts.version
    return {
        "format": "concord certificate 1",
        "title": str(version),
        "version": {
            "agreement": version.agreement.key,
            "number": version.number,
            "revision": version.revision,
            "digest": version.digest,
            "effective_from": _iso(version.effective_from),
            "ledger_seq": facts.concluded.seq if facts.concluded else None,
        },
        "signatures": [_signature(one) for one in facts.signed],
    }


def _signature(one: Signed) -> dict[str, Any]:
    signature = one.signature
    return {
        "department": signature.department_id,
        "signer": signature.signer_id,
        "name": signature.signer_name,
        "title": signature.signer_title,
        "digest": signature.digest,
        "revision": signature.revision,
        "statement": signature.statement,
        "method": signature.method,
        "proved_at": _iso(signature.authenticated_at),
        "signed_at": _iso(signature.signed_at),
        "acknowledged": signature.acknowledged,
        "proof": signature.proof,
        "opens": opened(one, "statement"),
        "opens_role": opened(one, "role"),
        "ledger_seq": one.entry.seq if one.entry else None,
    }


def _iso(at: datetime | None) -> str:
    return at.isoformat() if at else ""


def slices(facts: Facts) -> Iterator[str]:
    """Lines of an export: from each entry that matters to the next published head."""
    told = 0
    for first in sorted(_that_matter(facts)):
        covering = Head.objects.filter(seq__gte=first).order_by("seq").first()
        last = covering.seq if covering else LedgerEntry.objects.tip()[0]
        entries: LedgerEntryQuerySet = LedgerEntry.objects.filter(
            seq__gte=max(first, told + 1), seq__lte=last
        )
        for entry in entries.order_by("seq").iterator():
            yield chain.exported(chain.Link(entry.seq, entry.prev_hash, entry.hash, entry.line))
        told = max(told, last)


def _that_matter(facts: Facts) -> set[int]:
    found = {facts.concluded.seq} if facts.concluded else set()
    for one in facts.signed:
        proof = one.signature.proof
        asked = json.loads(proof["challenge"])["head_seq"] if "challenge" in proof else 0
        changes = [change["seq"] for change in proof.get("changed_by_others", ())]
        own = one.entry.seq if one.entry else 0
        found |= {own, proof.get("enrolled_seq") or 0, asked, *changes}
    return found - {0}


def heads() -> Iterator[str]:
    """Every head that was published, one a line, as the file outside has them."""
    for head in Head.objects.order_by("seq", "hash").iterator():
        yield chain.canonical(
            {"at": head.at, "count": head.count, "hash": head.hash, "seq": head.seq}
        )


def verifier() -> str:
    """`verify_agreement.py` as one file, with the arithmetic of the curves put in."""
    curves = (HERE / "curves.py").read_text()
    arithmetic = curves[curves.index("P256 = ") :].rstrip() + "\n"
    source = (HERE / "verify_agreement.py").read_text()
    joined, number = re.subn(
        r"from sla\.certificate\.curves import .*\n", lambda _: arithmetic, source
    )
    if number != 1:
        raise RuntimeError("the verifier no longer takes its arithmetic from curves.py")
    return joined
