"""The agreed output for the classic template and for an amendment of it, kept as files.

A difference is a change of what people sign or read. If it is meant, write the files anew
with `python -m tests.core.golden_files` and read the difference before committing it.
"""

from pathlib import Path

from sla.core import terms
from sla.core.clauses import render
from sla.core.diff import compare
from tests.core.agreements import classic

FOLDER = Path(__file__).parent / "golden"
MARKS = {"equal": "{}", "insert": "[+{}+]", "delete": "[-{}-]"}


def amended():
    """The classic terms after a quarter of use: eight changes of different kinds."""
    document = classic()
    comparing = document["journey"][2]
    comparing["criteria"]["all"][1]["value"] = 50
    comparing["definition"] += " They know what it may cost."
    document["obligations"][1]["targets"][1]["within"] = "PT2H"
    document["obligations"][5]["targets"][0]["within"] = "PT3H"
    document["obligations"][5]["attainment"] = 95
    document["ladders"]["quiet"][2]["after"] = "PT2H"
    document["benchmarks"][0] |= {"percent": 15, "confirmed": True}
    document["calendars"]["berlin"]["closed"].remove("2026-12-25")
    document["return_reasons"].append(
        {"key": "competitor", "name": "A competitor", "example": "Their mail domain says so."}
    )
    del document["clauses"][0]
    return document


def clauses_text():
    lines = []
    for section in render(terms.parse(classic())):
        lines.append(f"{section.number} {section.title}")
        for clause in section.clauses:
            lines.append(f"  {clause.number} {clause.title} [{clause.path}]")
            lines += [f"      {line.key}: {line.text}" for line in clause.lines]
    return "\n".join(lines) + "\n"


def redline_text():
    return _redline(classic(), amended())


def redline_back_text():
    return _redline(amended(), classic())


def _redline(old, new):
    lines = []
    for change in compare(old, new):
        lines.append(f"{change.number} {change.part} [{change.path}]")
        lines.append("  " + "".join(MARKS[op].format(text) for op, text in change.words))
    return "\n".join(lines) + "\n"


def digests_text():
    named = {"classic": classic(), "empty": terms.template("empty"), "amended": amended()}
    return "".join(f"{terms.digest(one)}  {name}\n" for name, one in named.items())


FILES = {
    "clauses.txt": clauses_text,
    "digests.txt": digests_text,
    "redline.txt": redline_text,
    "redline_back.txt": redline_back_text,
}

if __name__ == "__main__":
    for name, make in FILES.items():
        (FOLDER / name).write_text(make(), encoding="utf-8")
