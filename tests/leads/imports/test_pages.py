"""The pages of an import: a person brings a file, says what it means, looks, takes it."""

import csv
from io import StringIO

import pytest
from django.urls import reverse

from leads.models import ImportRun, Lead, SavedMapping, Upload
from portal.jobs.models import Job
from sla.models import Version
from tests.factories import MONDAY_NINE, make_user
from tests.leads.imports.bringing import (
    HEADER,
    bring_and_rehearse,
    fields,
    make_company,
    send,
    table,
    work,
)

pytestmark = [pytest.mark.django_db, pytest.mark.now(MONDAY_NINE)]
PEOPLE = table(
    {"Id": "1", "Name": "Ana", "Email": "ana@acme.example", "Seen": "2026-02-27"},
    {"Id": "2", "Name": "Ben", "Email": "ben@brick.example", "Score": "many"},
    ["3", "Cat", "x"],
    {"Id": "4", "Name": "=cmd()", "Owner": "gone@acme.example"},
)


@pytest.fixture
def operator(client):
    person = make_company()
    client.force_login(person)
    return person


def test_a_file_goes_from_the_form_to_its_report(client, operator):
    upload, check = bring_and_rehearse(client, PEOPLE)
    shown = check.content.decode()
    assert check.redirect_chain[-1][0] == reverse("leads:import-check", args=[upload.pk])
    assert "has 3 fields, the header has 8" in shown
    assert "&#x27;many&#x27; is not a whole number" in shown
    assert "gone@acme.example (1)" in shown
    assert Lead.objects.count() == 0

    job = client.post(reverse("leads:import-check", args=[upload.pk]))
    work()
    report = client.get(job.headers["Location"], follow=True).content.decode()

    run = ImportRun.objects.get()
    assert (run.records, run.new, run.rejected) == (4, 2, 2)
    assert "4 records, all of them accounted for" in report
    refused = client.get(reverse("leads:import-refused", args=[run.pk]))
    rows = list(csv.reader(StringIO(b"".join(refused).decode("utf-8-sig"))))
    assert rows[0][: len(HEADER)] == HEADER
    assert rows[1][1] == "Ben"
    assert rows[1][len(HEADER) :][:2] == ["3", "Score"]
    assert rows[2][-1] == "3 | Cat | x"
    every = client.get(reverse("leads:import-records", args=[run.pk, "csv"]))
    lines = list(csv.reader(StringIO(b"".join(every).decode("utf-8-sig"))))
    assert [row[:2] for row in lines[1:]] == [
        ["2", "new"], ["3", "rejected"], ["4", "rejected"], ["5", "new"],
    ]  # fmt: skip


def test_the_refused_are_mended_and_sent_again_and_nothing_is_doubled(client, operator):
    upload, _ = bring_and_rehearse(client, PEOPLE)
    client.post(reverse("leads:import-check", args=[upload.pk]))
    work()
    run = ImportRun.objects.get()
    refused = b"".join(client.get(reverse("leads:import-refused", args=[run.pk])))
    Upload.objects.filter(pk=upload.pk).delete()

    upload, _ = bring_and_rehearse(client, refused.replace(b"many", b"7"))

    assert upload.rehearsal["counts"] == {"new": 1, "rejected": 1}


def test_the_mapping_is_suggested_changed_and_kept_by_name(client, operator):
    upload, _ = bring_and_rehearse(client, PEOPLE, save_as="Our CRM", to_4="attributes.score")

    columns = upload.mapping["columns"]
    assert columns["Email"] == "email"
    assert columns["Score"] == "attributes.score"
    assert columns["Seen"] == "arrived"
    assert SavedMapping.objects.get().name == "Our CRM"
    page = client.get(reverse("leads:import-map", args=[upload.pk]) + "?kept=Our+CRM")
    assert fields(page)["to_4"] == "attributes.score"


def test_a_header_of_hubspot_is_known_with_its_old_words(client, operator):
    header = ["Record ID", "Email", "Lifecycle Stage", "Contact owner",
              "Became a Marketing Qualified Lead Date"]  # fmt: skip
    body = table(["1", "a@acme.example", "MQL", "Mia", "2026-02-03"], header=header)

    upload, _ = bring_and_rehearse(client, body)

    assert upload.mapping["columns"] == {
        "Record ID": "external_id",
        "Email": "email",
        "Lifecycle Stage": "stage",
        "Contact owner": "owner",
        "Became a Marketing Qualified Lead Date": "entered.comparing",
    }
    page = client.get(reverse("leads:import-map", args=[upload.pk])).content.decode()
    assert "as in HubSpot contacts" in page
    assert "(MQL)" in page


