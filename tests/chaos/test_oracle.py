"""The oracle finds what is wrong, and knows nothing of the portal's code."""

import ast
import json
import sqlite3
import sys
from pathlib import Path

import pytest

from tests.chaos import naive
from tests.chaos.oracle import judge
from tests.chaos.stage import play

STEPS = {
    step: {"after": after, "channel": "webhook", "words": words}
    for step, (after, words) in naive.STEPS.items()
}
SECOND = 1_000_000
LEAD = "Chaos 00001"


@pytest.fixture
def case(tmp_path):
    """One handoff as it should be: three alerts, three messages."""
    database = tmp_path / "naive.sqlite3"
    with sqlite3.connect(database) as connection:
        connection.executescript(naive.TABLES)
        connection.execute("INSERT INTO handoff VALUES (?, ?)", (LEAD, 100 * SECOND))
        for step, said in STEPS.items():
            due = (100 + said["after"]) * SECOND
            connection.execute("INSERT INTO alert VALUES (?, ?, ?, ?)", (LEAD, step, due, due))
    made = {
        "script": str(tmp_path / "script"), "wire": str(tmp_path / "wire"),
        "design": "naive", "tables": "naive", "database": f"sqlite:///{database}",
        "steps": STEPS, "faults": {"kills": 0, "lost_replies": 0}, "last_fault": None,
    }  # fmt: skip
    write(made["script"], {"lead": LEAD, "tried": 99, "acked": 101})
    write(made["wire"], *(message(step) for step in STEPS))
    return made


def message(step: str, key: str = "") -> dict:
    text = f"{STEPS[step]['words']} {LEAD}"
    return {"design": "naive", "channel": "webhook", "key": key or step, "text": text}


def write(path: str, *lines: dict) -> None:
    with Path(path).open("a") as file:
        file.writelines(json.dumps(line) + "\n" for line in lines)


def change(case: dict, sql: str) -> None:
    with sqlite3.connect(case["database"].removeprefix("sqlite:///")) as connection:
        connection.execute(sql)


def test_what_is_as_it_should_be_is_found_so(case):
    assert judge(case)["ok"]


@pytest.mark.parametrize(
    ("sql", "wrong"),
    [
        ("DELETE FROM alert WHERE step = 'due'", "lost"),
        ("DELETE FROM handoff", "lost"),
        ("INSERT INTO alert SELECT * FROM alert WHERE step = 'due'", "duplicate"),
        ("INSERT INTO handoff SELECT * FROM handoff", "duplicate"),
        ("UPDATE alert SET due = due + 1 WHERE step = 'due'", "untrue"),
        ("UPDATE alert SET raised = due - 1 WHERE step = 'due'", "untrue"),
        ("UPDATE handoff SET start = 98000000", "untrue"),
        ("INSERT INTO alert VALUES ('Chaos 00002', 'due', 1, 1)", "extra"),
        ("UPDATE alert SET step = 'other' WHERE step = 'due'", "extra"),
    ],
)
def test_each_kind_of_wrong_row_is_found(case, sql, wrong):
    change(case, sql)

    assert wrong in judge(case)["wrong"]


def test_a_message_that_never_came_is_found(case):
    Path(case["wire"]).write_text("")

    assert judge(case)["wrong"] == {"undelivered": 3}


def test_a_repeat_is_excused_by_a_fault_and_only_under_the_same_key(case):
    write(case["wire"], message("due"))
    assert judge(case)["wrong"] == {"repeated": 1}

    case["faults"]["lost_replies"] = 1
    assert judge(case)["ok"]

    write(case["wire"], message("due", key="another"))
    assert judge(case)["wrong"] == {"duplicate": 1}


@pytest.mark.parametrize("program", ["oracle.py", "naive.py"])
def test_oracle_and_control_import_nothing_of_the_portal(program):
    tree = ast.parse((play.CHAOS / program).read_text())
    names = {
        (node.module if isinstance(node, ast.ImportFrom) else alias.name).partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert names - sys.stdlib_module_names <= {"psycopg"}
