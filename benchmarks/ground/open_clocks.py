"""Many open clocks, made by the database itself; and a few of them that are due.

Four clocks stand on each offered handoff of one lead. What is open is due in the far
future. A wave takes clocks from all over the table and lets one of their steps come: the
first (the owner, in the portal) or the one at the due instant (the owner and the manager, in
the portal and by mail).
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from ground.company import BEGAN, SELLERS
from leads.models import Assignment, Clock, Handoff, Lead
from portal.accounts.models import Team, User
from sla.models import Version

OWED = ("accept", "first_attempt", "disposition", "complete_package")
FAR = BEGAN + timedelta(days=3_000)
LADDER = (
    ("warn", "before", -900, ["acting_owner"], ["in_app"], {}),
    ("due", "at", 0, ["acting_owner", "manager"], ["in_app", "mail"], {"manager": "hourly"}),
    ("after", "after", 14_400, ["manager"], ["in_app", "mail"], {}),
    ("heads", "after", 86_400, ["heads"], ["mail"], {"heads": "weekly"}),
)
FIRST_STEP, DUE_STEP = 0, 1
APART = timedelta(milliseconds=9)


def steps(due_at: datetime) -> list[dict[str, Any]]:
    """A clock's ladder as its row keeps it."""
    return [
        {"key": key, "level": level, "at": (due_at + timedelta(seconds=later)).isoformat(),
         "whom": whom, "channels": channels, "digest": digest}
        for key, level, later, whom, channels, digest in LADDER
    ]  # fmt: skip


class OpenClocks:
    """The open clocks 1 to `count` of a version's handoffs."""

    def __init__(self, version: Version) -> None:
        self.version, self.count, self.waves = version, 0, 0
        self.team = Team.objects.get(key="inside-sales")
        self.giving = Team.objects.get(key="demand-generation")
        sellers = User.objects.filter(team=self.team).order_by("pk")
        self.first_seller = sellers.values_list("pk", flat=True)[0]

    def grow(self, count: int) -> None:
        """Let there be `count`, a multiple of four, and tell the planner."""
        leads, clocks = (self.count // 4 + 1, count // 4), (self.count + 1, count)
        with hurrying():
            insert(Lead, leads, self._lead())
            insert(Handoff, leads, self._handoff())
            for team in (self.team, self.giving):
                insert(Assignment, leads, self._seat(team))
            insert(Clock, clocks, self._clock())
        self.count = count

    def let_be_due(
        self,
        number: int,
        at: datetime,
        *,
        instants: Sequence[datetime] = (),
        step: int = DUE_STEP,
    ) -> list[int]:
        """A wave of `number` clocks, whose step of this position comes one after the other
        in the seconds before `at`, or at these instants."""
        stride = self.count // number
        ids = [1 + self.waves % stride + i * stride for i in range(number)]
        self.waves += 1
        adapt = connection.ops.adapt_datetimefield_value
        rows = []
        for position, pk in enumerate(ids):
            comes = instants[position] if instants else at - position * APART
            due = comes - timedelta(seconds=LADDER[step][2])
            rows.append((adapt(due), json.dumps(steps(due)), step, adapt(comes), pk))
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM leads_alert WHERE clock_id IN ("
                           + ", ".join(map(str, ids)) + ")")  # fmt: skip
            cursor.executemany(
                "UPDATE leads_clock SET due_at = %s, steps = %s, next_step = %s,"
                " next_step_at = %s WHERE id = %s", rows,
            )  # fmt: skip
        return ids

    def _lead(self) -> dict[str, str]:
        return {
            "name": "'Lead ' || i", "email": "'lead' || i || '@example.test'",
            "email_key": "''", "stage": "'comparing'", "received_at": instant(BEGAN, "i"),
            "agreement_id": str(self.version.agreement_id), "attributes": "'{}'",
            "provenance": "'{}'", "imported": no(), "held": no(),
        }  # fmt: skip

    def _handoff(self) -> dict[str, str]:
        return {
            "lead_id": "i", "version_id": str(self.version.pk), "kind": "'to_inside_sales'",
            "state": "'offered'", "round": "1", "automatic": no(),
            "giver_team_id": str(self.giving.pk), "receiver_team_id": str(self.team.pk),
            "receiver_id": self._seller("i"), "first_offered_at": instant(BEGAN, "i"),
            "offered_at": instant(BEGAN, "i"), "evidence": "'[]'", "gaps": "'[]'",
            "why": "'[]'",
        }  # fmt: skip

    def _seat(self, team: Team) -> dict[str, str]:
        member = self._seller("i") if team == self.team else str(team.manager_id)
        return {
            "id": f"2 * i - {int(team == self.team)}", "lead_id": "i", "team_id": str(team.pk),
            "department_id": f"'{team.department_id}'", "member_id": member,
            "since": instant(BEGAN, "i"), "why": "'[]'",
        }  # fmt: skip

    def _clock(self) -> dict[str, str]:
        owed = " ".join(f"WHEN {position} THEN '{key}'" for position, key in enumerate(OWED))
        lead = "((i - 1) / 4 + 1)"
        return {
            "lead_id": lead, "handoff_id": lead, "version_id": str(self.version.pk),
            "obligation": f"CASE i % 4 {owed} END", "kind": f"CASE i % 4 {owed} END",
            "round": "1", "department_id": "'sales'", "team_id": str(self.team.pk),
            "owner_id": self._seller(lead), "owner_since": instant(BEGAN, lead),
            "calendar": "'berlin'", "target": "3600000000", "attempts_needed": "0",
            "attempts_made": "0", "started_at": instant(BEGAN, lead),
            "due_at": instant(FAR, "i"), "steps": _steps(), "next_step": "0",
            "next_step_at": instant(FAR, f"(i + {LADDER[0][2]})"), "paused": "0",
        }  # fmt: skip

    def _seller(self, number: str) -> str:
        return f"{self.first_seller} + {number} % {SELLERS}"


def settle() -> None:
    """Write out what earlier work left, so that nobody pays for it while being timed."""
    sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)" if sqlite else "CHECKPOINT")


