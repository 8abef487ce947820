"""Whoever rewrites the past is found out, and the entry is named.

Each attack is made on copies of the rows, as somebody who owns the database could; our
own verifier and the stand-alone one must say the same of each.
"""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from portal import ledger
from portal.ledger import chain, verify_chain
from portal.ledger.chain import Link
from portal.ledger.kinds import Kind
from portal.ledger.verify import verify

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
LENGTH = 20


def genuine():
    """A chain of LENGTH entries, made without a database."""
    made, before = [], chain.NO_HASH
    for seq in range(1, LENGTH + 1):
        at = chain.instant(NINE + timedelta(minutes=seq))
        line = chain.line(
            seq, at, "outage", "portal", seq, None, 3, "sales", "", '{"clear":{}}'
        )
        made.append(Link(seq, before, chain.digest(before, line), line))
        before = made[-1].hash
    return made


CHAIN = genuine()
HEADS = {seq: {CHAIN[seq - 1].hash} for seq in (5, 12, 18)}


def edited(seq, old='"sales"', new='"marketing"'):
    links = list(CHAIN)
    links[seq - 1] = links[seq - 1]._replace(line=links[seq - 1].line.replace(old, new))
    return links


def rechained(links):
    """The hashes of all entries computed anew: half a second's work for an insider."""
    made, before = [], chain.NO_HASH
    for link in links:
        made.append(link._replace(before=before, hash=chain.digest(before, link.line)))
        before = made[-1].hash
    return made


def swapped(first, second):
    links = list(CHAIN)
    links[first - 1], links[second - 1] = links[second - 1], links[first - 1]
    return links


def without(seq):
    return [link for link in CHAIN if link.seq != seq]


def renumbered(links):
    return [
        link._replace(seq=seq, line=link.line.replace(f'"seq":{link.seq},', f'"seq":{seq},'))
        for seq, link in enumerate(links, start=1)
    ]


FORGED = CHAIN[7]._replace(hash="f" * 64)
INSERTED = [*CHAIN[:8], *CHAIN[7:]]  # entry 8 once more, behind itself
ATTACKS = [
    pytest.param(edited(8), 8, "edited", id="a column edited"),
    pytest.param(edited(8, "09:08", "09:07"), 8, "edited", id="an instant edited"),
    pytest.param(edited(8, ":3,", ":4,"), 8, "edited", id="an actor edited"),
    pytest.param(
        edited(8, '{"clear":{}}', '{"clear":{"x":1}}'), 8, "edited", id="a value edited"
    ),
    pytest.param(edited(1), 1, "edited", id="the first entry edited"),
    pytest.param(edited(LENGTH), LENGTH, "edited", id="the last entry edited"),
    pytest.param([*CHAIN[:7], FORGED, *CHAIN[8:]], 8, "edited", id="a hash edited"),
    pytest.param(without(8), 8, "missing", id="an entry deleted"),
    pytest.param(without(1), 1, "missing", id="the first entry deleted"),
    pytest.param(swapped(8, 9), 8, "missing", id="two entries swapped"),
    pytest.param(renumbered(swapped(8, 9)), 8, "broken", id="two swapped and renumbered"),
    pytest.param(renumbered(without(8)), 8, "broken", id="deleted and renumbered"),
    pytest.param(CHAIN[::-1], 1, "missing", id="the order reversed"),
    pytest.param([*CHAIN[:8], *CHAIN[7:]], 9, "missing", id="an entry repeated"),
    pytest.param(renumbered(INSERTED), 9, "broken", id="an entry inserted"),
    pytest.param(CHAIN[10:], 1, "missing", id="the beginning cut off"),
    pytest.param(CHAIN[:15], 16, "missing", id="the end cut off"),
    pytest.param([], 1, "missing", id="everything cut off"),
    pytest.param(rechained(edited(8)), 12, "rewritten", id="edited and rechained"),
    pytest.param(rechained(edited(1)), 5, "rewritten", id="all rechained"),
    pytest.param(rechained(edited(12)), 12, "rewritten", id="a published entry rechained"),
    pytest.param(
        rechained(renumbered(without(8))), 12, "rewritten", id="deleted and rechained"
    ),
    pytest.param(
        rechained(renumbered(swapped(8, 9))), 12, "rewritten", id="swapped and rechained"
    ),
    pytest.param(rechained(renumbered(INSERTED)), 12, "rewritten", id="inserted and rechained"),
    pytest.param(rechained(edited(3))[:11], 5, "rewritten", id="rechained and cut off"),
]
UNSEEN = [
    pytest.param(rechained(edited(19)), id="rewritten after the newest head"),
    pytest.param(CHAIN[:18], id="cut off after the newest head"),
]


