"""Whatever stands in a text, through whatever door: it is kept clean or refused with its
field named, and is a fault nowhere."""

import json
import zipfile
from datetime import timedelta
from io import BytesIO
from urllib.parse import urlencode
from xml.sax.saxutils import escape

import pytest
from django.core import mail as post_office
from django.test import Client
from django.urls import reverse

from leads.errors import FileRefused
from leads.models import Lead
from portal.accounts.models import Role, Scope, Team, User
from portal.demo import setup
from tests.factories import MONDAY_NINE, PASSWORD, make_agreement, make_team, make_user
from tests.leads.api.programs import ALL
from tests.leads.doors.soup import SOUP, is_clean
from tests.leads.events.sources import make_source, post
from tests.leads.imports.bringing import bring, make_company, rehearse, table, take, workbook
from tests.portal.scim.directory import Directory, token_of
from tests.sla.programs import DAY, a_token

NOW = MONDAY_NINE + timedelta(minutes=20)
pytestmark = [pytest.mark.django_db, pytest.mark.now(NOW)]
IN_FILES = {"source": "crm", "columns": {"Id": "external_id", "Name": "name", "Email": "email"}}
HEADER = list(IN_FILES["columns"])
Refused = dict[str, str]


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"


def address(name):
    return f"{name}@acme.example"


def posted(client, url, body):
    """As a browser that has lost its mind: bytes that are no text."""
    kind = "application/x-www-form-urlencoded"
    return client.post(url, urlencode(body, doseq=True), content_type=kind)


def people():
    make_agreement()
    for team in ("demand-generation", "inside-sales", "outside-sales"):
        make_team(team)


def form() -> Refused:
    people()
    client = Client(raise_request_exception=True)
    client.force_login(make_user(team="demand-generation"))
    refused = {}
    for name, (said, _) in SOUP.items():
        body = {"name": said.encode("utf-8", "surrogatepass"), "email": address(name)}
        body["source"] = said[:60].encode("utf-8", "surrogatepass")
        answer = posted(client, reverse("leads:lead-new"), body)
        if answer.status_code != 302:
            assert answer.status_code == 422
            refused[name] = " ".join(answer.context["form"].errors)
    return refused


def api() -> Refused:
    people()
    token = a_token(make_user(team=None, role=Role.OPERATIONS), *ALL, at=NOW - DAY)[1]
    refused = {}
    for name, (said, _) in SOUP.items():
        body = {"name": said, "email": address(name), "attributes": {"note": said[:100]}}
        answer = Client().post(
            "/api/v1/leads", json.dumps(body), "application/json",
            headers={"Authorization": f"Bearer {token}"},
        )  # fmt: skip
        if answer.status_code not in (200, 201):
            assert answer.status_code == 422
            refused[name] = answer.json()["errors"][0]["path"]
    return refused


def webhook() -> Refused:
    people()
    make_source("web", kind="generic")
    refused = {}
    for name, (said, _) in SOUP.items():
        body = {"event": "lead", "id": name, "lead": {"name": said, "email": address(name)}}
        answer = post(body | {"campaign": said}, at=NOW, source="web")
        assert answer.status_code == 200, answer.content
        if answer.json()["events"][0]["state"] != "done":
            refused[name] = answer.json()["events"][0]["path"]
    return refused


def csv() -> Refused:
    """NUL refuses the file as a whole; half of a pair makes it another encoding's."""
    by = make_company()
    rows = [[name, said, address(name)] for name, (said, _) in SOUP.items()]
    with pytest.raises(FileRefused, match="NUL"):
        bring(table(rows[0], header=HEADER), by)
    return _taken(table(*rows[2:], header=HEADER), "soup.csv", by)


def xlsx() -> Refused:
    """What XML cannot hold is no workbook; the rest is put where openpyxl would not."""
    by = make_company()
    book = workbook(HEADER, *([name, f"@{name}@", address(name)] for name in [*SOUP][2:]))
    with pytest.raises(FileRefused):
        rehearse(bring(_stuffed(book, {"override": "\x00"}), by, name="nul.xlsx"), by)
    said = {name: said for name, (said, _) in SOUP.items()}
    return _taken(_stuffed(book, said), "soup.xlsx", by)


