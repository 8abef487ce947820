"""A sweep of the shape that healthchecks' `sendalerts` has, written anew from its description.

It takes the first overdue row, marks it by a conditional UPDATE, inserts one row that says
so, and begins again: through Django's ORM, each statement a transaction of its own. Its
index holds only rows that are not down, so that it costs the same however many there are.
Nobody is told, and nothing is chained.
"""

from datetime import datetime, timedelta

from django.db import connection, models


class Check(models.Model):
    """Something that should be heard of before `alert_after`."""

    status = models.CharField(max_length=16, default="up")
    alert_after = models.DateTimeField(null=True)

    class Meta:
        app_label = "peers"
        indexes = [
            models.Index(
                fields=["alert_after"], condition=~models.Q(status="down"), name="check_waits"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.status}"


class Flip(models.Model):
    """One change of a check's status."""

    owner = models.ForeignKey(Check, models.CASCADE)
    created = models.DateTimeField()
    processed = models.DateTimeField(null=True, db_index=True)
    old_status = models.CharField(max_length=8)
    new_status = models.CharField(max_length=8)

    class Meta:
        app_label = "peers"

    def __str__(self) -> str:
        return f"{self.owner_id} went {self.new_status}"


def prepare(count: int, far: datetime) -> None:
    """The two tables, and `count` checks that wait until `far`."""
    with connection.schema_editor() as editor:
        for model in (Check, Flip):
            editor.create_model(model)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(
            "INSERT INTO peers_check (status, alert_after)"
            " SELECT 'up', %s FROM generate_series(1, %s)", [far, count],
        )  # fmt: skip
        cursor.execute("VACUUM ANALYZE peers_check")
        cursor.execute("RESET statement_timeout")


def clear() -> None:
    with connection.schema_editor() as editor:
        for model in (Flip, Check):
            editor.delete_model(model)


def let_be_due(ids: list[int], at: datetime) -> None:
    for position, pk in enumerate(ids):
        due = at - timedelta(milliseconds=9 * (position + 1))
        Check.objects.filter(pk=pk).update(status="up", alert_after=due)


def sweep(at: datetime) -> int:
    """Mark what is overdue at `at`, one after the other; return how many."""
    done = 0
    while _handle_one(at):
        done += 1
    return done


def _handle_one(at: datetime) -> bool:
    overdue = Check.objects.filter(alert_after__lt=at).exclude(status="down")
    check = overdue.order_by("alert_after").first()
    if check is None:
        return False
    same = Check.objects.filter(pk=check.pk, status=check.status)
    if same.update(status="down", alert_after=None):
        Flip.objects.create(
            owner=check, created=check.alert_after, old_status=check.status, new_status="down"
        )
    return True
