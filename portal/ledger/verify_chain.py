#!/usr/bin/env python3
"""Check an export of the ledger against the heads that were published of it.

    python3 verify_chain.py ledger.jsonl [heads.jsonl ...]
    python3 verify_chain.py --opens KEY COMMITMENT VALUE

Needs this file and Python 3.9 or newer, nothing else: no portal, no database. Each line
of the export is `{"entry":{...},"hash":"...","prev":"..."}` in canonical JSON (RFC 8785:
sorted keys, no blanks), and the hash is

    SHA-256("concord ledger 1\\n" + prev + the text of "entry")

in hex; the first prev is 64 zeros. Each line of a heads file has "seq" and "hash"; give
several files (yours and the other department's) to see that all were shown the same.

The second form: whether the KEY given out for one committed value, and that VALUE (as
JSON), give the COMMITMENT in the entry: HMAC-SHA-256 of the value's canonical JSON.

Ends with 0 if all is well, 1 at the first fault (named by its seq), 2 for a file that
cannot be read. It cannot find: what was rewritten after the newest head, what was never
entered, and what was entered truthfully but is not true.
"""

import hashlib
import hmac
import json
import re
import sys
from collections.abc import Iterable
from typing import Any

TAG = b"concord ledger 1\n"
NO_HASH = "0" * 64
WORD = r'"[a-z0-9_.-]*"'
NUMBER = r"(?:null|0|[1-9][0-9]*)"
LINE = re.compile(
    r'\{"entry":(\{"actor":' + NUMBER
    + r',"at":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z","department":' + WORD
    + r',"kind":' + WORD + r',"lead":' + NUMBER + r',"seq":([1-9][0-9]*),"subject":\[' + WORD
    + r",(?:0|[1-9][0-9]*)" + r'\],"team":' + WORD + r',"values":\{.*\}\})'
    + r',"hash":"([0-9a-f]{64})","prev":"([0-9a-f]{64})"\}\n?',
    re.ASCII,
)  # fmt: skip


class Fault(Exception):
    """The first thing that is wrong: the seq of the entry, and why."""

    def __init__(self, seq: int, why: str) -> None:
        super().__init__(f"FAULT at entry {seq}: {why}")
        self.seq, self.why = seq, why


def canonical(value: Any) -> str:
    """RFC 8785 for what the ledger holds: no floats, ASCII keys."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def read_line(line: str, expected: int) -> tuple[str, str, str]:
    """(text of the entry, hash, prev) of one line of the export."""
    match = LINE.fullmatch(line)
    if not match:
        raise Fault(expected, "edited: the line is not one of an export")
    text, seq, own, before = match.groups()
    if int(seq) != expected:
        raise Fault(expected, f"missing: in its place stands entry {seq}")
    return text, own, before


def read_heads(paths: list[str]) -> dict[int, set[str]]:
    """{seq: {hash, ...}} of all heads files together."""
    heads: dict[int, set[str]] = {}
    for path in paths:
        with open(path, encoding="utf-8") as file:
            for line in filter(str.strip, file):
                head = json.loads(line)
                heads.setdefault(int(head["seq"]), set()).add(str(head["hash"]))
    return heads


def check(lines: Iterable[str], heads: dict[int, set[str]]) -> tuple[int, str, int]:
    """(number of entries, last hash, number of heads agreed with), or Fault."""
    count, last, agreed, agreed_seq = 0, NO_HASH, 0, 0
    waiting = dict(heads)
    for line in lines:
        expected = count + 1
        text, own, before = read_line(line, expected)
        if before != last:
            raise Fault(expected, "broken: it does not follow the entry before it")
        if hashlib.sha256(TAG + before.encode() + text.encode()).hexdigest() != own:
            raise Fault(expected, "edited: its content does not give its hash")
        count, last = expected, own
        if count in waiting:
            if waiting.pop(count) != {last}:
                since = agreed_seq + 1
                raise Fault(count, f"rewritten: entries {since} to {count} had another head")
            agreed, agreed_seq = agreed + 1, count
    if waiting:
        far = max(waiting)
        raise Fault(count + 1, f"missing: cut off, for a head was published at entry {far}")
    return count, last, agreed


def opens(key: str, value: Any, commitment: str) -> bool:
    """Whether `key` (hex, given out for one value) and `value` give the commitment."""
    made = hmac.new(bytes.fromhex(key), canonical(value).encode(), "sha256").hexdigest()
    return hmac.compare_digest(made, commitment)


def main(arguments: list[str]) -> int:
    try:
        if arguments[:1] == ["--opens"]:
            key, commitment, value = arguments[1:]
            fits = opens(key, json.loads(value), commitment)
            return say("it is that value" if fits else "it is NOT that value", int(not fits))
        if not arguments or arguments[0].startswith("-"):
            return say(str(__doc__), 2)
        heads = read_heads(arguments[1:])
        with open(arguments[0], encoding="utf-8", newline="\n") as lines:
            count, last, agreed = check(lines, heads)
    except Fault as fault:
        return say(str(fault), 1)
    except (OSError, ValueError, KeyError, TypeError) as error:
        return say(f"cannot read: {error!r}", 2)
    warning = (
        "NO HEADS: if all of it had been rewritten, this would not show. Give a heads file."
    )
    proof = f"{agreed} published heads agree." if agreed else warning
    return say(f"{count} entries, whole. The last hash is {last}\n{proof}", 0)


def say(text: str, code: int) -> int:
    sys.stdout.write(text.strip() + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
