"""Bare rows from a file by the ORM and by django-import-export, each as fast as its manual
knows how: rows of one table with a unique address, no company, no seat, no ledger."""

import csv
from pathlib import Path
from typing import Any

from django.db import connection, models, transaction
from django.utils.dateparse import parse_datetime

SOME = 2_000
INSTANT = "%Y-%m-%dT%H:%M:%SZ"


class Row(models.Model):
    """One person, as a table holds them who knows of nothing else."""

    email = models.CharField(max_length=254, unique=True)
    name = models.CharField(max_length=200)
    company = models.CharField(max_length=200)
    status = models.CharField(max_length=20)
    owner = models.IntegerField()
    score = models.IntegerField()
    source = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()

    class Meta:
        app_label = "peers"
        indexes = [models.Index(fields=["status", "created_at"], name="peer_row_listed")]

    def __str__(self) -> str:
        return self.email


COLUMNS = tuple(field.attname for field in Row._meta.concrete_fields)[1:]
HEADERS = ("Email", "Name", "Company", "Status", "Owner", "Score", "Source", "Created", "Due")


def prepare() -> None:
    with connection.schema_editor() as editor:
        editor.create_model(Row)


def clear() -> None:
    with connection.schema_editor() as editor:
        editor.delete_model(Row)


def empty() -> None:
    """An empty table, and nothing left to write of the one before."""
    Row.objects.all().delete()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            cursor.execute(f"VACUUM {Row._meta.db_table}")


def bulk_create(path: Path) -> int:
    """A reader of dicts, a set of addresses, `bulk_create` that leaves out who is there."""
    seen: set[str] = set()
    some: list[Row] = []
    with transaction.atomic(), path.open(encoding="utf-8", newline="") as file:
        for said in csv.DictReader(file):
            email = said["Email"].lower()
            if email in seen:
                continue
            seen.add(email)
            some.append(_row(email, said))
            if len(some) == SOME:
                Row.objects.bulk_create(some, ignore_conflicts=True)
                some = []
        Row.objects.bulk_create(some, ignore_conflicts=True)
    return len(seen)


def _row(email: str, said: dict[str, str]) -> Row:
    return Row(
        email=email, name=said["Name"], company=said["Company"], status=said["Status"],
        owner=int(said["Owner"]), score=int(said["Score"]), source=said["Source"],
        created_at=parse_datetime(said["Created"]), due_at=parse_datetime(said["Due"]),
    )  # fmt: skip


def tuned_bulk(path: Path) -> int:
    """django-import-export with all that its manual says makes it fast."""
    import tablib

    data = tablib.Dataset().load(path.read_text(encoding="utf-8"), format="csv")
    result = _resource().import_data(data, dry_run=False, raise_errors=True)
    return int(result.totals["new"])


def _resource() -> Any:
    from import_export import fields, instance_loaders, resources, widgets

    class Rows(resources.ModelResource):
        def before_import_row(self, row: Any, **kwargs: Any) -> None:
            row["Email"] = row["Email"].lower()

        class Meta:
            model = Row
            fields = COLUMNS
            import_id_fields = ("email",)
            use_bulk = True
            batch_size = 1_000
            skip_diff = True
            report_skipped = False
            use_transactions = True
            instance_loader_class = instance_loaders.CachedInstanceLoader

    resource = Rows()
    instant = widgets.DateTimeWidget(INSTANT)
    for name, header in zip(COLUMNS, HEADERS, strict=True):
        widget = {"widget": instant} if name.endswith("_at") else {}
        kept = resource.fields[name].widget
        resource.fields[name] = fields.Field(name, header, **({"widget": kept} | widget))
    return resource
