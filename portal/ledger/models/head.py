from django.db import models


class Head(models.Model):
    """A head of the chain that was shown outside: from then on nobody can rewrite what
    stands before it without being found out. `count` equals `seq` in a sound chain.
    """

    seq = models.PositiveBigIntegerField()
    hash = models.CharField(max_length=64)
    count = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    published_to = models.JSONField(default=list, blank=True)

    class Meta:
        db_table = "ledger_head"
        constraints = [
            models.UniqueConstraint(fields=["seq", "hash"], name="ledger_head_once"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.hash[:12]}"
