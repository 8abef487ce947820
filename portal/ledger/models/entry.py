import json
from collections.abc import Iterator
from typing import Any

from django.db import connection, models
from django.db.backends.utils import CursorWrapper
from django.db.models.functions import Cast

from portal.ledger import chain
from portal.ledger.kinds import choices

PAGE = 5_000  # rows a walk along the chain reads at once
LOCK = 0x636F_6E63_6F72_6401  # any number that nothing else in the database locks by
COLUMNS = (
    "seq", "prev_hash", "hash", "at", "kind", "subject_type", "subject_id", "lead_id",
    "actor_id", "department", "team", "body",
)  # fmt: skip
# Asked while every other writer waits for the end of the chain, hence without the ORM.
_TIP = "SELECT seq, hash FROM ledger_entry ORDER BY seq DESC LIMIT 1"
# What `chain.instant` makes; spelling out three million datetimes in Python takes a minute.
_INSTANT = {
    "sqlite": "replace(at, ' ', 'T')"
    " || CASE length(at) WHEN 19 THEN '.000000Z' ELSE 'Z' END AS instant",
    "postgresql": "to_char(at AT TIME ZONE 'UTC',"
    """ 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS instant""",
}


class LedgerEntryQuerySet(models.QuerySet["LedgerEntry"]):
    def about(self, subject: tuple[str, int]) -> "LedgerEntryQuerySet":
        """Entries whose subject this is, oldest first."""
        return self.filter(subject_type=subject[0], subject_id=subject[1]).order_by("seq")

    def of_lead(self, lead_id: int) -> "LedgerEntryQuerySet":
        """Entries of a lead and of everything that belongs to it, oldest first."""
        return self.filter(lead_id=lead_id).order_by("seq")

    def with_document(self) -> "LedgerEntryQuerySet":
        """Adds `document`, so that a query can ask `document__clear__round=2`."""
        return self.annotate(document=Cast("body", models.JSONField()))

    def tip(self) -> tuple[int, str]:
        """Place and hash of the newest entry; (0, 64 zeros) of an empty ledger."""
        with connection.cursor() as cursor:
            cursor.execute(_TIP)
            return cursor.fetchone() or (0, chain.NO_HASH)

    def locked_tip(self) -> tuple[int, str]:
        """The tip, which nobody else can extend until this transaction ends.

        SQLite's transactions are IMMEDIATE here: each is the only writer already.
        """
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        return self.tip()

    def links(self) -> Iterator[chain.Link]:
        """The whole chain in order, PAGE rows at a time, for `chain.check`."""
        shown = {"at": _INSTANT[connection.vendor]}
        columns = ", ".join(shown.get(name, name) for name in COLUMNS)
        query = f"SELECT {columns} FROM ledger_entry WHERE seq > %s ORDER BY seq LIMIT {PAGE}"  # noqa: S608
        seq = -1
        with connection.cursor() as cursor:
            while page := self._page(cursor, query, seq):
                yield from chain.links(page)
                seq = page[-1][0]

    @staticmethod
    def _page(cursor: CursorWrapper, query: str, after: int) -> list[tuple[Any, ...]]:
        cursor.execute(query, [after])
        page: list[tuple[Any, ...]] = cursor.fetchall()
        return page


class LedgerEntry(models.Model):
    """One fact, chained to the fact before it. The database refuses to change or delete it.

    `body` is canonical JSON, stored as the very text that was hashed: `clear` holds ids,
    kinds, stages, instants and digests; `committed` holds, for each personal value, a
    commitment that says nothing once the salt of its lead is gone. `subject_id`,
    `lead_id` and `actor_id` are opaque: no row elsewhere is held by them.
    """

    seq = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=40, choices=choices)
    subject_type = models.CharField(max_length=60)
    subject_id = models.PositiveBigIntegerField()
    lead_id = models.PositiveBigIntegerField(null=True, blank=True)
    actor_id = models.PositiveBigIntegerField(null=True, blank=True)
    department = models.CharField(max_length=60, blank=True)
    team = models.CharField(max_length=60, blank=True)
    body = models.TextField()
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = LedgerEntryQuerySet.as_manager()

    class Meta:
        db_table = "ledger_entry"
        verbose_name_plural = "ledger entries"
        constraints = [
            models.CheckConstraint(condition=models.Q(seq__gte=1), name="ledger_from_one"),
        ]
        indexes = [
            # `about` reads the history of one row.
            models.Index(fields=["subject_type", "subject_id"], name="ledger_subject"),
            # `of_lead` reads the history of one lead.
            models.Index(
                fields=["lead_id"],
                condition=models.Q(lead_id__isnull=False),
                name="ledger_lead",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.kind} {self.subject_type} {self.subject_id}"

    @property
    def subject(self) -> tuple[str, int]:
        return self.subject_type, self.subject_id

    @property
    def clear(self) -> dict[str, Any]:
        """What the entry says openly."""
        values: dict[str, Any] = json.loads(self.body)["clear"]
        return values

    @property
    def committed(self) -> dict[str, str]:
        """Field -> commitment (64 hex digits) to its value."""
        values: dict[str, str] = json.loads(self.body)["committed"]
        return values

    @property
    def line(self) -> str:
        """The canonical JSON that was hashed."""
        return chain.line(
            self.seq, chain.instant(self.at), self.kind, *self.subject, self.lead_id,
            self.actor_id, self.department, self.team, self.body,
        )  # fmt: skip
