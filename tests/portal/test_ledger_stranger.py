"""What a stranger is told who has one file of ours, an export, and a heads file."""

import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import call_command

from portal import ledger
from portal.ledger import chain, verify_chain
from portal.ledger.kinds import Kind
from portal.ledger.models import LedgerEntry

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
SCRIPT = Path(verify_chain.__file__)
KEYS = {"actor", "at", "department", "kind", "lead", "seq", "subject", "team", "values"}
LINE = chain.line(
    1, chain.instant(NINE), "outage", "portal", 17, None, 3, "sales", "", '{"clear":{}}'
)


@pytest.fixture
def company(db, settings, tmp_path):
    """A ledger with published heads; its export, its heads file."""
    settings.LEDGER_HEADS_FILE = tmp_path / "heads.jsonl"
    with ledger.recording(at=NINE):
        for number in range(1, 6):
            text = {"note": f"Grüße \u2028 {number}"}
            ledger.append(Kind.TOUCH_LOGGED, subject=("touch", number), lead=1, clear=text)
    ledger.publish_head(at=NINE)
    export = tmp_path / "ledger.jsonl"
    call_command("export_ledger", str(export))
    return export, settings.LEDGER_HEADS_FILE


@pytest.fixture
def told(capsys):
    """How it ends, and what it prints."""

    def run(*arguments):
        code = verify_chain.main([str(one) for one in arguments])
        return code, capsys.readouterr().out

    return run


def test_one_file_and_no_portal_are_enough(company):
    command = [sys.executable, "-I", str(SCRIPT), *map(str, company)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)

    assert (done.returncode, done.stderr) == (0, "")
    assert "6 entries, whole" in done.stdout


def test_of_a_whole_ledger_length_and_last_hash_are_said(company, told):
    last = ledger.tip()[1]

    assert told(*company) == (
        0, f"6 entries, whole. The last hash is {last}\n1 published heads agree.\n",
    )  # fmt: skip


def test_where_an_export_was_edited_is_said(company, told):
    export, heads = company
    export.write_text(export.read_text().replace("Grüße \u2028 3", "Grüße \u2028 4"))

    assert told(export, heads) == (
        1, "FAULT at entry 3: edited: its content does not give its hash\n",
    )  # fmt: skip


def test_a_head_that_another_department_kept_counts_as_much(company, told, tmp_path):
    other = tmp_path / "other.jsonl"
    other.write_text(f'\n{{"hash":"{"0" * 64}","seq":2}}\n')

    code, said = told(*company, other)

    assert (code, "entry 2: rewritten: entries 1 to 2" in said) == (1, True)


def test_without_heads_it_is_said_what_that_proves(company, told):
    code, said = told(company[0])

    assert (code, "NO HEADS" in said) == (0, True)


def test_who_gives_no_file_is_told_how(told):
    for arguments in ((), ("--help",), ("--opens-not",)):
        code, said = told(*arguments)
        assert (code, "python3 verify_chain.py ledger.jsonl" in said) == (2, True)


def test_what_cannot_be_read_is_no_fault_of_the_ledger(company, told, tmp_path):
    odd = tmp_path / "heads"
    for text in ("no JSON", '{"seq": 1}', "[1]"):
        odd.write_text(text)
        code, said = told(company[0], odd)
        assert (code, said.startswith("cannot read: ")) == (2, True)
    assert told("no such file")[0] == told("--opens", "00")[0] == 2


def test_one_opened_value_can_be_checked_and_no_other(db, told):
    with ledger.recording(at=NINE):
        ledger.append(
            Kind.LEAD_ARRIVED, subject=("lead", 1), committed={"name": "Zoë", "mail": "z@e"}
        )
    entry = LedgerEntry.objects.get()
    key = ledger.opening(entry, "name")

    assert told("--opens", key, entry.committed["name"], '"Zoë"') == (0, "it is that value\n")
    assert told("--opens", key, entry.committed["name"], '"Zoe"') == (
        1, "it is NOT that value\n",
    )  # fmt: skip
    assert told("--opens", key, entry.committed["mail"], '"z@e"')[0] == 1


def is_canonical(text):
    """Whether it is an entry in its one spelling, as JSON itself says."""
    try:
        entry = json.loads(text)
    except ValueError:
        return False
    at = isinstance(entry, dict) and str(entry.get("at"))
    spelt = at and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", at)
    return bool(spelt and set(entry) == KEYS and verify_chain.canonical(entry) == text)


def accepted(text, seq=1):
    """Whether the verifier takes it for an entry whose hash was made for it."""
    own = chain.digest(chain.NO_HASH, text)
    try:
        verify_chain.check([chain.exported(chain.Link(seq, chain.NO_HASH, own, text))], {})
    except verify_chain.Fault:
        return False
    return True


def test_with_a_sign_too_few_or_too_many_an_entry_has_no_second_spelling():
    assert accepted(LINE)
    assert is_canonical(LINE)
    for at in range(LINE.index('{"clear')):  # values are checked by their hash alone
        for text in (LINE[:at] + LINE[at + 1 :], LINE[: at + 1] + LINE[at:]):
            same_place = text.partition('"seq":')[2][:2] == "1,"
            assert accepted(text) == (is_canonical(text) and same_place), text


def test_nothing_around_an_entry_can_be_left_out():
    whole = chain.exported(
        chain.Link(1, chain.NO_HASH, chain.digest(chain.NO_HASH, LINE), LINE)
    )
    frame = [*range(10), *range(10 + len(LINE), len(whole))]
    for at in frame:
        with pytest.raises(verify_chain.Fault):
            verify_chain.check([whole[:at] + whole[at + 1 :]], {})


def test_the_stand_alone_verifier_stays_short_and_needs_only_the_standard_library():
    text = SCRIPT.read_text()

    assert len(text.splitlines()) < 150
    assert "portal" not in [line.split()[1].split(".")[0] for line in text.splitlines()
                            if line.startswith(("import ", "from "))]  # fmt: skip
