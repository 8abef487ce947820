"""The limit of a sweep: SQL written by hand that leaves the same rows behind.

It knows beforehand what the sweep finds out: which step is due and whom it tells, that
nobody is absent, that nobody chose otherwise, that no row is broken and nobody else sweeps.
It takes all that is due in one transaction. The hash chain cannot be written without
hashing, so that is done here too.
"""

import hashlib
import json
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import psycopg
from psycopg.types.json import set_json_loads

NBSP = "\u00a0"
ALERT = "INSERT INTO leads_alert (clock_id, step, level, due_at, raised_at, found_late)"
DELIVERY = (
    "INSERT INTO notifications_delivery (key, about, recipient_id, channel, digest, level,"
    " title, text, link, state, created_at, next_at, attempts, sent_at, last_error)"
)
ENTRY = (
    "INSERT INTO ledger_entry (seq, prev_hash, hash, at, kind, subject_type, subject_id,"
    " lead_id, actor_id, department, team, body)"
)
DUE = """
    SELECT c.id, c.lead_id, c.next_step, c.steps, c.due_at, c.obligation, c.department_id,
           l.name, o.id, o.name, o.zone, t.name, m.id, m.zone
      FROM leads_clock c JOIN leads_lead l ON l.id = c.lead_id
      JOIN accounts_user o ON o.id = c.owner_id JOIN accounts_team t ON t.id = c.team_id
      JOIN accounts_user m ON m.id = t.manager_id
     WHERE c.next_step_at <= {at} ORDER BY c.next_step_at, c.id
"""
Told = tuple[int, str, str]  # who, their zone, how it is gathered


class ByHand:
    """One connection of the driver itself. `spent`: seconds for each kind of row so far."""

    raw: Any

    def __init__(self, promises: dict[str, str]) -> None:
        self.promises, self.spent = promises, Counter[str]()

    def sweep(self, at: datetime) -> int:
        """Do what is due by `at`; return the alerts."""
        self.begin()
        found = self.timed("reading", self.due, at)
        alerts = [self.alert(row) for row in found]
        ids = self.timed("alerts", self.write_alerts, alerts, at)
        told = [self.told(row) for row in found]
        deliveries = [
            row
            for pk, alert, people in zip(ids, alerts, told, strict=True)
            for row in self.deliveries(pk, alert, people, at)
        ]
        self.timed("deliveries", self.write_deliveries, deliveries)
        self.timed("next steps", self.write_next_steps, alerts)
        self.timed("ledger", self.write_ledger, zip(ids, alerts, told, strict=True), at)
        self.timed("commit", self.commit)
        return len(alerts)

    def timed(self, kind: str, do: Callable[..., Any], *given: Any) -> Any:
        began = time.perf_counter()
        result = do(*given)
        self.spent[kind] += time.perf_counter() - began
        return result

    def alert(self, row: Sequence[Any]) -> dict[str, Any]:
        """What one due row says, and the text about it."""
        pk, lead, position, steps, due, owed, department, name, _, owner, _, team, _, _ = row
        ladder = json.loads(steps)
        step, rest = ladder[position], ladder[position + 1 :]
        return {
            "clock": pk, "lead": lead, "step": step, "due": due, "department": department,
            "title": f"Due now: {self.promises[owed]}, {name}",
            "whose": f"With {owner}, {team}.", "position": position + 1,
            "next": datetime.fromisoformat(rest[0]["at"]) if rest else None,
        }  # fmt: skip

    def told(self, row: Sequence[Any]) -> list[Told]:
        return [(row[8], row[10], ""), (row[12], row[13], "hourly")]

    def deliveries(
        self, pk: int, alert: dict[str, Any], people: list[Told], at: datetime
    ) -> Iterable[tuple[Any, ...]]:
        now = self.instant(at)
        for person, zone, digest in people:
            local = alert["due"].astimezone(ZoneInfo(zone))
            day = f"{local:%a} {local.day}{NBSP}{local:%b %Y %H:%M}"
            text = f"Was due {day}.\n{alert['whose']}"
            leaves = now if not digest else self.instant(_next_hour(at))
            head = (f"alert:{pk}", person)
            tail = (digest, "late", alert["title"], text, f"/leads/{alert['lead']}/")
            yield (self.key(), *head, "in_app", *tail, "sent", now, None, 0, now, "")
            yield (self.key(), *head, "mail", *tail, "pending", now, leaves, 0, None, "")

    def entries(
        self, raised: Iterable[tuple[int, dict[str, Any], list[Told]]], at: datetime
    ) -> list[tuple[Any, ...]]:
        seq, before = self.tip()
        now, stamp, rows = self.instant(at), _stamp(at), []
        for pk, alert, people in raised:
            seq += 1
            step, told = alert["step"], sorted(person for person, _, _ in people)
            body = (
                f'{{"clear":{{"channels":{json.dumps(step["channels"], separators=(",", ":"))},'
                f'"clock":{alert["clock"]},"due_at":"{_stamp(alert["due"])}",'
                f'"found_late":false,"level":"{step["level"]}","step":"{step["key"]}",'
                f'"told":{json.dumps(told, separators=(",", ":"))}}},"committed":{{}}}}'
            )
            line = (
                f'{{"actor":null,"at":"{stamp}","department":"{alert["department"]}",'
                f'"kind":"alert_raised","lead":{alert["lead"]},"seq":{seq},'
                f'"subject":["alert",{pk}],"team":"","values":{body}}}'
            )
            text = f"concord ledger 1\n{before}{line}"
            own = hashlib.sha256(text.encode()).hexdigest()
            rows.append((seq, before, own, now, "alert_raised", "alert", pk, alert["lead"],
                         None, alert["department"], "", body))  # fmt: skip
            before = own
        return rows


