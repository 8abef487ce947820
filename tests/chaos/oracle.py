"""The judge of a chaos run: a program of its own that knows nothing of the portal's code.

    python -I tests/chaos/oracle.py CASE.json

It knows the script of the load (which leads were handed in, when they were acknowledged),
computes by itself which steps must have been reached and when, reads the database by plain
SQL and what the receivers logged, and prints its verdict as JSON; exit code 1 if anything
is wrong. The case:

    {"script": FILE of {"lead", "tried", "acked"} a line, "wire": FILE of {"design",
     "channel", "key", "text"} a line, "design": whose messages, "tables": "concord" or
     "naive", "database": URL,
     "steps": {"warn": {"after": seconds, "channel": "mail", "words": "left:"}, ...},
     "faults": {"kills": n, "lost_replies": n}, "last_fault": epoch seconds or null}
"""

import json
import re
import sqlite3
import sys
from collections import Counter, defaultdict
from datetime import UTC, datetime
from pathlib import Path

MILLION = 1_000_000
LEAD = re.compile(r"Chaos \d{5}")

SQL = {
    # design: (handoffs: lead, start), (alerts: lead, step, due, raised), (left: state, n)
    "concord": (
        "SELECT l.name, c.started_at FROM leads_clock c JOIN leads_lead l ON l.id = c.lead_id"
        " WHERE c.obligation = 'accept'",
        "SELECT l.name, a.step, a.due_at, a.raised_at FROM leads_alert a"
        " JOIN leads_clock c ON c.id = a.clock_id JOIN leads_lead l ON l.id = c.lead_id"
        " WHERE c.obligation = 'accept'",
        "SELECT state, count(*) FROM notifications_delivery GROUP BY state",
    ),
    "naive": (
        "SELECT lead, start FROM handoff",
        "SELECT lead, step, due, raised FROM alert",
        "SELECT 'sent', 0",
    ),
}


def rows(url: str, sql: str) -> list[tuple]:
    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"), timeout=60)
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()
    import psycopg  # only for a run on PostgreSQL

    with psycopg.connect(url) as connection:
        return connection.execute(sql).fetchall()


def instant(value: object) -> int:
    """Microseconds since 1970, of what a database gives for an instant."""
    if isinstance(value, int):
        return value
    read = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    read = read if read.tzinfo else read.replace(tzinfo=UTC)
    whole = read - datetime(1970, 1, 1, tzinfo=UTC)
    return (whole.days * 86_400 + whole.seconds) * MILLION + whole.microseconds


def lines(path: str) -> list[dict]:
    file = Path(path)
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def judge(case: dict) -> dict:
    """The verdict: each kind of fault with the cases that show it, and the figures."""
    script = {one["lead"]: one for one in lines(case["script"])}
    handoffs, alerts, left = (rows(case["database"], sql) for sql in SQL[case["tables"]])
    wrong: dict[str, list] = defaultdict(list)
    starts = begun(script, handoffs, wrong)
    lags = raised(case, starts, alerts, wrong)
    figures = told(case, starts, wrong)
    figures |= {
        "handoffs": len(script),
        "alerts": len(alerts),
        "deliveries": dict(left),
        "lag": spread(lags),
        "caught_up": caught_up(case, alerts),
    }
    waiting = sum(number for state, number in left if state not in ("sent", "cancelled"))
    if waiting:
        wrong["undelivered"].append(f"{waiting} deliveries are not sent: {dict(left)}")
    counts = {kind: len(found) for kind, found in wrong.items()}
    examples = {kind: found[:5] for kind, found in wrong.items()}
    return {"ok": not counts, "wrong": counts, "examples": examples, "figures": figures}


def begun(script: dict, handoffs: list[tuple], wrong: dict) -> dict[str, int]:
    """When each lead of the script was handed over: once, between the try and the reply."""
    starts: dict[str, int] = {}
    for lead, start in handoffs:
        if lead in starts:
            wrong["duplicate"].append(f"{lead} was handed over twice")
        starts[lead] = instant(start)
    for lead, one in script.items():
        if lead not in starts:
            wrong["lost"].append(f"{lead} was acknowledged and is not there")
        elif not one["tried"] * MILLION <= starts[lead] <= one["acked"] * MILLION:
            wrong["untrue"].append(f"{lead} did not begin when it was handed in")
    for lead in starts.keys() - script.keys():
        wrong["extra"].append(f"{lead} was never acknowledged")
    return starts