def _stuffed(book, texts):
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(book)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.namelist():
            body = old.read(part)
            for name, said in texts.items():
                xml = escape(said).encode("utf-8", "surrogatepass")
                body = body.replace(f"@{name}@".encode(), xml)
            new.writestr(part, body)
    return out.getvalue()


def _taken(body, name, by) -> Refused:
    upload = bring(body, by, name=name)
    told = rehearse(upload, by, mapping=IN_FILES)
    run = take(upload, by)
    assert run.new + run.rejected == sum(told["counts"].values()) == len(SOUP) - 2
    names = [*SOUP][2:]
    refused = {names[line - 2]: column for line, column, _ in told["worst"]}
    return refused | dict.fromkeys(("nul", "surrogate"), "the file")


def admin() -> Refused:
    boss = make_user("Su Per", team=None, role=Role.ADMIN, is_staff=True, is_superuser=True)
    client = Client(raise_request_exception=True)
    client.force_login(boss)
    refused = {}
    for name, (said, _) in SOUP.items():
        one = make_user(email=address(name))
        url = reverse("admin:accounts_user_change", args=[one.pk])
        shown = client.get(url).context["adminform"].form.initial
        body = {key: value for key, value in shown.items() if value not in (None, False)}
        body |= {"name": said.encode("utf-8", "surrogatepass")}
        answer = posted(client, url, body)
        if answer.status_code != 302:
            refused[name] = " ".join(answer.context["adminform"].form.errors)
    return refused


def scim() -> Refused:
    boss = make_user("Ada Admin", team=None, role=Role.ADMIN, is_staff=True)
    directory, refused = Directory(token_of(boss, Scope.DIRECTORY)), {}
    for name, (said, _) in SOUP.items():
        answer = directory.make(address(name), displayName=said, title=said, externalId=name)
        if answer.status_code != 201:
            assert answer.status_code == 400
            refused[name] = answer.json()["detail"]
    return refused


def invitations() -> Refused:
    client = Client(raise_request_exception=True)
    token = setup.issue_link(at=MONDAY_NINE)
    who = {"name": "Olga", "email": "olga@acme.example", "password": PASSWORD}
    client.post("/setup/first/", {**who, "link": token, "operates": "on"})
    make_team("inside-sales")
    refused = {}
    for name, (said, _) in SOUP.items():
        cell = said.replace("\r\n", " ").encode("utf-8", "surrogatepass")
        row = cell + f"\t{address(name)}\t{Team.objects.first().name}".encode()
        answer = posted(client, "/setup/people/", {"text": row, "do": "add"})
        if not User.objects.filter(email=address(name)).exists():
            refused[name] = " ".join(answer.context["form"].errors)
    client.post("/setup/invitations/", {"who": "all", "do": "mail"})
    assert post_office.outbox
    for sent in post_office.outbox:
        assert sent.message().as_bytes()
        assert is_clean(sent.to[0])
        assert list(sent.message().keys()).count("Bcc") == 0
    return refused


DOORS = {
    form: "name", api: "name", webhook: "name", csv: "Name", xlsx: "Name", admin: "name",
    scim: "displayname", invitations: "text",
}  # fmt: skip
"""Each door, and what it calls the field when it refuses."""


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_no_text_is_kept_damaged_or_is_a_fault_at_any_door(door):
    refused = door()

    kept = dict(User.objects.values_list("email", "name"))
    kept |= dict(Lead.objects.values_list("email", "name"))
    for name, (_, clean) in SOUP.items():
        if name in refused:
            assert DOORS[door] in refused[name] or refused[name] == "the file", refused[name]
            continue
        assert is_clean(kept[address(name)]), (name, kept[address(name)])
        told = [clean, clean.replace(" Lima", "\ufffd\ufffd\ufffd Lima")] if clean else []
        assert kept[address(name)] in told or clean is None, (name, kept[address(name)])
    for text in Lead.objects.values_list("source", "campaign", "attributes"):
        assert all(is_clean(one) for one in (*text[:2], *text[2].values()))
