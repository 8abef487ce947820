from django.db import models


class ImportSlice(models.Model):
    """What became of some records of an import, in the order of the file.

    `outcomes`: for each record its line, its outcome, the lead, and for a refused one the
    column and the reason. `before`: for each lead that was updated, what it was before, as
    long as the import can be taken back. `position` is how many records lie before it: two
    slices of one import never begin at the same record.
    """

    run = models.ForeignKey("leads.ImportRun", models.PROTECT, related_name="slices")
    position = models.PositiveBigIntegerField()
    outcomes = models.JSONField(default=list)
    before = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["run", "position"], name="slice_once_per_run"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} from {self.position}"
