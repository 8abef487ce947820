"""The texts themselves, and how many of them fit into a field."""

from collections.abc import Iterable
from itertools import islice
from pathlib import Path

FILE = Path(__file__).with_name("payloads.txt")
FEW = 20


def families() -> dict[str, list[str]]:
    """Each family and its texts, as they stand in the file."""
    found: dict[str, list[str]] = {}
    for line in FILE.read_text(encoding="utf-8").splitlines()[2:]:
        if line.startswith("# "):
            here = found.setdefault(line[2:], [])
        elif line:
            here.append(line.replace("⏎", "\n").replace("⇥", "\t"))
    return found


def everything() -> list[str]:
    return [text for texts in families().values() for text in texts]


def a_few() -> list[str]:
    """`FEW` of them, in turn from every family."""
    rows = list(families().values())
    longest = max(map(len, rows))
    turns = (row[turn] for turn in range(longest) for row in rows if turn < len(row))
    return list(islice(turns, FEW))


def bunches(texts: list[str], start: int, room: int) -> list[str]:
    """All of them, in turn from `start` on, as many together as fit into `room` characters;
    never less than one, so that a short field is offered one that is too long for it."""
    found: list[str] = []
    for step in range(len(texts)):
        text = texts[(start + step) % len(texts)]
        if found and len(found[-1]) + 1 + len(text) <= room:
            found[-1] += f" {text}"
        else:
            found.append(text)
    return found


def shown(text: str) -> str:
    """As it is kept: in one line, with no blanks around it."""
    return " ".join(text.split())


def within(text: str, texts: Iterable[str]) -> set[str]:
    """Those of `texts` that stand in `text` whole."""
    plain = shown(text)
    return {one for one in texts if shown(one) in plain}
