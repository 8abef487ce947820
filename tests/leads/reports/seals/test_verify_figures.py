"""A stranger counts the figures of a sealed month again, by other code; whoever changes
anything on the way is found out, or it stands in the documented list of what cannot be."""

import hashlib
import json
import subprocess
import sys

import pytest
from django.conf import settings

from leads.reports.seals.restating import evidence_text
from portal.ledger import chain
from portal.ledger.verify_chain import TAG
from tools import verify_figures

SCRIPT = settings.ROOT / "tools" / "verify_figures.py"


@pytest.fixture
def export(taken, tmp_path):
    """What an auditor takes away: the seal with its rows, the ledger, the kept heads."""
    seal, folder = taken
    return Export(
        json.loads(f'{{"rows":{evidence_text(seal)},"seal":{seal.document}}}'),
        [json.loads(line) for line in (folder / "ledger.jsonl").read_text().splitlines()],
        tmp_path,
        folder / "heads.jsonl",
    )


class Export:
    def __init__(self, seal, ledger, folder, heads):
        self.seal, self.ledger, self.folder, self.heads = seal, ledger, folder, heads

    def row(self, name, **wanted):
        """The first row of a table that is so, and the place of each of its columns."""
        table = self.seal["rows"]["tables"][name]
        place = {column: n for n, column in enumerate(table["columns"])}
        for row in table["rows"]:
            if all(row[place[key]] == value for key, value in wanted.items()):
                return row, place
        raise LookupError(wanted)

    def put(self, name, column, value, **wanted):
        row, place = self.row(name, **wanted)
        row[place[column]] = value(row[place[column]]) if callable(value) else value

    def figure(self, key):
        return next(one for one in self.seal["seal"]["figures"] if one["key"] == key)

    def entry(self, kind):
        return next(one for one in self.ledger if one["entry"]["kind"] == kind)

    def reseal(self):
        """Give the rows their digest, the seal its digest, and its entry that digest: what
        an insider does who changes rows and does not want it to show."""
        rows = verify_figures.canonical(self.seal["rows"])
        self.seal["seal"]["evidence"] = hashlib.sha256(rows.encode()).hexdigest()
        text = verify_figures.canonical(self.seal["seal"])
        sealed = self.entry("period_sealed")["entry"]
        sealed["values"]["clear"]["digest"] = hashlib.sha256(text.encode()).hexdigest()

    def rechain(self):
        """All hashes of the ledger anew."""
        last = chain.NO_HASH
        for number, one in enumerate(self.ledger, start=1):
            one["entry"]["seq"], one["prev"] = number, last
            text = verify_figures.canonical(one["entry"])
            last = hashlib.sha256(TAG + last.encode() + text.encode()).hexdigest()
            one["hash"] = last

    def faults(self, *, heads=True):
        (self.folder / "seal.json").write_text(json.dumps(self.seal))
        lines = (verify_figures.canonical(one) + "\n" for one in self.ledger)
        (self.folder / "l.jsonl").write_text("".join(lines))
        kept = [str(self.heads)] if heads else []
        return verify_figures.verify(
            str(self.folder / "seal.json"), str(self.folder / "l.jsonl"), kept
        )[1]


def test_every_figure_is_counted_again_by_other_code_and_is_the_same(export):
    assert export.faults() == []


def test_the_program_says_so_alone_with_the_standard_library(export):
    export.faults()
    files = [export.folder / "seal.json", export.folder / "l.jsonl", export.heads]
    command = [sys.executable, "-I", "-S", str(SCRIPT), *map(str, files)]

    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)

    assert (done.returncode, done.stderr) == (0, "")
    assert "each counted again: all as sealed" in done.stdout


def test_it_shares_no_code_with_the_portal():
    imported = {
        line.split()[1].split(".")[0]
        for line in SCRIPT.read_text().splitlines()
        if line.startswith(("import ", "from "))
    }
    assert imported <= sys.stdlib_module_names


def later(at):
    return at + 60_000_000


