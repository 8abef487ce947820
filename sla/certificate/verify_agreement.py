#!/usr/bin/env python3
"""Check a signed agreement: that both departments signed this very text.

    python3 verify_agreement.py evidence.zip [heads.jsonl ...]

Needs this file and Python 3.9 or newer, nothing else. `evidence.zip` (or the folder it was
unpacked to) holds terms.json, certificate.json, ledger.jsonl and heads.jsonl. Give the heads
that you kept yourself, from the mails after each signature, besides: heads that came with the
evidence were written by whoever wrote the evidence.

Checked: the fingerprint of the text; two signatures, of two people, one of each department,
over that fingerprint; each passkey's signature (ECDSA on P-256, Ed25519) and that it was made
for this text, version, department and moment; of each login at an identity provider its token
(RS256, ES256) and that its nonce names this text; that the ledger says the same of each, in
entries whose hashes are right and lead to published heads.

Ends with 0 if it is valid (what to know besides is printed as NOTE), 1 with the first FAULT,
2 for evidence that cannot be read. It cannot find that a password was told to somebody else.
"""

import base64
import hashlib
import hmac
import json
import sys
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

from sla.certificate.curves import Fault, key_signed, need, sha, token_signed

LEDGER_TAG = b"concord ledger 1\n"
SIGNATURE_TAG = "concord signature 1"
LEFT_BY_A_PASSKEY = {
    "authenticator_data", "challenge", "client_data", "key_digest", "origin", "public_key",
    "signature", "site",
}  # fmt: skip