def connect(settings: dict[str, Any], promises: dict[str, str]) -> "ByHand":
    """A connection of the driver's own to the database of Django's `settings`."""
    if settings["ENGINE"].endswith("sqlite3"):
        return SqliteByHand(str(settings["NAME"]), promises)
    named = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST",
             "port": "PORT"}  # fmt: skip
    where = {ours: settings[theirs] for ours, theirs in named.items() if settings[theirs]}
    return PostgresByHand(psycopg.conninfo.make_conninfo(**where), promises)


class SqliteByHand(ByHand):
    def __init__(self, path: str, promises: dict[str, str]) -> None:
        super().__init__(promises)
        self.raw = sqlite3.connect(path, isolation_level=None)
        self.raw.execute("PRAGMA synchronous=NORMAL")

    def begin(self) -> None:
        self.raw.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        self.raw.execute("COMMIT")

    def undo(self) -> None:
        self.raw.execute("ROLLBACK")

    def due(self, at: datetime) -> list[list[Any]]:
        rows = map(list, self.raw.execute(DUE.format(at="?"), [self.instant(at)]))
        return [[*row[:4], _aware(row[4]), *row[5:]] for row in rows]

    def write_alerts(self, alerts: list[dict[str, Any]], at: datetime) -> list[int]:
        known = "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'leads_alert'"
        [first] = self.raw.execute(known).fetchone()
        ids, now = list(range(first + 1, first + 1 + len(alerts))), self.instant(at)
        values = [
            (pk, one["clock"], one["step"]["key"], one["step"]["level"],
             self.instant(one["due"]), now, False)
            for pk, one in zip(ids, alerts, strict=True)
        ]  # fmt: skip
        into = ALERT.replace("(clock_id", "(id, clock_id")
        self.raw.executemany(f"{into} VALUES (?, ?, ?, ?, ?, ?, ?)", values)
        return ids

    def write_deliveries(self, rows: list[tuple[Any, ...]]) -> None:
        self.raw.executemany(f"{DELIVERY} VALUES ({', '.join('?' * 15)})", rows)

    def write_next_steps(self, alerts: list[dict[str, Any]]) -> None:
        rows = [(one["position"], self.instant(one["next"]), one["clock"]) for one in alerts]
        self.raw.executemany(
            "UPDATE leads_clock SET next_step = ?, next_step_at = ?, sweep_error = ''"
            " WHERE id = ?", rows,
        )  # fmt: skip

    def write_ledger(self, raised: Any, at: datetime) -> None:
        rows = self.entries(raised, at)
        self.raw.executemany(f"{ENTRY} VALUES ({', '.join('?' * 12)})", rows)

    def tip(self) -> tuple[int, str]:
        newest = "SELECT seq, hash FROM ledger_entry ORDER BY seq DESC LIMIT 1"
        return self.raw.execute(newest).fetchone() or (0, "0" * 64)

    def key(self) -> str:
        return uuid4().hex

    def instant(self, at: datetime | None) -> str | None:
        return None if at is None else str(at.astimezone(UTC))[:-6]


