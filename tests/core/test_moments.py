"""When criteria were met, as stretches of time: the same as asking at every instant."""

from datetime import UTC, datetime
from random import Random

from leads.core.trials.moments import Happened, Known, met
from sla.core.criteria import Facts, Touch, Value, evaluate, read
from sla.core.workingtime import instant, microseconds

START = datetime(2026, 3, 2, tzinfo=UTC)
SECOND = 1_000_000
FIRST = microseconds(START)
KINDS = ("webinar", "call", "content")


def leaf(random, number):
    key = f"leaf_{number}"
    kind = random.randrange(4)
    if kind == 0:
        return {"key": key, "field": "lead.score", "op": "at_least", "value": 3}
    if kind == 1:
        return {"key": key, "attested": random.choice(["budget", "need"])}
    window = {"within": f"PT{random.randrange(1, 6)}S"} if kind == 2 else {}
    touched = {"key": key, "touch": random.sample(KINDS, 2), "count": random.randrange(1, 4)}
    return touched | window | {"department": random.choice([None, "sales"])}


def tree(random, depth=0):
    if depth == 3 or random.random() < 0.4:
        return leaf(random, random.randrange(10_000))
    group = random.choice(["all", "any", "not"])
    if group == "not":
        return {"key": None, "not": tree(random, depth + 1)}
    return {"key": None, group: [tree(random, depth + 1) for _ in range(2)]}


def a_lead(random):
    score = random.choice([None, 2, 3])
    touches = sorted(
        Happened(
            FIRST + random.randrange(-3, 9) * SECOND, random.choice(KINDS),
            random.choice(["sales", "marketing"]), "outbound",
        )
        for _ in range(random.randrange(6))
    )  # fmt: skip
    facts = {fact: FIRST + random.randrange(9) * SECOND for fact in ("budget", "need")}
    until = FIRST + 8 * SECOND
    return Known(FIRST, until, {"lead.score": score}, touches, facts)


def by_the_engine(node, known, at):
    """What `evaluate` says at one instant of what was known then."""
    facts = Facts(
        {name: Value(value) for name, value in known.fields.items()},
        tuple(
            Touch(touch.kind, touch.department, touch.direction, instant(touch.at))
            for touch in known.touches
            if touch.at <= at
        ),
        {fact: Value(True) for fact, when in known.attested.items() if when <= at},
    )
    return evaluate(node, facts, instant(at)).met


def test_criteria_are_met_at_exactly_the_instants_at_which_the_engine_says_so():
    random = Random(23)
    seen = set()
    for _ in range(400):
        node, known = read(tree(random)), a_lead(random)
        spans = met(node, known)
        edges = {at + by for span in spans for at in span for by in (-1, 0)}
        seconds = {FIRST + n * SECOND + by for n in range(8) for by in (-1, 0, 1)}
        for at in sorted(at for at in edges | seconds if known.first <= at < known.until):
            inside = any(begins <= at < ends for begins, ends in spans)
            assert inside == by_the_engine(node, known, at), (node, known, at - FIRST)
            seen.add(inside)
    assert seen == {True, False}


def test_a_touch_counts_to_the_very_end_of_its_window_and_no_longer():
    node = read({"key": "w", "touch": "webinar", "within": "PT2S"})
    known = Known(FIRST, FIRST + 9 * SECOND, {}, [Happened(FIRST, "webinar", "sales", "")])

    assert met(node, known) == [(FIRST, FIRST + 2 * SECOND + 1)]


def test_who_came_after_the_time_met_nothing():
    node = read({"key": "s", "field": "lead.score", "op": "missing"})

    assert met(node, Known(FIRST, FIRST, {})) == []
    assert met(node, Known(FIRST, FIRST + 1, {})) == [(FIRST, FIRST + 1)]


def test_stretches_are_in_order_and_apart():
    random = Random(5)
    for _ in range(300):
        known = a_lead(random)
        spans = met(read(tree(random)), known)
        edges = [at for span in spans for at in span]
        assert edges == sorted(set(edges))