def raised(case: dict, starts: dict, alerts: list[tuple], wrong: dict) -> list[float]:
    """Each step of each handoff exactly once, with its true instant; the lags in seconds."""
    seen = Counter((lead, step) for lead, step, _due, _raised in alerts)
    for lead in starts:
        for step in case["steps"]:
            if not seen[lead, step]:
                wrong["lost"].append(f"{lead}: no alert for {step}")
    for (lead, step), number in seen.items():
        if number > 1:
            wrong["duplicate"].append(f"{lead}: {number} alerts for {step}")
        if lead not in starts or step not in case["steps"]:
            wrong["extra"].append(f"{lead}: nobody expects {step}")
    expected = [one for one in alerts if one[0] in starts and one[1] in case["steps"]]
    return [lag(case, starts[one[0]], one, wrong) for one in expected]


def lag(case: dict, start: int, alert: tuple, wrong: dict) -> float:
    """How late an alert was raised, in seconds, by the instant that must be its own."""
    lead, step, due, at = alert
    true = start + round(case["steps"][step]["after"] * MILLION)
    if instant(due) != true:
        wrong["untrue"].append(f"{lead}: {step} was due at another instant")
    if instant(at) < true:
        wrong["untrue"].append(f"{lead}: {step} was raised before it was due")
    return (instant(at) - true) / MILLION


def told(case: dict, starts: dict[str, int], wrong: dict) -> dict:
    """What arrived outside: each step at least once, repeats few and under the same key."""
    arrived: dict[tuple[str, str], list[str]] = defaultdict(list)
    gathered: set[str] = set()
    heard = [one for one in lines(case["wire"]) if one["design"] == case["design"]]
    for one in heard:
        found = notices(case, one)
        if len(found) > 1:
            gathered.add(one["key"])
        for about in found:
            arrived[about].append(one["key"])
    for lead in starts:
        for step in case["steps"]:
            if not arrived[lead, step]:
                wrong["undelivered"].append(f"{lead}: nobody was told of {step}")
    for (lead, step), keys in arrived.items():
        if len(set(keys)) > 1:
            wrong["duplicate"].append(f"{lead}: {step} was told as {len(set(keys))} messages")
    repeats = len(heard) - len({(one["channel"], one["key"]) for one in heard})
    faults = case["faults"]
    if repeats > faults["kills"] + faults["lost_replies"]:
        wrong["repeated"].append(f"{repeats} repeats on the wire")
    return {"messages": len(heard), "repeats": repeats, "digests": len(gathered)}


def notices(case: dict, message: dict) -> list[tuple[str, str]]:
    """Which (lead, step) a message tells of, by its channel and its words."""
    found = []
    for line in dict.fromkeys(message["text"].splitlines()):
        lead = LEAD.search(line)
        for step, said in case["steps"].items():
            if lead and said["channel"] == message["channel"] and said["words"] in line:
                found.append((lead[0], step))
    return found


def spread(lags: list[float]) -> dict[str, float]:
    """Percentiles in seconds."""
    if not lags:
        return {}
    ordered = sorted(lags)
    at = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "max": 1.0}
    last = len(ordered) - 1
    return {name: round(ordered[round(share * last)], 3) for name, share in at.items()}


def caught_up(case: dict, alerts: list[tuple]) -> float | None:
    """How long after the last fault the last step was raised that was due before it."""
    if case.get("last_fault") is None:
        return None
    fault = round(case["last_fault"] * MILLION)
    late = [instant(at) - fault for _, _, due, at in alerts if instant(due) <= fault]
    return round(max([0, *late]) / MILLION, 3)


def main(path: str) -> int:
    verdict = judge(json.loads(Path(path).read_text()))
    print(json.dumps(verdict, indent=1))
    return 0 if verdict["ok"] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
