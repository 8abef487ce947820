import secrets
from collections.abc import Iterable
from itertools import groupby

from django.db import models

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
        found = self._existing(wanted)
        fresh = [
            Salt(owner_type=kind, owner_id=pk, secret=secrets.token_bytes(SALT_BYTES))
            for kind, pk in wanted
            if (kind, pk) not in found
        ]
        self.bulk_create(fresh, batch_size=IDS)
        return found | {(salt.owner_type, salt.owner_id): bytes(salt.secret) for salt in fresh}

    def _existing(self, owners: list[Owner]) -> dict[Owner, bytes]:
        found: dict[Owner, bytes] = {}
        for kind, group in groupby(owners, key=lambda owner: owner[0]):
            ids = [pk for _, pk in group]
            for start in range(0, len(ids), IDS):
                some = self.filter(owner_type=kind, owner_id__in=ids[start : start + IDS])
                rows = some.values_list("owner_id", "secret")
                found |= {(kind, pk): bytes(secret) for pk, secret in rows}
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
