"""Records made to break an import: thirty ways, of which each is fit to be taken or never is.

A mutator takes the dice, the number of the record, and its six fields; it returns what
stands in the file, without the end of the line.
"""

import random
from collections.abc import Callable
from pathlib import Path

HEADER = "Id,Name,Email,Company,Score,Seen"
MAPPING = {
    "source": "crm",
    "columns": {
        "Id": "external_id", "Name": "name", "Email": "email", "Company": "company_name",
        "Score": "score", "Seen": "arrived",
    },
}  # fmt: skip
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1252")
Mutator = Callable[[random.Random, int, list[str]], str]


def person(number: int) -> list[str]:
    firm = number % 97
    return [f"id{number}", f"Person {number}", f"p{number}@firm{firm}.example", f"Firm {firm}",
            str(number % 9), "2026-02-01"]  # fmt: skip


def _with(place: int, *values: str) -> Mutator:
    """One of these values in the place of a field."""

    def mutate(dice: random.Random, number: int, one: list[str]) -> str:
        one[place] = dice.choice(values)
        return ",".join(one)

    return mutate


def _again(change: Callable[[list[str]], None] = lambda one: None) -> Mutator:
    """Somebody from further up in the file."""

    def mutate(dice: random.Random, number: int, one: list[str]) -> str:
        other = person(dice.randrange(max(number, 1)))
        change(other)
        return ",".join(other)

    return mutate


def _shouted(one: list[str]) -> None:
    one[2] = one[2].upper()


def _by_another_id(one: list[str]) -> None:
    one[0] = f"other-{one[0]}"


def _blank(*places: int) -> Mutator:
    def mutate(dice: random.Random, number: int, one: list[str]) -> str:
        for place in places:
            one[place] = ""
        return ",".join(one)

    return mutate


TAKEN: dict[str, Mutator] = {
    "as it should be": lambda dice, number, one: ",".join(one),
    "again": _again(),
    "again in capitals": _again(_shouted),
    "the same address under another id": _again(_by_another_id),
    "a formula": _with(1, "=cmd|' /C calc'!A0", "+1+1", "@SUM(1)", "-2+3", "＝1"),
    "text that runs backwards": _with(1, "\u202egro.live", "نص", "\u2066x\u2069"),
    "hidden signs": _with(1, "\u200bA", "\ufeffB", "C\u00ad", "D\x01\x08"),
    "emoji": _with(1, "\U0001f469\u200d\U0001f4bb", "💥" * 90),
    "letters in two parts": _with(1, "Zo\u0308e", "e\u0301" * 150),
    "markup": _with(3, "<b>x</b>", "<script>alert(1)</script>", "{{ 7*7 }}", "${x}"),
    "statements": _with(3, "'; DROP TABLE leads_lead; --", "%s%n", "\\x00", "\\copy"),
    "spaces around": _with(4, " 7 ", "\u00a08", "007", "5.0"),
    "too long, but a text": _with(1, "a" * 300, "b" * 32_000),
    "no address at all": _with(2, "not an address", "a@b", "@", "a@@b.example"),
    "letters of others in the address": _with(2, "ana@bücher.example", "a@例え.example"),
    "blanks": _blank(4, 5),
    "a word for nothing": _with(3, "unknown", "n/a", "?"),
    "in quotation marks": lambda d, n, one: ",".join(f'"{field}"' for field in one),
    "a comma within": lambda d, n, one: ",".join([one[0], '"Lima, Ana"', *one[2:]]),
    "a line within": lambda d, n, one: ",".join([one[0], '"Ana\nLima"', *one[2:]]),
    "marks within": lambda d, n, one: ",".join([one[0], '"Ana ""A"" Lima"', *one[2:]]),
    "its line ends as of old": lambda d, n, one: ",".join(one) + "\r",
}
REFUSED: dict[str, Mutator] = {
    "never closed": lambda d, n, one: ",".join([one[0], f'"open {n}', *one[2:]]),
    "a mark in the middle": lambda d, n, one: ",".join([one[0], f'"Ana"{n}', *one[2:]]),
    "too few fields": lambda d, n, one: ",".join(one[:4]),
    "too many fields": lambda d, n, one: ",".join([*one, "more", ""]),
    "an endless field": lambda d, n, one: ",".join([one[0], "x" * 33_000, *one[2:]]),
    "no number": _with(4, "9" * 1_000, "many", "1e9", "--3", "٣", "1,5".replace(",", ";")),
    "no day": _with(5, "2026-02-30", "soon", "2199-01-01", "0000-00-00", "2026-13-01"),
    "nobody": _blank(0, 1, 2),
}
MUTATORS = TAKEN | REFUSED


def write(path: Path, records: int, *, encoding: str = "utf-8", seed: int = 7) -> int:
    """A file of so many records; returns how many of them can never be taken."""
    dice, hopeless = random.Random(seed), 0
    kinds = list(MUTATORS)
    weights = [60 if kind == "as it should be" else 3 for kind in kinds]
    weights[kinds.index("an endless field")] = 1
    first = person(0)
    first[3] = "Café"  # which only one encoding writes so
    with path.open("w", encoding=encoding, errors="replace", newline="") as file:
        file.write(f"{HEADER}\n{','.join(first)}\n")
        for number in range(1, records):
            kind = dice.choices(kinds, weights)[0]
            hopeless += kind in REFUSED
            line = MUTATORS[kind](dice, number, person(number))
            file.write(f"{line}\n" if not line.endswith("\r") else line)
    return hopeless
