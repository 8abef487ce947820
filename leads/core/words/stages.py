"""Stages by every word that means them: key, name, old label, and keys that were replaced.

An old label may join several words ("SAL/SQL"); each of them means the stage.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from sla.core.terms import Stage, Terms

_JOINED = re.compile(r"[/,;|]")
_SAID = re.compile(r"""\bstage\s*[=:]\s*(?:"([^"]*)"|'([^']*)'|(\S+))""", re.IGNORECASE)


@dataclass(frozen=True)
class StageWords:
    """`names` and `labels` by stage key, in the order of the journey.

    `meant`: the keys that a word stands for, by the word in small letters. `keys` are
    stages of a version in force; a key that one of them replaced is known as well.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    meant: Mapping[str, frozenset[str]] = field(default_factory=dict)
    legacy: frozenset[str] = frozenset()

    def spoken(self, key: str, legacy: bool = False) -> str:
        """The stage as this reader prefers it; a word that nobody knows stays as it is."""
        if key not in self.names:
            key = next(
                (one for one in self.names if one in self.meant.get(plain(key), ())), key
            )
        if legacy and self.labels.get(key):
            return self.labels[key]
        return self.names.get(key, key)

    def label(self, key: str) -> str:
        """The old label of a stage; empty if it has none."""
        return self.labels.get(key, "")

    def named(self, legacy: bool = False) -> dict[str, str]:
        """Every stage in force with the word that this reader prefers."""
        return {key: self.spoken(key, legacy) for key in self.names}

    def glossary(self, legacy: bool = False) -> dict[str, str]:
        """The same for everything that may stand in a stage's place, old words included."""
        every = {key for keys in self.meant.values() for key in keys}
        return {key: self.spoken(key, legacy) for key in {*self.names, *every}}

    def keys_of(self, word: str) -> frozenset[str]:
        """The stages that a word means; the word itself, if it means none that is known."""
        return self.meant.get(plain(word), frozenset({word.strip()}))

    def is_legacy(self, word: str) -> bool:
        """Whether this is an old label, and no name or key of a stage."""
        return plain(word) in self.legacy


def plain(word: str) -> str:
    return " ".join(word.casefold().split())


def words_of(journeys: Iterable[Terms]) -> StageWords:
    """The words of several journeys; where two give a stage another name, the first counts."""
    names: dict[str, str] = {}
    labels: dict[str, str] = {}
    meant: dict[str, set[str]] = {}
    own: set[str] = set()
    old: set[str] = set()
    for stage in (stage for terms in journeys for stage in terms.journey):
        names.setdefault(stage.key, stage.name[:1].upper() + stage.name[1:])
        if stage.legacy:
            labels.setdefault(stage.key, stage.legacy)
        keys = {stage.key, *stage.replaces, *_as_written(stage)}
        for word in (plain(stage.key), plain(stage.name), *map(plain, stage.replaces)):
            own.add(word)
            meant.setdefault(word, set()).update(keys)
        for word in old_labels(stage):
            old.add(word)
            meant.setdefault(word, set()).update(keys)
    frozen = {word: frozenset(keys) for word, keys in meant.items()}
    return StageWords(names, labels, frozen, frozenset(old - own))


def old_labels(stage: Stage) -> list[str]:
    """The words of a stage's old label: the whole, and each that it joins."""
    if not stage.legacy:
        return []
    parts = [plain(part) for part in _JOINED.split(stage.legacy)]
    return list(dict.fromkeys([plain(stage.legacy), *(part for part in parts if part)]))


def _as_written(stage: Stage) -> Iterator[str]:
    """How files write an old label in place of the stage: as it is, large, small."""
    for word in [stage.legacy or "", *_JOINED.split(stage.legacy or "")]:
        if word.strip():
            yield from (word.strip(), word.strip().upper(), word.strip().lower())


def split(query: str) -> tuple[str, str]:
    """A typed search without its `stage=…`, and the stage that it asks for.

    >>> split('Anna stage=MQL')
    ('Anna', 'MQL')
    """
    found = _SAID.search(query)
    if found is None:
        return query.strip(), ""
    rest = f"{query[: found.start()]} {query[found.end() :]}"
    stage = next(part for part in found.groups() if part is not None)
    return " ".join(rest.split()), stage
