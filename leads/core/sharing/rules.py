"""The rules of a team: which leads it takes, its pools in order, and how each shares out.

Written as JSON with the team:
{"method", "owner_first", "sources": [], "segments": [], "countries": [],
 "release": {"per_person": 5},
 "pools": [{"key", "name", "method", "sources": [], "segments": [], "countries": [],
            "members": [7]}]}
What is left out is as usual: by turns, the company's owner first, every lead, everybody.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from leads.core.routing import METHODS, Method

PARTS = ("sources", "segments", "countries")
MOST_POOLS = 20
MOST_WORDS = 100
MOST_A_DAY = 500
_KEY = re.compile("[a-z0-9][a-z0-9-]{0,39}")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the rules look at in a lead; the country is the person's, else the company's."""

    source: str = ""
    segment: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """Which leads: each part that names something must name the lead's. None named: all."""

    sources: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()

    @property
    def particular(self) -> int:
        """How many parts name something."""
        return sum(1 for words in (self.sources, self.segments, self.countries) if words)

    def takes(self, lead: Asked) -> bool:
        said = ((self.sources, lead.source), (self.segments, lead.segment),
                (self.countries, lead.country))  # fmt: skip
        return all(not words or _is_one_of(value, words) for words, value in said)


@dataclass(frozen=True, slots=True)
class PoolRule:
    """Some of a team who share certain leads by turns of their own. No member named: all."""

    key: str
    name: str
    match: Match
    method: Method = "round_robin"
    members: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Rules:
    """`per_person`: of a big batch each gets so many a day; None: all at once."""

    method: Method = "round_robin"
    match: Match = Match()
    pools: tuple[PoolRule, ...] = field(default=())
    owner_first: bool = True
    per_person: int | None = None

    def pool_for(self, lead: Asked) -> PoolRule:
        """The first pool that takes the lead, else the whole team."""
        found = (pool for pool in self.pools if pool.match.takes(lead))
        return next(found, PoolRule("", "", Match(), self.method))


def read(written: Mapping[str, Any]) -> Rules:
    """The rules as they are written; what makes no sense is as if it were left out."""
    release = written.get("release")
    per_person = release.get("per_person") if isinstance(release, Mapping) else None
    pools = written.get("pools")
    return Rules(
        method=_method(written),
        match=_match(written),
        pools=tuple(_pool(one) for one in pools) if isinstance(pools, list) else (),
        owner_first=written.get("owner_first") is not False,
        per_person=per_person if isinstance(per_person, int) and per_person > 0 else None,
    )


def faults(written: Mapping[str, Any], members: Sequence[int]) -> list[str]:
    """What is wrong with rules that somebody wants to save, in sentences; [] if nothing."""
    found = [] if written.get("method") in (None, *METHODS) else ["There is no such method."]
    found += _faults_of_match("The team", written)
    release = written.get("release") or {}
    per_person = release.get("per_person") if isinstance(release, Mapping) else 0
    if per_person is not None and not _between(per_person, 1, MOST_A_DAY):
        found.append(f"A batch is released 1 to {MOST_A_DAY} a person and day.")
    pools = written.get("pools") or []
    if not isinstance(pools, list) or len(pools) > MOST_POOLS:
        return [*found, f"A team has {MOST_POOLS} pools at most."]
    keys = [one.get("key") for one in pools]
    if len(set(keys)) < len(keys):
        found.append("Two pools have the same name.")
    for one in pools:
        found += _faults_of_pool(one, set(members))
    return found


def key_of(name: str) -> str:
    """The key under which a pool keeps its turns.

    >>> key_of("DACH & Benelux")
    'dach-benelux'
    """
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:40].strip("-")


def _faults_of_pool(one: Mapping[str, Any], members: set[int]) -> list[str]:
    name = one.get("name") or one.get("key") or "A pool"
    found = []
    if not _KEY.fullmatch(str(one.get("key", ""))):
        found.append("A pool needs a name with a letter or a digit.")
    if one.get("method") not in METHODS:
        found.append(f"{name}: there is no such method.")
    if not _match(one).particular:
        found.append(f"{name}: say which leads it takes, or leave the pool out.")
    named = one.get("members") or []
    if not isinstance(named, list) or not set(named) <= members:
        found.append(f"{name}: only members of the team share its leads.")
    return found + _faults_of_match(str(name), one)


def _faults_of_match(name: str, written: Mapping[str, Any]) -> list[str]:
    wrong = [
        part
        for part in PARTS
        if not isinstance(written.get(part, []), list)
        or len(written.get(part, [])) > MOST_WORDS
        or not all(
            isinstance(word, str) and 0 < len(word) <= 80 for word in written.get(part, [])
        )
    ]
    return [f"{name}: {part} are at most {MOST_WORDS} words of 80 letters." for part in wrong]


def _between(number: Any, least: int, most: int) -> bool:
    return isinstance(number, int) and not isinstance(number, bool) and least <= number <= most


def _pool(written: Mapping[str, Any]) -> PoolRule:
    return PoolRule(
        key=str(written.get("key", "")),
        name=str(written.get("name") or written.get("key", "")),
        match=_match(written),
        method=_method(written),
        members=frozenset(written.get("members") or ()),
    )


def _match(written: Mapping[str, Any]) -> Match:
    words = {part: written.get(part) for part in PARTS}
    return Match(
        **{
            part: tuple(map(str, said))
            for part, said in words.items()
            if isinstance(said, list)
        }
    )


def _method(written: Mapping[str, Any]) -> Method:
    named = written.get("method")
    return cast(Method, named) if named in METHODS else "round_robin"


def _is_one_of(value: str, words: Sequence[str]) -> bool:
    return value.casefold() in {word.casefold() for word in words}
