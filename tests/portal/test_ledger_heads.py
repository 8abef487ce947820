"""Publishing the head of the chain: once for each state of it, in a file outside."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command

from portal import ledger
from portal.ledger.heads import known_heads, merged, read_heads
from portal.ledger.kinds import Kind
from portal.ledger.models import Head, LedgerEntry
from portal.ledger.tasks import publish_head

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
TEN = NINE + timedelta(hours=1)


def test_the_task_that_beat_sends_publishes_the_head_as_of_now(heads_file, monkeypatch):
    monkeypatch.setattr("portal.wallclock.now", lambda: TEN)
    something_happens()

    publish_head()
    publish_head()

    assert [head.at for head in Head.objects.all()] == [TEN]
    assert len(heads_file.read_text().splitlines()) == 1


@pytest.fixture
def heads_file(settings, tmp_path):
    settings.LEDGER_HEADS_FILE = tmp_path / "heads.jsonl"
    return settings.LEDGER_HEADS_FILE


def something_happens():
    with ledger.recording(at=NINE):
        ledger.append(Kind.OUTAGE, subject=("portal", 1))


def test_a_published_head_stands_in_the_file_in_a_row_and_in_the_ledger(heads_file):
    something_happens()
    tip = ledger.tip()

    head = ledger.publish_head(at=TEN)

    assert (head.seq, head.hash, head.count, head.at) == (*tip, 1, TEN)
    assert head.published_to == ["file"]
    line = json.loads(heads_file.read_text())
    assert line == {"at": "2026-03-02T10:00:00.000000Z", "count": 1, "hash": tip[1], "seq": 1}
    entry = ledger.entries_about(head).get()
    assert (entry.kind, entry.at, entry.clear["hash"]) == ("head_published", TEN, tip[1])


def test_publishing_again_with_nothing_new_changes_nothing(heads_file):
    something_happens()
    first = ledger.publish_head(at=NINE)

    again = ledger.publish_head(at=TEN)

    assert again == first
    assert len(heads_file.read_text().splitlines()) == 1
    assert LedgerEntry.objects.count() == 2


def test_each_new_state_is_published(heads_file):
    for _ in range(3):
        something_happens()
        ledger.publish_head(at=TEN)

    published = read_heads(heads_file)
    assert sorted(published) == [1, 3, 5]
    assert published == known_heads()


def test_a_crash_after_the_file_publishes_the_same_head_once(heads_file, monkeypatch):
    something_happens()
    with monkeypatch.context() as crash:
        crash.setattr("portal.ledger.heads._note", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            ledger.publish_head(at=NINE)

    ledger.publish_head(at=TEN)

    assert len(heads_file.read_text().splitlines()) == 1
    assert Head.objects.count() == 1


def test_a_line_torn_by_a_crash_does_not_spoil_the_next(heads_file):
    something_happens()
    heads_file.write_text('{"at":"2026-')

    ledger.publish_head(at=TEN)

    whole = heads_file.read_text().splitlines()[1]
    assert json.loads(whole)["seq"] == 1
    with pytest.raises(ValueError, match=r"heads\.jsonl:1 is not a head"):
        read_heads(heads_file)


def test_without_a_file_the_head_is_only_remembered(settings):
    settings.LEDGER_HEADS_FILE = None
    something_happens()

    assert ledger.publish_head(at=TEN).published_to == []


def test_an_empty_ledger_has_no_head_to_publish(capsys):
    assert ledger.publish_head(at=NINE) is None

    call_command("publish_head")
    assert "empty" in capsys.readouterr().out


def test_heads_of_several_holders_are_put_together():
    assert merged({1: {"a"}, 2: {"b"}}, {2: {"c"}, 3: {"d"}}) == {
        1: {"a"},
        2: {"b", "c"},
        3: {"d"},
    }