def analyze() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")


# ---------- the same in both dialects ----------


def insert(model: Any, numbers: tuple[int, int], values: dict[str, str]) -> None:
    """One row for each number; columns that are not named hold an empty text, or nothing."""
    rest = {
        field.column: "''"
        for field in model._meta.local_concrete_fields
        if not field.null and not field.primary_key and field.column not in values
    }
    values = {"id": "i"} | values | rest
    first, last = numbers
    table, columns = model._meta.db_table, ", ".join(f'"{name}"' for name in values)
    insert = f"INSERT INTO {table} ({columns}) SELECT {', '.join(values.values())}"
    if connection.vendor == "sqlite":
        series = f"SELECT {first} UNION ALL SELECT i + 1 FROM n WHERE i < {last}"
        statement = f"WITH RECURSIVE n(i) AS ({series}) {insert} FROM n"
    else:
        statement = f"{insert} FROM generate_series({first}, {last}) AS n(i)"
    with connection.cursor() as cursor:
        cursor.execute(statement)


def instant(base: datetime, seconds: str) -> str:
    if connection.vendor == "sqlite":
        return f"datetime('{base:%Y-%m-%d %H:%M:%S}', printf('%+d seconds', {seconds}))"
    return f"timestamptz '{base:%Y-%m-%d %H:%M:%S}+00' + {seconds} * interval '1 second'"


def _steps() -> str:
    """The ladder of an open clock as JSON, with the instants of its own row."""
    text = "'" + json.dumps(steps(FAR)) + "'"
    for _key, _level, later, *_ in LADDER:
        at = instant(FAR, f"(i + {later})")
        shown = f"replace({at}, ' ', 'T') || '+00:00'"
        if connection.vendor == "postgresql":
            shown = f"""to_char(({at}) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"')"""
        text = f"replace({text}, '{(FAR + timedelta(seconds=later)).isoformat()}', {shown})"
    return text if connection.vendor == "sqlite" else f"({text})::jsonb"


def no() -> str:
    return "0" if connection.vendor == "sqlite" else "false"


@contextmanager
def hurrying() -> Iterator[None]:
    """Without a look at each foreign key, which would take longer than the rows."""
    sqlite = connection.vendor == "sqlite"
    before = ["PRAGMA foreign_keys = OFF"] if sqlite else [
        "SET session_replication_role = replica", "SET statement_timeout = 0"]  # fmt: skip
    after = ["PRAGMA foreign_keys = ON"] if sqlite else [
        "SET session_replication_role = origin", "RESET statement_timeout"]  # fmt: skip
    with connection.cursor() as cursor:
        for statement in before:
            cursor.execute(statement)
    yield
    analyze()
    with connection.cursor() as cursor:
        for statement in after:
            cursor.execute(statement)
