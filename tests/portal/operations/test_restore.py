"""A drill: dumped under load, destroyed, restored in hold mode, let go on; nothing is sent
twice, and what is lost is named by its number in the ledger."""

import json
import tarfile
from datetime import timedelta
from io import StringIO
from threading import Event, Thread

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection, connections

from leads.actions import intake
from leads.actions.sweeping import holding, sweep
from leads.models import Alert, Lead
from leads.reports.audit import audit
from portal import ledger, wallclock
from portal.ledger.models import LedgerEntry
from portal.notifications import outbox
from portal.notifications.models import Delivery
from portal.operations import backup
from portal.operations.doctor import CHECKS, Level
from tests.factories import MONDAY_NINE, make_operations, make_user, make_version
from tests.leads.clockwork import a_clock
from tests.portal.endpoints import tell

pytestmark = pytest.mark.django_db(transaction=True)
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
BACKED_UP, DESTROYED = MONDAY_NINE + HOUR, MONDAY_NINE + 2 * HOUR
RESTORED = MONDAY_NINE + 3 * HOUR


def arrive(number, at):
    arrival = intake.Arrival(name=f"Lead {number}", email=f"l{number}@x.test", source="drill")
    intake.receive(arrival=arrival, at=at)


class Load:
    """Leads come in, as fast as they can, while the block runs."""

    def __init__(self, at):
        self.at, self.enough, self.came = at, Event(), 0
        self.some = Event()
        self.thread = Thread(target=self._run)

    def _run(self):
        while not self.enough.is_set():
            self.came += 1
            arrive(1000 + self.came, self.at)
            if self.came >= 3:
                self.some.set()
        connections.close_all()

    def __enter__(self):
        self.thread.start()
        assert self.some.wait(60)
        return self

    def __exit__(self, *_):
        self.enough.set()
        self.thread.join()


def restore(file, *options, at=RESTORED):
    out = StringIO()
    with time_machine.travel(at, tick=False):
        call_command("restore", str(file), *options, stdout=out)
    return out.getvalue()


def broken(at):
    """The invariants that rows break; those that a test made by hand do."""
    return {finding.key for finding in audit(at) if not finding.holds}


def the_day(company):
    """A morning before the backup, and an hour after it; return the backup and its head."""
    make_version()
    make_user()
    make_user(team="outside-sales")
    make_operations()
    first = a_clock()
    told = make_user("Told")
    tell(told, about="alert:1", channels=("mail",), at=MONDAY_NINE)
    assert outbox.deliver_due(at=MONDAY_NINE + SECOND) >= 1
    tell(told, about="alert:2", channels=("mail",), at=BACKED_UP)  # it waits in the backup
    with Load(BACKED_UP) as load:
        file, made = backup.write(company.folder / "backups", at=BACKED_UP)
    assert load.came >= 3
    outbox.deliver_due(at=BACKED_UP + SECOND)  # and leaves after it
    arrive(1, DESTROYED)
    sweep.raise_all(at=DESTROYED)
    outbox.deliver_due(at=DESTROYED)
    ledger.publish_head(at=DESTROYED)
    assert Alert.objects.filter(clock=first).exists()
    return file, made


def test_a_company_comes_back_held_and_nothing_leaves_twice(company):
    file, made = the_day(company)
    before, (last, _) = company.sent(), ledger.tip()
    held_before = broken(DESTROYED)
    upload = company.settings.FILES_DIR / "upload"
    company.destroy()

    said = restore(file)

    assert f"Restored: {BACKED_UP.isoformat()}, ledger entries 1 to {made.seq}." in said
    # The head that was published is the last but its own entry.
    assert f"Ledger entries {made.seq + 1} to {last - 1} are lost." in said
    entry = LedgerEntry.objects.get(kind="restored")
    assert (entry.clear["lost_from"], entry.clear["lost_to"]) == (made.seq + 1, last - 1)
    assert not upload.exists()
    assert not Lead.objects.filter(name="Lead 1").exists()
    # Held: clocks are not checked, and nothing leaves, however long.
    for at in (RESTORED, RESTORED + 24 * HOUR):
        assert not sweep.by_the_clock(at=at, by="drill")
        assert outbox.deliver_due(at=at) == 0
    assert company.sent() == before
    assert CHECKS["sweep"](RESTORED).level is Level.WRONG
    # What waited may have left: it is given up in the open, and operations is told.
    waited = Delivery.objects.get(about="alert:2", channel="mail")
    assert (waited.state, waited.last_error[:17]) == ("dead", "a backup was rest")
    assert Delivery.objects.in_app().filter(about__startswith="hold:restored").exists()

    holding.confirm(at=RESTORED + HOUR, by=None)
    sweep.by_the_clock(at=RESTORED + HOUR, by="drill")
    outbox.deliver_due(at=RESTORED + HOUR)

    assert Alert.objects.exists()
    assert set(company.sent().values()) == {1}
    assert company.sent().keys() >= before.keys()
    call_command("verify_ledger", stdout=StringIO())
    assert broken(RESTORED + HOUR) == held_before


