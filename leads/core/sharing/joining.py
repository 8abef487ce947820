"""Two teams become one: the rules of both, so that nobody's leads go to somebody else."""

from collections.abc import Mapping, Sequence
from typing import Any

from leads.core.sharing.rules import MOST_POOLS, PARTS, key_of, read


def joined(
    stays: Mapping[str, Any], joins: Mapping[str, Any], name: str, members: Sequence[int]
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The rules of the team that stays once the team `name` with its `members` is part of it,
    and the names of the pools that came along.

    Pools of the joining team come after those that are there, shared by their members or,
    where they name none, by all who join. Does it name which leads it takes, that becomes a
    pool, too; without pools and such rules all share all. Takes the joining team what the
    other does not, the one team takes it from now on. At most MOST_POOLS; beyond, the last
    are left out.
    """
    rules = dict(stays)
    pools = list(stays.get("pools") or [])
    room = MOST_POOLS - len(pools)
    coming = [*(joins.get("pools") or [])]
    if read(joins).match.particular:
        coming.append({"name": name, "method": read(joins).method, **_match(joins)})
    added: list[dict[str, Any]] = []
    for one in coming[:room]:
        added.append(_pool(one, members, [*pools, *added]))
    if added:
        rules["pools"] = [*pools, *added]
    for part in PARTS:
        words = _union(stays.get(part) or [], joins.get(part) or [])
        if words != list(stays.get(part) or []):
            rules[part] = words
    return rules, tuple(one["name"] for one in added)


def _pool(
    one: Mapping[str, Any], members: Sequence[int], there: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """With a key that no pool has yet, as turns are kept under it, and people of its own."""
    name = str(one.get("name") or one.get("key"))
    taken = {pool.get("key") for pool in there}
    base = key_of(name) or "pool"
    tries = (base, *(f"{base[:36]}-{n}" for n in range(2, MOST_POOLS + 3)))
    key = next(found for found in tries if found not in taken)
    return {**one, "key": key, "name": name, "members": list(one.get("members") or members)}


def _match(rules: Mapping[str, Any]) -> dict[str, Any]:
    return {part: list(rules[part]) for part in PARTS if rules.get(part)}


def _union(one: Sequence[str], other: Sequence[str]) -> list[str]:
    """What either names; nothing, which is everything, where one of them names nothing."""
    if not one or not other:
        return []
    return [*one, *(word for word in other if word not in one)]