def test_what_is_wrong_is_said_and_nothing_is_kept(client, operator):
    response = send(client, b"PK\x03\x04 no workbook", name="leads.xlsx")
    assert response.status_code == 422
    assert "no workbook" in response.content.decode()
    assert client.post(reverse("leads:imports")).status_code == 422
    assert not Upload.objects.exists()

    led = send(client, PEOPLE).headers["Location"]
    page = client.post(led, {"source": "crm", "zone": "Mars/Base", "to_0": "external_id"})
    assert page.status_code == 422
    assert "Mars/Base" in page.content.decode()
    page = client.post(led, {"source": "crm", "zone": "UTC", "to_0": "name", "to_1": "name"})
    assert "told by two columns" in page.content.decode()
    assert not Job.objects.exists()


def test_dates_that_could_be_either_way_are_asked_for(client, operator):
    body = table(["1", "01/02/2026"], ["2", "03/04/2026"], header=["Id", "Created"])
    led = send(client, body).headers["Location"]
    sent = fields(client.get(led)) | {"source": "crm"}

    refused = client.post(led, sent)
    assert "could be either way round" in refused.content.decode()

    assert client.post(led, sent | {"order_1": "dmy"}).status_code == 302


def test_a_file_over_the_limit_is_said_to_be_missing_and_stored_nowhere(
    client, operator, monkeypatch
):
    monkeypatch.setattr("portal.spreadsheet.quota.MOST", 100)
    response = send(client, PEOPLE)

    assert response.status_code == 422
    assert "20 MB" in response.content.decode()


def test_an_import_is_taken_back_by_its_button(client, operator):
    upload, _ = bring_and_rehearse(client, PEOPLE)
    client.post(reverse("leads:import-check", args=[upload.pk]))
    work()
    run = ImportRun.objects.get()

    job = client.post(reverse("leads:import-undo", args=[run.pk]))
    work()
    report = client.get(job.headers["Location"], follow=True).content.decode()

    assert "2 new leads are gone" in report
    assert not Lead.objects.exists()


def test_leads_that_wait_are_looked_at_and_go_live(client, operator):
    make_user("Sam", team="inside-sales")
    upload, _ = bring_and_rehearse(client, PEOPLE)
    client.post(reverse("leads:import-check", args=[upload.pk]))
    work()
    live = reverse("leads:import-live")

    page = client.get(f"{live}?since=2026-01-01&limit=1").content.decode()
    assert "2 open leads wait" in page
    assert "1 lead of 2 would go live" in page
    assert Lead.objects.filter(held=True).count() == 2

    client.post(live, {"since": "2026-01-01", "limit": "1"})
    assert Lead.objects.get(held=False).name == "Ana"
    assert client.post(live, {"since": "soon", "limit": "1"}).status_code == 422


def test_nothing_goes_live_before_something_is_in_force_and_the_page_says_so(client, operator):
    upload, _ = bring_and_rehearse(client, PEOPLE)
    client.post(reverse("leads:import-check", args=[upload.pk]))
    work()
    Version.objects.update(state="proposed", effective_from=None, signed_at=None)
    live = reverse("leads:import-live")

    refused = client.post(live, {"since": "2026-01-01", "limit": "1"})

    assert "Nothing is in force yet" in client.get(live).text
    assert (refused.status_code, Lead.objects.filter(held=False).count()) == (409, 0)
    assert "both departments have to sign first" in refused.text


def test_a_member_of_a_department_does_not_see_them(client):
    client.force_login(make_user())

    for name in ("imports", "import-live"):
        assert client.get(reverse(f"leads:{name}")).status_code == 404


def test_each_page_asks_the_database_little(client, operator, django_assert_max_num_queries):
    upload, _ = bring_and_rehearse(client, PEOPLE)
    client.post(reverse("leads:import-check", args=[upload.pk]))
    work()
    pages = [
        reverse("leads:imports"), reverse("leads:import-map", args=[upload.pk]),
        reverse("leads:import-check", args=[upload.pk]),
        reverse("leads:import", args=[ImportRun.objects.get().pk]),
        reverse("leads:import-live"),
    ]  # fmt: skip
    for page in pages:
        client.get(page)
        with django_assert_max_num_queries(12):
            assert client.get(page).status_code == 200