def canonical(value: Any) -> str:
    """RFC 8785 of text, integers, lists and objects: names in the order of UTF-16."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        inner = ",".join(f"{canonical(name)}:{canonical(value[name])}" for name in names)
        return "{" + inner + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def unpacked(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


# --- the ledger
def read_entries(text: str, heads: "dict[int, set[str]]") -> "dict[int, dict[str, Any]]":
    """Entries by seq, each with right hashes, in stretches that lead to a published head."""
    entries: dict[int, dict[str, Any]] = {}
    before = (0, "")
    for line in filter(None, text.split("\n")):
        told = json.loads(line)
        seq, own = told["entry"]["seq"], told["hash"]
        body = line[len('{"entry":') : line.rindex(',"hash":"')]
        where = f"ledger entry {seq}"
        need(json.loads(body) == told["entry"], f"{where}: edited, its line is not canonical")
        made = sha(LEDGER_TAG + told["prev"].encode() + body.encode())
        need(made == own, f"{where}: edited, its content does not give its hash")
        need(seq > before[0], f"{where}: out of order")
        if seq == before[0] + 1 and before[0]:
            need(told["prev"] == before[1], f"{where}: it does not follow the one before it")
        need(heads.get(seq, {own}) == {own}, f"{where}: rewritten, another head was published")
        entries[seq], before = {**told["entry"], "hash": own}, (seq, own)
    return entries


def covered(seq: int, entries: "dict[int, Any]", heads: "dict[int, set[str]]") -> bool:
    """Whether an unbroken stretch leads from an entry to a published head."""
    while seq in entries and seq not in heads:
        seq += 1
    return seq in entries and seq in heads


def the_entry(entries: "dict[int, Any]", seq: Any, kind: str, who: str) -> "dict[str, Any]":
    entry = entries.get(seq)
    if entry is None or entry["kind"] != kind:
        raise Fault(f"{who}: the ledger has no entry {kind} at {seq}")
    return dict(entry)


# --- the signatures
LEFT_BY_A_LOGIN = {"challenge", "client_id", "issuer", "key", "subject", "token"}


def asked_about(asked: Any, one: "dict[str, Any]", version: "dict[str, Any]", who: str) -> None:
    said = {
        "tag": SIGNATURE_TAG, "digest": version["digest"], "agreement": version["agreement"],
        "version": version["number"], "revision": version["revision"],
        "department": one["department"], "signer": one["signer"],
    }  # fmt: skip
    for name, value in said.items():
        need(asked.get(name) == value, f"{who}: asked about another {name}")


def login_holds(one: "dict[str, Any]", version: "dict[str, Any]", who: str) -> None:
    proof = one["proof"]
    need(proof.keys() >= LEFT_BY_A_LOGIN, f"{who}: what a login leaves behind is missing")
    asked_about(json.loads(proof["challenge"]), one, version, who)
    told = json.loads(unpacked(proof["token"].split(".")[1]))
    wanted = hashlib.sha256(proof["challenge"].encode()).digest()
    need(unpacked(told["nonce"]) == wanted, f"{who}: the login confirmed something else")
    need(told["iss"] == proof["issuer"], f"{who}: a login at another provider")
    need(told["sub"] == proof["subject"], f"{who}: a login of somebody else")
    clients = told["aud"] if isinstance(told["aud"], list) else [told["aud"]]
    need(proof["client_id"] in clients, f"{who}: a login elsewhere")
    proved = datetime.fromisoformat(one["proved_at"]).timestamp()
    need(abs(told["auth_time"] - proved) <= 60, f"{who}: a login at another time")
    good = token_signed(proof["token"], proof["key"])
    need(good, f"{who}: the provider's signature is false")


def passkey_holds(one: "dict[str, Any]", version: "dict[str, Any]", who: str) -> None:
    proof = one["proof"]
    need(proof.keys() >= LEFT_BY_A_PASSKEY, f"{who}: what a passkey leaves behind is missing")
    asked = json.loads(proof["challenge"])
    asked_about(asked, one, version, who)
    client, data = unpacked(proof["client_data"]), unpacked(proof["authenticator_data"])
    told, wanted = json.loads(client), hashlib.sha256(proof["challenge"].encode()).digest()
    need(unpacked(told["challenge"]) == wanted, f"{who}: the device answered another challenge")
    need(told["type"] == "webauthn.get", f"{who}: the device was not asked to sign")
    need(told["origin"] == proof["origin"], f"{who}: the device was on another site")
    place = hashlib.sha256(proof["site"].encode()).digest()
    need(data[:32] == place, f"{who}: the device was on another site")
    need(data[32] & 5 == 5, f"{who}: the device had not verified its owner")
    public = bytes.fromhex(proof["public_key"])
    need(sha(public) == proof["key_digest"], f"{who}: another public key")
    message = data + hashlib.sha256(client).digest()
    good = key_signed(public, unpacked(proof["signature"]), message)
    need(good, f"{who}: the passkey's signature is false")


def enrolment_notes(one: "dict[str, Any]", entries: Any, heads: Any, who: str) -> "list[str]":
    proof, notes = one["proof"], []
    what = {
        "passkey": "the passkey", "password_totp": "the one-time code",
        "identity_provider": "the connection to the provider",
    }.get(proof["kind"])  # fmt: skip
    seq = proof.get("enrolled_seq")
    if proof["kind"] == "passkey":
        entry = the_entry(entries, seq, "passkey_enrolled", who)
        need(entry["actor"] == one["signer"], f"{who}: somebody else enrolled the passkey")
        clear = entry["values"]["clear"]
        need(clear["key"] == proof["key_digest"], f"{who}: another passkey was enrolled")
        asked = json.loads(proof["challenge"])
        known = entries.get(asked["head_seq"])
        need(known is None or known["hash"] == asked["head"], f"{who}: another ledger")
    if proof["kind"] == "identity_provider":
        entry = the_entry(entries, seq, "identity_linked", who)
        need(entry["actor"] == one["signer"], f"{who}: somebody else was connected")
        where = entry["values"]["clear"]["issuer"]
        need(where == proof["issuer"], f"{who}: connected to another provider")
        notes.append(f"{who}: compare the key {proof['key'].get('kid')} with {where}'s own")
    newest = max((head for head in heads if head < one["ledger_seq"]), default=0)
    if what and seq and seq > newest:
        notes.append(f"{who}: {what} was enrolled after the last published head")
    elif what and not seq:
        notes.append(f"{who}: when {what} was set up is not in the ledger")
    for change in proof.get("changed_by_others", ()):
        fields = ", ".join(change["what"])
        notes.append(f"{who}: somebody else changed {fields} of the account on {change['at']}")
    return notes


def commits(opens: str, value: str, given: "str | None") -> bool:
    """Whether the ledger committed to these words: `opens` is the key of this one value."""
    made = hmac.new(bytes.fromhex(opens), canonical(value).encode(), "sha256").hexdigest()
    return hmac.compare_digest(made, given or "")


def in_ledger(one: "dict[str, Any]", version: "dict[str, Any]", entries: Any, who: str) -> None:
    """The entry of this signature says the same of it."""
    entry = the_entry(entries, one["ledger_seq"], "version_signed", who)
    clear = entry["values"]["clear"]
    need(entry["actor"] == one["signer"], f"{who}: the ledger names another person")
    need(entry["department"] == one["department"], f"{who}: the ledger has another department")
    instant = datetime.fromisoformat(entry["at"].replace("Z", "+00:00"))
    need(instant == datetime.fromisoformat(one["signed_at"]), f"{who}: signed at another time")
    told = {"digest": version["digest"], "revision": one["revision"], "method": one["method"],
            "agreement": version["agreement"], "version": version["number"],
            "acknowledged": one["acknowledged"],
            "proof": sha(canonical(one["proof"]))}  # fmt: skip
    for name, value in told.items():
        need(clear.get(name) == value, f"{who}: the ledger has another {name}")
    proved = datetime.fromisoformat(clear["authenticated_at"].replace("Z", "+00:00"))
    need(proved == datetime.fromisoformat(one["proved_at"]), f"{who}: proved at another time")
    kept = entry["values"]["committed"]
    same_words = commits(one["opens"], one["statement"], kept.get("statement"))
    need(same_words, f"{who}: the ledger has other words")
    need(commits(one["opens_role"], one["title"], kept.get("role")), f"{who}: another role")


def check_signature(
    one: "dict[str, Any]", version: "dict[str, Any]", entries: Any, heads: Any
) -> "list[str]":
    who = f"signature of {one['department'].title()}"
    for name in ("digest", "revision"):
        need(one[name] == version[name], f"{who}: it is for another {name}")
    said = one["statement"]
    fingerprint = f". Fingerprint {version['digest']}."
    need(said.endswith(fingerprint), f"{who}: the statement is for another text")
    by = f"I, {one['name']}, sign "
    need(said.startswith(by), f"{who}: the statement names somebody else")
    signed = f"{by}{version['title']} (revision {one['revision']}) for "
    need(said.startswith(signed), f"{who}: the statement is for a version of another name")
    age = datetime.fromisoformat(one["signed_at"]) - datetime.fromisoformat(one["proved_at"])
    need(0 <= age.total_seconds() <= 300, f"{who}: the proof of who signed was too old")
    need(one["proof"].get("kind") == one["method"], f"{who}: proved in another way than said")
    need(not version["passkey_required"] or one["method"] == "passkey", f"{who}: no passkey")
    if one["method"] == "passkey":
        passkey_holds(one, version, who)
    elif one["method"] == "identity_provider":
        login_holds(one, version, who)
    in_ledger(one, version, entries, who)
    return enrolment_notes(one, entries, heads, who)


def check(files: "dict[str, str]", kept: "list[str]") -> "tuple[str, list[str]]":
    """(what was found valid, notes), or Fault."""
    told, terms = json.loads(files["certificate.json"]), files["terms.json"]
    version, signatures = told["version"], told["signatures"]
    need(canonical(json.loads(terms)) == terms, "terms.json is not in canonical form")
    need(sha(terms) == version["digest"], "the text was changed: its fingerprint is another")
    required = json.loads(terms)["governance"].get("passkey_required", False)
    version = {**version, "passkey_required": required, "title": told["title"]}
    heads: dict[int, set[str]] = {}
    for text in [files["heads.jsonl"], *kept]:
        for head in map(json.loads, filter(str.strip, text.split("\n"))):
            heads.setdefault(int(head["seq"]), set()).add(head["hash"])
    entries = read_entries(files["ledger.jsonl"], heads)
    parties = sorted(one["department"] for one in signatures)
    need(parties == ["marketing", "sales"], "it needs one signature of each department")
    need(signatures[0]["signer"] != signatures[1]["signer"], "one person signed for both")
    keys = [one["proof"].get("public_key") for one in signatures]
    need(keys[0] is None or keys[0] != keys[1], "one passkey signed for both")
    subjects = [one["proof"].get("subject") for one in signatures]
    need(subjects[0] is None or subjects[0] != subjects[1], "one login signed for both")
    notes = [n for one in signatures for n in check_signature(one, version, entries, heads)]
    end = the_entry(entries, version["ledger_seq"], "version_concluded", "the agreement")
    clear = end["values"]["clear"]
    for name in ("digest", "effective_from"):
        need(clear[name] == version[name], f"the agreement: the ledger has another {name}")
    last = max(one["signed_at"] for one in signatures)
    need(version["effective_from"] >= last, "the agreement begins before it was signed")
    for one in [*(one["ledger_seq"] for one in signatures), version["ledger_seq"]]:
        if not covered(one, entries, heads):
            notes.append(f"no published head covers entry {one}: it could be rewritten still")
    if not kept:
        notes.append("give the heads that you kept yourself: these came with the evidence")
    names = " and ".join(f"{one['name']} ({one['method']})" for one in signatures)
    return f"VALID. {told['title']}: signed by {names}.", notes


def read(place: Path) -> "dict[str, str]":
    names = ("certificate.json", "terms.json", "ledger.jsonl", "heads.jsonl")
    if place.is_dir():
        return {name: (place / name).read_bytes().decode() for name in names}
    with zipfile.ZipFile(place) as archive:
        return {name: archive.read(name).decode() for name in names}


def main(arguments: "list[str]") -> int:
    if not arguments or arguments[0].startswith("-"):
        return say([str(__doc__)], 2)
    try:
        files = read(Path(arguments[0]))
        kept = [Path(name).read_text(encoding="utf-8") for name in arguments[1:]]
        found, notes = check(files, kept)
    except Fault as fault:
        return say([f"FAULT: {fault}."], 1)
    except (
        OSError,
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        zipfile.BadZipFile,
    ) as e:
        return say([f"FAULT: it cannot be read as evidence: {e!r}."], 2)
    return say([found, *(f"NOTE: {note}." for note in notes)], 0)


def say(lines: "list[str]", code: int) -> int:
    sys.stdout.write("\n".join(lines).strip() + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
