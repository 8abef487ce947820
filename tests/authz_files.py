"""Files in the company of the authorization matrix: one that was taken, one that waits."""

from datetime import datetime
from typing import Any

from leads.actions.imports.files import brought, uploads
from portal.accounts.models import User
from portal.jobs import runner

TEXT = b"Id,Name\n1,Ana\n,\n"
MAPPING = {"source": "crm", "columns": {"Id": "external_id", "Name": "name"}}

Objects = dict[str, Any]


def brought_files(by: User, *, at: datetime) -> tuple[Objects, dict[str, Objects]]:
    """Ids for any address, and those for addresses that need their own."""
    taken, waiting = (
        uploads.keep(name="leads.csv", blocks=[TEXT], by=by, at=at) for _ in range(2)
    )
    brought.map_and_rehearse(upload_id=taken.pk, mapping=MAPPING, by=by, at=at)
    runner.run_all(now=lambda: at)
    job = brought.take(upload_id=taken.pk, by=by, at=at)
    runner.run_all(now=lambda: at)
    rest = brought.map_and_rehearse(upload_id=waiting.pk, mapping=MAPPING, by=by, at=at)
    found = {
        "<int:upload_id>": taken.pk,
        "<int:run_id>": job.arguments["run"],
        "<int:job_id>": rest.pk,
        "<str:kind>": "csv",
    }
    return found, {
        "imports/files/<int:upload_id>/remove/": {"<int:upload_id>": waiting.pk},
    }
