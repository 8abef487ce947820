"""What rules would have done with leads that came: shared out again, one after the other."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from leads.core.routing import Candidate, after, choose
from leads.core.sharing.rules import Asked, Rules


@dataclass(frozen=True, slots=True)
class Came:
    """A lead as it came. `away` and `off`: who was away, or outside their hours, then;
    `got`: who really got it."""

    lead_id: int
    asked: Asked
    owner: int | None = None
    away: frozenset[int] = frozenset()
    off: frozenset[int] = frozenset()
    got: int | None = None


@dataclass(frozen=True, slots=True)
class Shared:
    """Who would have got how many; None: the steward. `moved`: leads with who got them and
    who would have; `pools`: leads by pool, "" for the whole team."""

    got: Counter[int | None] = field(default_factory=Counter)
    would: Counter[int | None] = field(default_factory=Counter)
    pools: Counter[str] = field(default_factory=Counter)
    moved: tuple[tuple[int, int | None, int | None], ...] = ()
    passed_on: int = 0


def share(rules: Rules, members: Sequence[Candidate], leads: Sequence[Came]) -> Shared:
    """Share `leads` out again under `rules`, in the order in which they came.

    Everybody begins without a turn, and nobody is ever full: how much each had open then is
    not asked. What the rules do not take for the team is counted as `passed_on`.
    """
    scales: dict[str, tuple[int, dict[int, Candidate]]] = {}
    done = Shared()
    moved, turn, passed_on = [], 0, 0
    plain = [replace(one, open=0, capacity=None) for one in members]
    for one in leads:
        if not rules.match.takes(one.asked):
            passed_on += 1
            continue
        pool = rules.pool_for(one.asked)
        place, known = scales.get(pool.key, (0, {}))
        known = known or {
            m.member_id: m for m in plain if not pool.members or m.member_id in pool.members
        }
        choice = choose(pool.method, [_then(m, one, rules) for m in known.values()], place)
        who = choice.member_id
        if who is not None and choice.spent is not None:
            turn += 1
            known[who] = replace(
                after(known[who], choice.spent, turn), open=known[who].open + 1
            )
            place = choice.spent.start
        scales[pool.key] = (place, known)
        done.pools[pool.name] += 1
        done.would[who] += 1
        done.got[one.got] += 1
        if who != one.got:
            moved.append((one.lead_id, one.got, who))
    return replace(done, moved=tuple(moved), passed_on=passed_on)


def _then(member: Candidate, lead: Came, rules: Rules) -> Candidate:
    """The member as they stood when the lead came. An absence needs no date here."""
    gone = member.member_id in lead.away
    return replace(
        member,
        weight=0 if gone else member.weight,
        in_hours=member.member_id not in lead.off,
        owns_company=rules.owner_first and not gone and member.member_id == lead.owner,
    )


def spread(shared: Mapping[int | None, int]) -> int:
    """How many more the luckiest got than the least lucky, the steward left aside."""
    counts = [n for who, n in shared.items() if who is not None]
    return max(counts) - min(counts) if counts else 0
