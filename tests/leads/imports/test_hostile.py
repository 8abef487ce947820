"""Files made to break an import: nothing breaks, nothing is lost, every record is counted."""

import random
import resource
from collections import Counter

import pytest

from leads.actions import imports
from leads.models import Lead
from tests.factories import MONDAY_NINE
from tests.leads.imports.bringing import (
    bring,
    figures,
    make_company,
    rehearse,
    take,
)

pytestmark = pytest.mark.django_db
HEADER = "Id,Name,Email,Company,Score,Seen"
MAPPING = {
    "source": "crm",
    "columns": {
        "Id": "external_id", "Name": "name", "Email": "email", "Company": "company_name",
        "Score": "score", "Seen": "arrived",
    },
}  # fmt: skip
SOUP = (
    "=cmd|' /C calc'!A0", "+1+1", "@SUM(1)", "\u202egro.live", "Zo\u0308e", "\u200b",
    "\U0001f469\u200d\U0001f4bb", "O\u2019Neil <b>", "'; DROP TABLE leads_lead; --",
    "{{ 7*7 }}", "%s%n", "\ufeff", "نص", "a" * 300,
)  # fmt: skip


def hostile(records, seed=7):
    """A file of so many records, one a line, and how many of them can never be taken."""
    dice = random.Random(seed)
    lines, hopeless = [HEADER], Counter()
    for n in range(records):
        kind = dice.choices(
            ("good", "again", "soup", "quote", "short", "long", "number", "date", "nobody"),
            (50, 15, 10, 4, 4, 2, 5, 5, 5),
        )[0]
        number = dice.randrange(max(n, 1)) if kind == "again" else n
        one = [f"id{number}", f"Person {number}", f"p{number}@firm{number % 97}.example",
               f"Firm {number % 97}", str(dice.randrange(9)), "2026-02-01"]  # fmt: skip
        if kind == "soup":
            one[1], one[3] = dice.choice(SOUP), dice.choice(SOUP)
            one = [field.replace(",", ";").replace('"', "") for field in one]
        if kind == "quote":
            one[1] = f'"never closed {n}'
        if kind == "short":
            one = one[:4]
        if kind == "long":
            one[1] = "x" * 33_000
        if kind == "number":
            one[4] = dice.choice(["9" * 1_000, "many", "1e9", "--3"])
        if kind == "date":
            one[5] = dice.choice(["2026-02-30", "soon", "2199-01-01", "0000-00-00"])
        if kind == "nobody":
            one = ["", "", "", one[3], "", ""]
        hopeless[kind in ("quote", "short", "long", "number", "date", "nobody")] += 1
        lines.append(",".join(one))
    return "\n".join(lines).encode(errors="replace"), hopeless[True]


def test_what_the_dry_run_says_of_a_hostile_file_comes_true(settings):
    operator = make_company()
    body, hopeless = hostile(900)
    upload = bring(body, operator)

    told = rehearse(upload, operator, mapping=MAPPING)
    run = take(upload, operator)

    assert told["counts"] == figures(run)
    assert run.records == sum(told["counts"].values()) == 900
    assert run.rejected == hopeless
    assert Lead.objects.count() == run.new


@pytest.mark.slow
@pytest.mark.parametrize("records", [50_000, 1_000_000])
def test_a_large_hostile_file_is_accounted_for_in_little_memory(tmp_path, records):
    make_company()
    body, hopeless = hostile(records)
    path = tmp_path / "hostile.csv"
    path.write_bytes(body)
    del body
    before, refused = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, Counter()

    run = imports.import_file(
        path=path, mapping=MAPPING, at=MONDAY_NINE, by=None,
        refuse=lambda one: refused.update([one.line]),
    )  # fmt: skip

    assert run.records == run.new + run.updated + run.duplicate + run.rejected == records
    assert run.rejected == len(refused) == hopeless
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300 * 1024