def test_an_export_that_is_newer_says_what_is_lost(company):
    file, made = the_day(company)
    export = company.folder / "export.jsonl"
    call_command("export_ledger", str(export), stdout=StringIO())
    last, _ = ledger.tip()
    company.destroy()

    said = restore(file, "--ledger", str(export))

    assert f"Ledger entries {made.seq + 1} to {last} are lost: " in said
    assert "lead_arrived" in said
    assert "0 leads erased again" in said


def test_heads_of_what_is_lost_are_put_aside_and_stay_on_the_record(company):
    file, made = the_day(company)
    lost = json.loads(company.settings.LEDGER_HEADS_FILE.read_text().splitlines()[-1])
    company.destroy()

    restore(file)

    (aside,) = company.folder.glob("elsewhere.jsonl.lost-*")
    assert json.loads(aside.read_text())["seq"] == lost["seq"]
    entry = LedgerEntry.objects.get(kind="restored")
    assert entry.clear["lost_heads"] == [[lost["seq"], lost["hash"]]]
    assert made.seq < lost["seq"]


def test_uploads_come_back_too(company):
    (company.settings.FILES_DIR / "a1").write_text("name,mail\n")
    file, _ = backup.write(company.folder, at=BACKED_UP)
    (company.settings.FILES_DIR / "a1").unlink()
    company.destroy()

    restore(file)

    assert (company.settings.FILES_DIR / "a1").read_text() == "name,mail\n"


@pytest.fixture
def archive(company):
    return backup.write(company.folder / "backups", at=BACKED_UP)[0]


def changed(archive, name, data):
    """The same archive with one of its files replaced."""
    folder = archive.parent / "open"
    with tarfile.open(archive) as old:
        old.extractall(folder, filter="data")
    (folder / name).write_bytes(data)
    made = archive.with_name("changed.tar.gz")
    with tarfile.open(made, "w:gz") as new:
        for path in sorted(folder.iterdir()):
            new.add(path, path.name)
    return made


def test_a_backup_is_readable_by_its_owner_only_and_says_what_it_is(archive):
    with tarfile.open(archive) as opened:
        said = json.loads(opened.extractfile("manifest.json").read())

    assert archive.stat().st_mode & 0o077 == 0
    assert (said["seq"], said["vendor"]) == (1, connection.vendor)
    assert "leads.0001_initial" in said["migrations"]
    assert list(said["files"]) == ["database"]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("database", b"another", "database in .* is not what its manifest says"),
        ("manifest.json", b"[]", "manifest.json cannot be read"),
        ("manifest.json", b'{"made_at": 1}', "manifest.json cannot be read"),
        ("more", b"x", "does not name: more"),
    ],
)
def test_an_archive_that_is_not_what_it_says_changes_nothing(archive, name, data, words):
    before = ledger.tip()

    with pytest.raises(CommandError, match=words):
        restore(changed(archive, name, data), "--replace")
    assert ledger.tip() == before
    assert not LedgerEntry.objects.filter(kind="restored").exists()


def test_a_torn_archive_and_none_are_refused(archive):
    archive.write_bytes(archive.read_bytes()[:2000])

    for file in (archive, archive.with_name("nowhere")):
        with pytest.raises(CommandError, match="cannot be read"):
            restore(file)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("format", 9, "format is 9"),
        ("vendor", "oracle", "it is of oracle"),
        ("migrations", ["leads.9999_later"], "a newer release made it: leads.9999_later"),
    ],
)
def test_a_backup_of_another_kind_is_refused(archive, field, value, words):
    with tarfile.open(archive) as opened:
        said = json.loads(opened.extractfile("manifest.json").read())
    made = changed(archive, "manifest.json", json.dumps(said | {field: value}).encode())

    with pytest.raises(CommandError, match=words):
        restore(made, "--replace")


def test_a_company_that_is_there_is_not_overwritten_unless_somebody_says_so(company, archive):
    connections.close_all()
    with pytest.raises(CommandError, match="--replace"):
        restore(archive)

    arrived = ledger.tip()
    connections.close_all()
    said = restore(archive, "--replace")

    assert "Nothing is known to be lost." in said
    assert ledger.tip()[0] == arrived[0] + 1  # the entry that says so
    aside = list(company.folder.glob("company.sqlite3.before-*"))
    assert len(aside) == (connection.vendor == "sqlite")


def test_old_backups_go_and_the_newest_stay(company, monkeypatch):
    for hour in range(3):
        with time_machine.travel(MONDAY_NINE + hour * HOUR, tick=False):
            call_command("backup", "--keep", "2", stdout=StringIO())

    names = sorted(
        one.name for one in (company.settings.FILES_DIR.parent / "backups").iterdir()
    )
    assert names == ["concord-20260302T090000Z-1.tar.gz", "concord-20260302T100000Z-1.tar.gz"]
    with pytest.raises(CommandError, match="1 or more"):
        call_command("backup", "--keep", "0")


def test_time_that_the_database_keeps_is_asked_when_it_is_there(company, monkeypatch):
    file, _ = backup.write(company.folder, at=BACKED_UP)
    company.destroy()

    def kept():
        assert LedgerEntry.objects.exists()
        return RESTORED

    monkeypatch.setattr(wallclock, "now", kept)
    call_command("restore", str(file), stdout=StringIO())

    assert LedgerEntry.objects.get(kind="restored").at == RESTORED
