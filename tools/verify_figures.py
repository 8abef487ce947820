#!/usr/bin/env python3
"""Count the figures of a sealed period again, by other code, and compare them with the seal.

    python3 verify_figures.py seal.json ledger.jsonl heads.jsonl [heads.jsonl ...]

Needs this file and Python 3.10 or newer, nothing else. `seal.json` is the file of a seal (its
document, and the rows that were counted); `ledger.jsonl` an export of the ledger; heads.jsonl
the heads as *you* kept them: mailed to you, or in a file of your own.

It checks, in this order, and ends with 1 at what it finds, each named:
1. the chain of the ledger, and that it passes through every head (as verify_chain.py does);
2. that the ledger holds the digest of this document, and the document that of its rows;
3. that each clock among the rows is what the ledger's entries up to the seal say of it;
4. every figure, counted again from the rows: its value, what it is of, and which rows.

It cannot find: what was rewritten after the newest head, what was never entered, what was
entered truthfully but is not true, and rows that were left out when the seal was made and of
which the ledger tells nothing in clear.
"""

import hashlib
import json
import math
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

TAG, NO_HASH = b"concord ledger 1\n", "0" * 64
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)  # noqa: UP017  # 3.10 has no UTC
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTE = 60_000_000
BANDS = (("under5", 0, 5), ("under15", 5, 15), ("under60", 15, 60), ("over60", 60, None))
OUTCOMES = ("met", "late", "open", "returned", "cancelled", "excused")


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def canonical(value: Any) -> str:
    """RFC 8785 for what a seal holds: integers, ASCII keys."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def micro(text: str) -> int:
    when = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return (when - EPOCH) // timedelta(microseconds=1)


def chain(path: str, heads: dict[int, set[str]]) -> tuple[list[Any], list[str]]:
    """(entries, faults): the ledger read once along its chain, against the heads."""
    entries: list[Any] = []
    faults, last = [], NO_HASH
    with open(path, encoding="utf-8", newline="\n") as lines:
        for line in lines:
            one = json.loads(line)
            entry = one["entry"]
            text = canonical(entry)
            seq = len(entries) + 1
            if entry["seq"] != seq or one["prev"] != last:
                return entries, [f"entry {seq}: missing, or it does not follow the one before"]
            last = hashlib.sha256(TAG + last.encode() + text.encode()).hexdigest()
            if last != one["hash"]:
                return entries, [f"entry {seq}: edited"]
            if heads.get(seq, {last}) != {last}:
                return entries, [f"entry {seq}: rewritten, another head was published"]
            entries.append(entry)
    if heads and max(heads) > len(entries):
        faults.append(f"entry {len(entries) + 1}: cut off, a head stands at {max(heads)}")
    return entries, faults


def table(seal: Any, name: str) -> list[Any]:
    """The rows of a table as dictionaries."""
    found = seal["rows"]["tables"][name]
    return [dict(zip(found["columns"], row, strict=True)) for row in found["rows"]]


class Calendar:
    """Working time from the words of the terms: hours of local days, read as UTC instants."""

    def __init__(self, raw: Any) -> None:
        self.raw, self.zone = raw, ZoneInfo(raw["zone"])
        self.known: dict[date, list[tuple[int, int]]] = {}

    def at(self, day: date, text: str) -> int:
        hours, minutes = (int(part) for part in text.split(":"))
        wall = datetime.combine(day, time(), self.zone) + timedelta(
            hours=hours, minutes=minutes
        )
        return (wall - EPOCH) // timedelta(microseconds=1)  # fold=0, as RFC 5545 reads it

    def opens(self, day: date) -> list[tuple[int, int]]:
        """The open spans of a local date: no overlaps, breaks cut out."""
        if day not in self.known:
            key = day.isoformat()
            spans: list[tuple[int, int]] = []
            if key not in self.raw.get("closed", ()):
                hours = self.raw.get("special", {}).get(
                    key, self.raw["weekly"][DAYS[day.weekday()]]
                )
                spans = [(self.at(day, a), self.at(day, b)) for a, b in hours]
            for a, b in self.raw.get("breaks", {}).get(key, ()):
                a, b = self.at(day, a), self.at(day, b)
                spans = [
                    s for x, y in spans for s in ((x, min(y, a)), (max(x, b), y)) if s[0] < s[1]
                ]
            self.known[day] = spans
        return self.known[day]

    def between(self, a: int, b: int) -> int:
        """Open microseconds in [a, b); 0 if b is not after a."""
        if b <= a:
            return 0
        first = (EPOCH + timedelta(microseconds=a)).astimezone(self.zone).date()
        last = (EPOCH + timedelta(microseconds=b)).astimezone(self.zone).date()
        spans: list[tuple[int, int]] = []
        for number in range(first.toordinal() - 1, last.toordinal() + 2):
            spans += [(max(x, a), min(y, b)) for x, y in self.opens(date.fromordinal(number))]
        total, reached = 0, a
        for x, y in sorted(spans):
            x = max(x, reached)
            if y > x:
                total, reached = total + y - x, y
        return total


def length(text: str) -> int:
    """An ISO 8601 duration of weeks, days or time, as microseconds that just pass."""
    days, _t, clock = text.removeprefix("P").partition("T")
    total, number = 0.0, ""
    units: list[dict[str, float]] = [
        {"W": 10_080, "D": 1_440}, {"H": 60, "M": 1, "S": 1 / 60}
    ]  # fmt: skip
    for part, unit in zip((days, clock), units, strict=True):
        for letter in part:
            if letter.isdigit():
                number += letter
            else:
                total, number = total + int(number) * unit[letter], ""
    return round(total * MINUTE)


def rank(values: Sequence[int], share: float) -> int:
    return sorted(values)[max(math.ceil(share * len(values)), 1) - 1]


class Again:
    """The figures counted again. `found`: key -> (value, of, rows or None)."""

    def __init__(self, seal: Any, document: Any) -> None:
        self.seal = seal
        self.found: dict[str, Any] = {}
        self.period, self.terms = document["period"], seal["rows"]["terms"]
        self.start, self.end = micro(self.period["start"]), micro(self.period["end"])
        self.at, self.agreement = micro(document["sealed_at"]), document["agreement_id"]
        self.zone = ZoneInfo(self.period["zone"])
        self.calendars = {k: Calendar(c) for k, c in seal["rows"]["calendars"].items()}
        for count in (self.clocks, self.speed, self.cohorts, self.commitments, self.returns,
                      self.beside):  # fmt: skip
            count()

    def put(self, key: str, rows: Iterable[int], of: Any = None) -> None:
        rows = sorted(rows)
        self.found[key] = (len(rows), of, rows)

    def within(self, at: Any) -> bool:
        return at is not None and self.start <= at < self.end

    def took(self, row: Any, start: int, stop: int, paused: int = 0) -> int:
        calendar = self.calendars[f"{row['version']}/{row['calendar']}"]
        return max(calendar.between(start, stop) - paused, 0)

    def times(self, key: str, values: Sequence[int]) -> None:
        for word, share in (("p50", 0.5), ("p90", 0.9)):
            if values:
                self.found[f"{key}:{word}"] = (rank(values, share), len(values), None)

    def state(self, row: Any) -> str:
        if row["outcome"]:
            return str(row["outcome"])
        return "late" if row["paused_since"] is None and row["due"] < self.at else "open"

    def clocks(self) -> None:
        groups = defaultdict(list)
        for row in table(self.seal, "clocks"):
            if self.within(row["due"]):
                groups[row["department"], row["obligation"]].append(row)
        for (party, owed), rows in groups.items():
            by = {name: [r for r in rows if self.state(r) == name] for name in OUTCOMES}
            by["never"] = [r for r in by["late"] if r["stopped"] is None]
            for name, some in by.items():
                due = len(by["met"]) + len(by["late"]) if name == "met" else None
                self.put(f"clocks:{party}:{owed}.{name}", [r["id"] for r in some], due)
            done = [r for r in by["met"] + by["late"] if r["stopped"] is not None]
            lasting = [self.took(r, r["started"], r["stopped"], r["paused"]) for r in done]
            self.times(f"time:{party}:{owed}", lasting)

    def speed(self) -> None:
        attempts = defaultdict(list)
        for row in table(self.seal, "attempts"):
            if not row["imported"] and row["undone"] is None:
                attempts[row["lead"], row["department"]].append(row["occurred"])
        made: dict[int, int] = {}
        never: list[int] = []
        gone: list[int] = []
        for row in table(self.seal, "handoffs"):
            later = [
                at for at in attempts[row["lead"], row["department"]] if at >= row["offered"]
            ]
            if later:
                made[row["id"]] = self.took(row, row["offered"], min(later))
            else:
                (gone if row["state"] == "withdrawn" else never).append(row["id"])
        self.put("speed:made", made, len(made) + len(never))
        for name, low, high in BANDS:
            some = [k for k, t in made.items() if (t > low * MINUTE or not low)
                    and (high is None or t <= high * MINUTE)]  # fmt: skip
            self.put(f"speed:{name}", some, len(made))
        self.put("speed:never", never, len(made) + len(never))
        self.put("speed:withdrawn", gone)
        self.times("time:speed", list(made.values()))

    def staged(self, name: str) -> list[Any]:
        """The rows of a table, their stages as they are called now."""
        now = {
            old: one["key"] for one in self.terms["journey"] for old in one.get("replaces", ())
        }
        rows = table(self.seal, name)
        return [row | {"stage": now.get(row["stage"], row["stage"])} for row in rows]

    def cohorts(self) -> None:
        stood = [r for r in self.staged("entries") if r["undone"] is None]
        entered = defaultdict(list)
        for row in stood:
            entered[row["lead"], row["stage"]].append(row["entered"])
        for mark in self.terms["benchmarks"]:
            some, lasting = [], length(mark["within"])
            for row in stood:
                times = entered[row["lead"], mark["from_stage"]]
                if (row["stage"] == mark["from_stage"] and self.within(row["entered"])
                        and not row["merged"] and mark["segment"] in (None, row["segment"])
                        and mark["source"] in (None, row["source"]) and not any(
                            self.start <= t < row["entered"] for t in times)):  # fmt: skip
                    some.append(row)
            reached = [
                r["id"]
                for r in some
                if any(
                    0 <= t - r["entered"] <= lasting
                    for t in entered[r["lead"], mark["to_stage"]]
                )
            ]
            self.put(f"cohort:{mark['key']}:reached", reached, len(some))

    def window(self, period: str) -> list[int]:
        """The week, month or quarter in which this period begins, as microseconds."""
        day = date.fromisoformat(self.period["first"])
        if period == "week":
            first = day - timedelta(days=day.weekday())
            after = first + timedelta(days=7)
        else:
            months = 1 if period == "month" else 3
            first = date(day.year, (day.month - 1) // months * months + 1, 1)
            after = date(first.year + (first.month - 1 + months) // 12,
                         (first.month - 1 + months) % 12 + 1, 1)  # fmt: skip
        ends = [datetime.combine(d, time(), self.zone) - EPOCH for d in (first, after)]
        return [one // timedelta(microseconds=1) for one in ends]

    def commitments(self) -> None:
        for one in self.terms["commitments"]:
            start, end = self.window(one["period"])
            look = min(max(self.at, start), end)
            if one["measure"] == "stage_entries":
                self.volume(one, start, end)
            elif one["measure"] == "obligation_kept":
                due = [r for r in table(self.seal, "clocks")
                       if r["obligation"] == one["obligation"]
                       and r["agreement"] == self.agreement and start <= r["due"] < look
                       and (r["outcome"] in ("met", "late")
                       or (not r["outcome"] and r["paused_since"] is None))]  # fmt: skip
                kept = [r["id"] for r in due if r["outcome"] == "met"]
                self.put(f"commitment:{one['key']}:done", kept, len(due))
            else:
                days = [self.day(t) for t in (start, look)]
                made = [
                    r["id"]
                    for r in self.staged("content")
                    if r["stage"] == one["stage"]
                    and r["published"] is not None
                    and days[0] <= r["published"] < days[1]
                ]
                self.put(f"commitment:{one['key']}:done", made, one["count"])

    def day(self, at: int) -> str:
        """The local date of an instant."""
        return (EPOCH + timedelta(microseconds=at)).astimezone(self.zone).date().isoformat()

    def volume(self, one: Any, start: int, end: int) -> None:
        window = length(one["once_per"]) if one["once_per"] else 0
        last: dict[int, int] = {}
        counted: list[int] = []
        for row in sorted(self.staged("entries"), key=lambda r: (r["entered"], r["id"])):
            if (
                row["stage"] != one["stage"]
                or not start - window <= row["entered"] < end
                or (row["undone"] is not None and row["undone"] < end)
                or row["imported"]
                or row["merged"]
                or row["owned"]
                or row["agreement"] != self.agreement
            ):
                continue
            before = last.get(row["person"])
            if before is None or row["entered"] - before >= window:
                last[row["person"]] = row["entered"]
                counted += [row["id"]] if row["entered"] >= start else []
        self.put(f"volume:{one['key']}", counted, one["count"] or 0)

    def returns(self) -> None:
        disputes = {r["key"]: r["disputes"] for r in self.terms["return_reasons"]}
        groups = defaultdict(list)
        for row in table(self.seal, "returns"):
            groups["reason", row["reason"]].append(row["id"])
            if disputes.get(row["reason"]):
                groups["criterion", disputes[row["reason"]]].append(row["id"])
            where = (
                ("campaign", row["campaign"]) if row["campaign"] else ("source", row["source"])
            )
            groups[where].append(row["id"])
        for (by, key), rows in groups.items():
            self.put(f"returns:{by}:{key}", rows)

    def beside(self) -> None:
        waived = [
            r
            for r in self.staged("entries")
            if r["waived"]
            and r["undone"] is None
            and not r["imported"]
            and not r["merged"]
            and self.within(r["entered"])
        ]
        self.put("waived:", [r["id"] for r in waived])
        for stage in self.terms["journey"]:
            key = stage["key"]
            self.put(f"waived:{key}", [r["id"] for r in waived if r["stage"] == key])
        self.material()
        sold = defaultdict(list)
        for row in table(self.seal, "won"):
            sold[row["lead"]].append(row["ended"])
        for row in table(self.seal, "closed"):
            sold[row["lead"]] += [row["closed"]]
        for party in ("marketing", "sales"):
            self.put(f"after:{party}", [
                r["id"] for r in table(self.seal, "touches") if r["department"] == party
                and r["undone"] is None and not r["imported"] and r["direction"] != "inbound"
                and any(at is not None and at <= r["occurred"] for at in sold[r["lead"]])
            ])  # fmt: skip

    def material(self) -> None:
        asked = table(self.seal, "contributions")
        kept = [r for r in asked if r["cancelled"] is None]
        won = {r["lead"] for r in table(self.seal, "won") if self.within(r["ended"])}
        used = [r for r in kept if r["used"]]
        for key, rows in {
            "asked": [r for r in kept if self.within(r["asked"])],
            "delivered": [r for r in kept if self.within(r["delivered"])],
            "used": [r for r in used if self.within(r["answered"])],
            "won": [r for r in used if r["lead"] in won],
            "cancelled": [r for r in asked if self.within(r["cancelled"])],
        }.items():
            self.put(f"contributions:{key}", [r["id"] for r in rows])


def sealed(document: Any, text: str, seal: Any, entries: list[Any]) -> Iterator[str]:
    """Faults of the seal itself: its digest in the ledger, and that of its rows in it."""
    mine = [e for e in entries if e["kind"] == "period_sealed"
            and e["values"]["clear"]["digest"] == sha(text)]  # fmt: skip
    if not mine:
        yield "the seal: its digest stands in no entry of the ledger"
    elif mine[0]["seq"] <= document["head"]["seq"]:
        yield "the seal: it claims a head that came after it"
    if sha(canonical(seal["rows"])) != document["evidence"]:
        yield "the rows: they do not have the digest that was sealed"
    if sha(canonical(seal["rows"]["terms"])) != document["version"]["digest"]:
        yield "the terms: they do not have the digest that both departments signed"


def told(document: Any, seal: Any, entries: list[Any]) -> Iterator[str]:
    """Faults of clocks: a row that is not what the entries up to the seal say."""
    said: dict[int, dict[str, Any]] = {}
    for e in entries[: document["head"]["seq"]]:
        clear = e["values"]["clear"]
        if e["subject"][0] == "clock" and "due_at" in clear:
            one = said.setdefault(e["subject"][1], {"outcome": "", "stopped": None})
            one["due"] = micro(clear["due_at"])
            if e["kind"] == "clock_started":
                one |= {
                    "started": micro(clear["started_at"]),
                    "obligation": clear["obligation"],
                }
                one |= {k: clear[k] for k in ("handoff", "round", "version", "calendar")}
                one |= {"department": e["department"], "lead": e["lead"]}
            if e["kind"] in ("clock_stopped", "clock_reopened"):
                one["outcome"] = clear["outcome"]
                one["stopped"] = micro(clear["stopped_at"]) if clear["stopped_at"] else None
    start, end = micro(document["period"]["start"]), micro(document["period"]["end"])
    rows = {row["id"]: row for row in table(seal, "clocks")}
    for number, one in sorted(said.items()):
        if number not in rows and start <= one["due"] < end:
            yield f"clock {number}: the ledger tells of it, the rows do not"
    for number, row in sorted(rows.items()):
        wrong = [k for k, v in said.get(number, {"started": None}).items() if row[k] != v]
        if wrong:
            yield f"clock {number}: {', '.join(wrong)} is not what the ledger says"


def counted(document: Any, seal: Any) -> Iterator[str]:
    """Faults of figures: what was sealed beside what the rows give when counted again."""
    again = Again(seal, document).found
    for one in document["figures"]:
        value, of, rows = again.pop(one["key"], (0, one["of"], []))
        if (value, of) != (one["value"], one["of"]):
            yield f"{one['key']}: sealed {one['value']} of {one['of']}, counted {value} of {of}"
        elif rows is not None and sha(canonical(rows)) != one["rows"]:
            yield f"{one['key']}: the same number, other rows"
    for key, (value, _of, _rows) in again.items():
        if value:
            yield f"{key}: counted {value}, and not among the sealed figures"


def verify(
    seal_path: str, ledger_path: str, head_paths: Sequence[str]
) -> tuple[int, list[str]]:
    """(number of figures, faults)."""
    with open(seal_path, encoding="utf-8") as file:
        seal = json.load(file)
    heads: dict[int, set[str]] = {}
    for path in head_paths:
        with open(path, encoding="utf-8") as file:
            for head in map(json.loads, filter(str.strip, file)):
                heads.setdefault(int(head["seq"]), set()).add(head["hash"])
    document, text = seal["seal"], canonical(seal["seal"])
    entries, faults = chain(ledger_path, heads)
    faults += sealed(document, text, seal, entries)
    if not any(seq > document["head"]["seq"] for seq in heads):
        faults.append("the heads: none was published after the seal; ask for a newer one")
    faults += [*told(document, seal, entries), *counted(document, seal)]
    return len(document["figures"]), faults


def main(arguments: Sequence[str]) -> int:
    if len(arguments) < 2:
        sys.stdout.write(f"{str(__doc__).strip()}\n")
        return 2
    try:
        number, faults = verify(arguments[0], arguments[1], arguments[2:])
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        sys.stdout.write(f"cannot read: {error!r}\n")
        return 2
    for fault in faults:
        sys.stdout.write(f"FAULT {fault}\n")
    if not faults:
        sys.stdout.write(f"{number} figures, each counted again: all as sealed.\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
