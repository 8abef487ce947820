"""The printed agreement: readable text, drawn calendars and ladders, and the certificate.

Texts reach the typesetter as data and never as its markup, so nothing that somebody wrote
into a clause can make it do anything.
"""

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import typst
from markdown_it import MarkdownIt
from markdown_it.token import Token

from sla.certificate.drawings import drawings
from sla.certificate.facts import Facts, Signed, gather
from sla.core.clauses import Clause, Section, render
from sla.core.terms import Terms
from sla.models import Signature, Version

TEMPLATE = Path(__file__).with_name("agreement.typ")
COLOURS = {"marketing": "#6b3fa0", "sales": "#0b6b4f"}
_markdown = MarkdownIt("commonmark", {"html": False})
# One per process: it holds the fonts, which take longer to read than a page to set.
_fonts = typst.Fonts(include_system_fonts=False)


def pdf(version: Version, *, administrative: bool = False) -> bytes:
    """A signed version as PDF; the same bytes for the same version, heads and signatures."""
    data = json.dumps(content(gather(version), administrative=administrative))
    at = version.signed_at
    made = typst.compile(
        str(TEMPLATE),
        format="pdf",
        sys_inputs={"data": data},
        font_paths=_fonts,
        timestamp=at and at.replace(microsecond=0),  # a PDF's date has whole seconds
    )
    if not isinstance(made, bytes):
        raise TypeError("the typesetter made no single document")
    return made


def content(facts: Facts, *, administrative: bool) -> dict[str, Any]:
    """Everything that is printed, as the template reads it."""
    version = facts.version
    zone = ZoneInfo(version.parsed.governance.zone)
    number, begins = version.number, _when(version.effective_from, zone)
    note = "Administrative amendment: only calendar dates and names change."
    return {
        **text(version.parsed, version.terms),
        "between": "Between the departments Marketing and Sales.",
        "when": f"Version {number}, signed by both, in force from {begins}.",
        "administrative": note if administrative else "",
        "footer": f"{version}, revision {version.revision}",
        "digest": version.digest,
        "fingerprint": _lines(version.digest),
        "signatures": [_signature(one, zone) for one in facts.signed],
        "ledger": _ledger(facts),
        "hashes": _hashes(facts),
        "acknowledged": _acknowledged(facts),
    }


def text(terms: Terms, document: dict[str, Any]) -> dict[str, Any]:
    """What is printed of the terms alone; `document` is the JSON that they were read from."""
    sections = render(terms)
    return {
        "title": terms.title,
        "sections": [_section(one) for one in sections],
        "drawings": [asdict(one) for one in drawings(document)],
        "addresses": [
            {"number": clause.number, "path": clause.path}
            for section in sections
            for clause in section.clauses
        ],
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "number": section.number,
        "title": section.title,
        "clauses": [_clause(clause) for clause in section.clauses],
    }


def _clause(clause: Clause) -> dict[str, Any]:
    return {
        "number": clause.number,
        "title": clause.title,
        "text": clause.text,
        "prose": clause.prose,
        "blocks": blocks(clause.text) if clause.prose else [],
    }


def blocks(text: str) -> list[dict[str, Any]]:
    """Markdown as paragraphs and list items of runs of text, strong or with emphasis."""
    found: list[dict[str, Any]] = []
    items = 0
    for token in _markdown.parse(text):
        items += {"list_item_open": 1, "list_item_close": -1}.get(token.type, 0)
        if token.type == "inline":
            kind = "item" if items else "par"
            found.append({"kind": kind, "runs": _runs(token.children or [])})
        elif token.type in {"code_block", "fence"}:
            found.append({"kind": "par", "runs": [_run(token.content, 0, 0)]})
    return found


def _runs(tokens: list[Token]) -> list[dict[str, Any]]:
    runs, strong, emphasis = [], 0, 0
    for token in tokens:
        strong += {"strong_open": 1, "strong_close": -1}.get(token.type, 0)
        emphasis += {"em_open": 1, "em_close": -1}.get(token.type, 0)
        text = " " if token.type in {"softbreak", "hardbreak"} else token.content
        if text:
            runs.append(_run(text, strong, emphasis))
    return runs


def _run(text: str, strong: int, emphasis: int) -> dict[str, Any]:
    return {"text": text, "strong": strong > 0, "emphasis": emphasis > 0}


def _signature(one: Signed, zone: ZoneInfo) -> dict[str, Any]:
    signature = one.signature
    return {
        "party": f"For {str(signature.department_id).title()}",
        "colour": COLOURS[str(signature.department_id)],
        "name": signature.signer_name,
        "role": signature.signer_title,
        "at": _when(signature.signed_at, zone),
        "how": f"Proved by {one.how.lower()}.",
        "detail": _detail(signature, one, zone),
        "notes": list(one.notes),
    }


def _detail(signature: Signature, one: Signed, zone: ZoneInfo) -> list[str]:
    proof, lines = signature.proof, []
    if proof.get("kind") == "passkey":
        lines.append(f"Passkey “{proof['name']}”, key {proof['key_digest'][:16]}.")
    if proof.get("kind") == "identity_provider":
        lines.append(f"Confirmed at {proof['issuer']}.")
    since = proof.get("enrolled_at") or proof.get("set_up_at")
    if since:
        lines.append(f"Set up {_when(datetime.fromisoformat(since), zone)}.")
    if one.entry is not None:
        lines.append(f"Ledger entry {one.entry.seq}.")
    return lines


def _ledger(facts: Facts) -> str:
    if facts.concluded is None:
        return "The ledger has no entry that this version was concluded."
    said = f"Entry {facts.concluded.seq} says that both signatures were there."
    if facts.head is None:
        return f"{said} No head that covers it has been published yet."
    return f"{said} The head published as entry {facts.head.seq} covers it."


def _hashes(facts: Facts) -> list[dict[str, str]]:
    found = []
    if facts.concluded:
        found.append({"what": f"Entry {facts.concluded.seq}", "hash": facts.concluded.hash})
    if facts.head:
        found.append({"what": f"Published head {facts.head.seq}", "hash": facts.head.hash})
    return found


def _acknowledged(facts: Facts) -> str:
    codes = sorted({code for one in facts.signed for code in one.signature.acknowledged})
    if not codes:
        return "There were no grave warnings."
    return f"Grave warnings ticked by the signatories: {', '.join(codes)}."


def _when(at: datetime | None, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%d %B %Y, %H:%M} ({zone.key})" if at else ""


def _lines(digest: str) -> list[str]:
    groups = [digest[place : place + 4] for place in range(0, 64, 4)]
    return [" ".join(groups[:8]), " ".join(groups[8:])]