class PostgresByHand(ByHand):
    def __init__(self, url: str, promises: dict[str, str]) -> None:
        super().__init__(promises)
        self.raw = psycopg.connect(url, autocommit=True)
        set_json_loads(bytes.decode, self.raw)  # as text: it is read once, where it is used

    def begin(self) -> None:
        self.raw.execute("BEGIN")

    def commit(self) -> None:
        self.raw.execute("COMMIT")

    def undo(self) -> None:
        self.raw.execute("ROLLBACK")

    def due(self, at: datetime) -> list[tuple[Any, ...]]:
        lock = " FOR NO KEY UPDATE OF c SKIP LOCKED"
        return self.raw.execute(DUE.format(at="%s") + lock, [at]).fetchall()

    def write_alerts(self, alerts: list[dict[str, Any]], at: datetime) -> list[int]:
        columns = (
            [one["clock"] for one in alerts], [one["step"]["key"] for one in alerts],
            [one["step"]["level"] for one in alerts], [one["due"] for one in alerts], at,
        )  # fmt: skip
        rows = self.raw.execute(
            f"{ALERT} SELECT c, s, l, d, %s, false FROM unnest(%s::bigint[], %s::text[],"
            " %s::text[], %s::timestamptz[]) AS r(c, s, l, d) RETURNING clock_id, id",
            [columns[4], *columns[:4]],
        )  # fmt: skip
        made = dict(rows.fetchall())
        return [made[one["clock"]] for one in alerts]

    def write_deliveries(self, rows: list[tuple[Any, ...]]) -> None:
        self._copy(DELIVERY, rows)

    def write_ledger(self, raised: Any, at: datetime) -> None:
        self.raw.execute("SELECT pg_advisory_xact_lock(%s)", [0x636F_6E63_6F72_6401])
        self._copy(ENTRY, self.entries(raised, at))

    def _copy(self, insert: str, rows: list[tuple[Any, ...]]) -> None:
        target = insert.removeprefix("INSERT INTO ")
        with self.raw.cursor().copy(f"COPY {target} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def write_next_steps(self, alerts: list[dict[str, Any]]) -> None:
        self.raw.execute(
            "UPDATE leads_clock SET next_step = r.s, next_step_at = r.a, sweep_error = ''"
            " FROM unnest(%s::bigint[], %s::smallint[], %s::timestamptz[]) AS r(c, s, a)"
            " WHERE id = r.c",
            [[one[key] for one in alerts] for key in ("clock", "position", "next")],
        )

    def tip(self) -> tuple[int, str]:
        newest = "SELECT seq, hash FROM ledger_entry ORDER BY seq DESC LIMIT 1"
        return self.raw.execute(newest).fetchone() or (0, "0" * 64)

    def key(self) -> Any:
        return uuid4()

    def instant(self, at: datetime | None) -> datetime | None:
        return at


def _aware(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"


def _next_hour(at: datetime) -> datetime:
    """The readers' zones are whole hours away from UTC."""
    return at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
