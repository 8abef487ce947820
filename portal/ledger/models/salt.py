import secrets
from collections.abc import Iterable
from itertools import groupby

from django.db import connection, models
from django.db.backends.utils import CursorWrapper

SALT_BYTES = 32
IDS = 500  # in one query; SQLite takes 999 variables

Owner = tuple[str, int]


class SaltQuerySet(models.QuerySet["Salt"]):
    def of(self, owner: Owner) -> "SaltQuerySet":
        return self.filter(owner_type=owner[0], owner_id=owner[1])

    def secrets_for(self, owners: Iterable[Owner]) -> dict[Owner, bytes]:
        """The salt of each owner, made where there is none yet.

        Call it with the chain locked: two writers never make a salt for the same lead.
        """
        wanted = sorted(set(owners))
        with connection.cursor() as cursor:
            found = _existing(cursor, wanted)
            unknown = [owner for owner in wanted if owner not in found]
            drawn = secrets.token_bytes(SALT_BYTES * len(unknown))  # one call for all
            fresh = {
                owner: drawn[n * SALT_BYTES : (n + 1) * SALT_BYTES]
                for n, owner in enumerate(unknown)
            }
            if fresh:
                cursor.executemany(_INSERT, [(*owner, salt) for owner, salt in fresh.items()])
        return found | fresh


# While the end of the chain is locked every writer waits: plain SQL is ten times the ORM.
_SELECT = "SELECT owner_id, secret FROM ledger_salt WHERE owner_type = %s AND owner_id IN"
_INSERT = "INSERT INTO ledger_salt (owner_type, owner_id, secret) VALUES (%s, %s, %s)"


def _existing(cursor: CursorWrapper, owners: list[Owner]) -> dict[Owner, bytes]:
    found: dict[Owner, bytes] = {}
    for kind, group in groupby(owners, key=lambda owner: owner[0]):
        ids = [pk for _, pk in group]
        for start in range(0, len(ids), IDS):
            some = ids[start : start + IDS]
            cursor.execute(f"{_SELECT} ({', '.join(['%s'] * len(some))})", [kind, *some])
            found |= {(kind, pk): bytes(secret) for pk, secret in cursor.fetchall()}
    return found


class Salt(models.Model):
    """The secret behind the commitments of one lead, or of one subject without a lead.

    Deleting the row is what erases: without it the commitments say nothing, and the
    chain stays whole. Back this table up apart, and for 30 days only.
    """

    owner_type = models.CharField(max_length=60)
    owner_id = models.PositiveBigIntegerField()
    secret = models.BinaryField(max_length=SALT_BYTES)

    objects = SaltQuerySet.as_manager()

    class Meta:
        db_table = "ledger_salt"
        constraints = [
            models.UniqueConstraint(
                fields=["owner_type", "owner_id"], name="ledger_salt_one_per_owner"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner_type} {self.owner_id}"