def alone(links, heads):
    """What the stand-alone verifier says: (seq, why), or None."""
    try:
        verify_chain.check([chain.exported(link) + "\n" for link in links], heads)
    except verify_chain.Fault as fault:
        return fault.seq, fault.why
    return None


def test_a_genuine_chain_is_whole_and_agrees_with_all_heads():
    report = verify(CHAIN, HEADS)

    assert (report.count, report.last_hash, report.heads) == (LENGTH, CHAIN[-1].hash, 3)
    assert report.is_sound
    assert alone(CHAIN, HEADS) is None
    lines = map(chain.exported, CHAIN)
    assert verify_chain.check(lines, HEADS) == (LENGTH, CHAIN[-1].hash, 3)


@pytest.mark.parametrize(("links", "seq", "why"), ATTACKS)
def test_each_attack_is_found_and_located_by_both_verifiers(links, seq, why):
    fault = verify(links, HEADS).fault

    assert fault is not None
    assert (fault.seq, fault.why.partition(":")[0]) == (seq, why)
    assert alone(links, HEADS) == tuple(fault)


@pytest.mark.parametrize("links", UNSEEN)
def test_what_no_head_was_published_for_cannot_be_found(links):
    assert verify(links, HEADS).is_sound
    assert alone(links, HEADS) is None


@pytest.mark.parametrize(("links", "seq", "why"), ATTACKS)
def test_without_heads_both_verifiers_still_agree(links, seq, why):
    fault = verify(links).fault

    assert alone(links, {}) == (fault and tuple(fault))


def test_a_rewriting_is_narrowed_down_to_the_stretch_since_the_last_good_head():
    early, late = rechained(edited(2)), rechained(edited(8))

    assert "entries 1 to 5" in verify(early, HEADS).fault.why
    assert "entries 6 to 12" in verify(late, HEADS).fault.why
    assert "entries 1 to 5 had" in alone(early, HEADS)[1]
    assert "entries 6 to 12 had" in alone(late, HEADS)[1]


def test_two_departments_that_were_shown_different_heads_find_out():
    split = {5: {CHAIN[4].hash, "0" * 64}}

    assert verify(CHAIN, split).fault.seq == 5
    assert alone(CHAIN, split)[0] == 5


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda line: line.replace('"actor":3', '"actor": 3'), id="a blank"),
        pytest.param(
            lambda line: line.replace('"actor":3', '"actor":3,"actor":4'), id="a key twice"
        ),
        pytest.param(lambda line: line.replace('"seq":8', '"seq":08'), id="another spelling"),
        pytest.param(
            lambda line: line.replace('"seq":8', '"seq":٨'), id="another script's digit"
        ),
        pytest.param(lambda line: "", id="an empty line"),
        pytest.param(lambda line: line + "x", id="something behind"),
    ],
)
def test_an_export_that_is_not_in_canonical_form_is_refused(spoil):
    lines = [chain.exported(link) for link in CHAIN]
    lines[7] = spoil(lines[7])

    with pytest.raises(verify_chain.Fault) as caught:
        verify_chain.check(lines, {})
    assert caught.value.seq == 8


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


def test_the_command_says_that_a_ledger_is_whole(company, capsys):
    call_command("verify_ledger")

    out = capsys.readouterr().out
    assert "6 entries, whole" in out
    assert "1 published heads agree" in out


def test_the_command_fails_at_a_head_that_another_holder_kept(company, tmp_path):
    kept = tmp_path / "kept.jsonl"
    kept.write_text(f'{{"hash":"{"0" * 64}","seq":2}}\n')

    with pytest.raises(CommandError, match="entry 2: rewritten"):
        call_command("verify_ledger", heads=[kept])


def test_the_command_fails_at_a_heads_file_that_it_cannot_read(company, tmp_path):
    kept = tmp_path / "kept.jsonl"
    kept.write_text('{"seq": 2}\n')

    with pytest.raises(CommandError, match=r"kept\.jsonl:1 is not a head"):
        call_command("verify_ledger", heads=[kept])