ROWS = [  # a table, its column, what it becomes, which row: and the figure that it changes
    ("clocks", "outcome", "met", {"outcome": "late"}, "clock"),
    ("clocks", "stopped", later, {"outcome": "met", "kind": "accept"}, "clock"),
    ("clocks", "due", later, {"kind": "accept"}, "clock"),
    ("clocks", "department", "marketing", {"department": "sales"}, "clock"),
    ("clocks", "obligation", "accept", {"kind": "cadence"}, "clock"),
    ("clocks", "calendar", "berlin", {"calendar": "new-york"}, "clock"),
    ("clocks", "started", later, {"kind": "first_attempt", "outcome": "met"}, "clock"),
    ("clocks", "paused", 60_000_000 * 9, {"kind": "first_attempt", "outcome": "met"}, "time:"),
    ("attempts", "occurred", later, {}, "time:speed"),
    ("attempts", "imported", True, {}, "speed:"),
    ("entries", "merged", True, {"stage": "comparing", "merged": False}, "volume:"),
    ("entries", "imported", False, {"imported": True, "owned": False}, "volume:"),
    ("entries", "waived", False, {"waived": True}, "waived:"),
    ("entries", "owned", False, {"owned": True}, "volume:"),
    ("entries", "entered", later, {"waived": True, "stage": "talking"}, ""),
    ("returns", "reason", "too_small", {"reason": "no_need"}, "returns:reason"),
    ("returns", "campaign", "Other", {}, "returns:campaign"),
    ("contributions", "used", False, {"used": True}, "contributions:"),
    ("won", "ended", lambda at: at + 60_000_000 * 60 * 24 * 60, {}, "contributions:won"),
    ("touches", "imported", False, {"imported": True}, "after:"),
    ("content", "stage", "talking", {"stage": "deciding"}, "commitment:"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "column", "value", "row", "shows"), ROWS)
def test_a_row_that_was_changed_after_the_seal_is_found(
    export, table, column, value, row, shows
):
    export.put(table, column, value, **row)

    assert "the rows: they do not have the digest that was sealed" in export.faults()


@pytest.mark.parametrize(
    ("table", "column", "value", "row", "shows"), [r for r in ROWS if r[4]]
)
def test_a_row_that_was_changed_with_all_digests_but_not_the_figures_is_located(
    export, table, column, value, row, shows
):
    export.put(table, column, value, **row)
    export.reseal(), export.rechain()

    found = export.faults(heads=False)

    assert [one for one in found if one.startswith(shows)], found


def a_figure_padded(export):
    export.figure("clocks:sales:accept.met")["value"] += 1


def a_figure_without_its_rows(export):
    export.figure("clocks:sales:accept.met")["rows"] = "0" * 64


def a_figure_left_out(export):
    export.seal["seal"]["figures"].remove(export.figure("clocks:sales:accept.late"))


def a_clock_left_out(export):
    table = export.seal["rows"]["tables"]["clocks"]
    table["rows"].remove(export.row("clocks", outcome="late")[0])


def a_clock_made_up(export):
    row = list(export.row("clocks", outcome="met")[0])
    row[0] = 999_999
    export.seal["rows"]["tables"]["clocks"]["rows"].append(row)


def a_target_softened(export):
    export.seal["rows"]["terms"]["benchmarks"][0]["percent"] = 1


WHOLE = [
    (a_figure_padded, "clocks:sales:accept.met: sealed"),
    (a_figure_without_its_rows, "clocks:sales:accept.met: the same number, other rows"),
    (a_figure_left_out, "clocks:sales:accept.late: counted"),
    (a_clock_left_out, "clock "),
    (a_clock_made_up, "clock 999999"),
    (a_target_softened, "the terms:"),
]


@pytest.mark.parametrize(
    ("attack", "shows"), WHOLE, ids=lambda one: getattr(one, "__name__", "")
)
def test_an_insider_who_makes_all_digests_anew_is_found_and_located(export, attack, shows):
    attack(export)
    export.reseal(), export.rechain()

    found = export.faults()

    assert [one for one in found if one.startswith(shows)], found
    assert [one for one in found if "another head was published" in one], found


def test_a_head_that_was_kept_elsewhere_finds_a_seal_that_was_made_anew(export):
    """All figures, rows and digests fit together: only the heads say that it is another."""
    export.put("content", "stage", "talking", stage="deciding")
    export.figure("commitment:material_a_quarter:done")["value"] = 0
    export.figure("commitment:material_a_quarter:done")["rows"] = verify_figures.sha("[]")
    export.reseal(), export.rechain()

    assert [one for one in export.faults() if "another head was published" in one]
    assert export.faults(heads=False) == [  # the documented list: nobody kept a head
        "the heads: none was published after the seal; ask for a newer one"
    ]


def test_a_seal_that_no_head_covers_yet_says_so(export):
    assert export.faults(heads=False) == [
        "the heads: none was published after the seal; ask for a newer one"
    ]


def test_who_gives_no_file_or_nonsense_is_told(tmp_path, capsys):
    (tmp_path / "x.json").write_text("[]")

    assert verify_figures.main([]) == 2
    assert verify_figures.main([str(tmp_path / "x.json"), str(tmp_path / "x.json")]) == 2
    assert "cannot read" in capsys.readouterr().out
