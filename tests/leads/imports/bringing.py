"""What the tests of files share: a company that takes leads in, and the steps of a person
who brings a file."""

import csv
import re
from html import unescape
from io import BytesIO, StringIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from leads.actions.imports.files import brought, uploads
from leads.models import ImportRun, Upload
from portal.jobs import runner
from tests.factories import MONDAY_NINE, make_agreement, make_operations, make_team, make_user

MAPPING = {
    "source": "crm",
    "columns": {
        "Id": "external_id", "Name": "name", "Email": "email", "Company": "company_name",
        "Score": "score", "Seen": "arrived", "Owner": "owner", "Stage": "stage",
    },
}  # fmt: skip
HEADER = list(MAPPING["columns"])


def make_company():
    """Teams with two members of Marketing, an agreement in force, and who imports."""
    make_agreement()
    for team in ("demand-generation", "inside-sales", "outside-sales"):
        make_team(team)
    for name in ("Mia", "Max"):
        make_user(name, team="demand-generation", email=f"{name.lower()}@concord.test")
    return make_operations("Olga")


def table(*rows, header=HEADER):
    """Rows, each a dict or a list, as the bytes of a CSV file."""
    out = StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(header)
    for row in rows:
        one = [row.get(name, "") for name in header] if isinstance(row, dict) else row
        writer.writerow(one)
    return out.getvalue().encode()


def workbook(*rows):
    """Rows as the bytes of an XLSX file."""
    book, out = Workbook(), BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def bring(body, by, *, name="leads.csv", at=MONDAY_NINE):
    return uploads.keep(name=name, blocks=[body], by=by, at=at)


def work(at=MONDAY_NINE):
    runner.run_all(now=lambda: at)


def rehearse(upload, by, *, mapping=MAPPING, at=MONDAY_NINE):
    """Map and rehearse a file; return what would come of it."""
    job = brought.map_and_rehearse(upload_id=upload.pk, mapping=mapping, by=by, at=at)
    work(at)
    job.refresh_from_db()
    assert (job.state, job.error) == ("done", "")
    upload.refresh_from_db()
    return upload.rehearsal


def take(upload, by, *, at=MONDAY_NINE):
    """Take a rehearsed file; return its run."""
    job = brought.take(upload_id=upload.pk, by=by, at=at)
    work(at)
    job.refresh_from_db()
    assert (job.state, job.error) == ("done", "")
    return ImportRun.objects.get(pk=job.arguments["run"])


def figures(run):
    return {
        name: getattr(run, name)
        for name in ("new", "updated", "duplicate", "rejected")
        if getattr(run, name)
    }


# --- by the pages


def send(client, body, name="leads.csv"):
    return client.post(reverse("leads:imports"), {"file": SimpleUploadedFile(name, body)})


def fields(page):
    """What the form of a page would send as it stands."""
    html, sent = page.content.decode(), {}
    for name, options in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', html, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        sent[name] = unescape(chosen[1]) if chosen else ""
    for one in re.findall(r'<input type="text"[^>]*>', html):
        value = re.search(r'value="([^"]*)"', one)
        sent[re.search(r'name="([^"]+)"', one)[1]] = unescape(value[1]) if value else ""
    boxes = re.findall(r'<input type="checkbox" name="missing" value="([^"]*)"[^>]*chec', html)
    return sent | ({"missing": [unescape(word) for word in boxes]} if boxes else {})


def bring_and_rehearse(client, body, **changes):
    """Send a file, map it as suggested but for `changes`, and rehearse it."""
    led = send(client, body)
    assert led.status_code == 302, led.content.decode()
    page = client.get(led.headers["Location"])
    sent = fields(page) | {"source": "crm"} | changes
    job = client.post(led.headers["Location"], sent)
    assert job.status_code == 302, job.content.decode()
    work()
    return Upload.objects.latest("pk"), client.get(job.headers["Location"], follow=True)


def through_the_pages(client, body, **changes):
    """From the file to its report, by the pages alone: the dry run's counts and the run."""
    upload, _ = bring_and_rehearse(client, body, **changes)
    job = client.post(reverse("leads:import-check", args=[upload.pk]))
    work()
    report = client.get(job.headers["Location"], follow=True)
    assert report.status_code == 200
    return upload.rehearsal["counts"], ImportRun.objects.latest("pk")
