"""Documents and companies for the tests of the terms."""

from sla.core import terms
from sla.core.warnings import Directory, Team


def classic():
    """The classic template, to change as one likes."""
    return terms.template("classic")


def changed(document, path, value):
    """The document with the value at `path` replaced; path is a list of names and indices."""
    *inside, last = path
    holder = document
    for part in inside:
        holder = holder[part]
    holder[last] = value
    return document


def everything():
    """A valid document in which each part of the schema is said at least once."""
    document = classic()
    document["calendars"]["berlin"]["breaks"] = {"2026-10-14": [["12:00", "12:30"]]}
    closed = document["calendars"]["berlin"]["closed"]
    document["calendars"]["berlin"]["closed_names"] = {closed[0]: "New Year’s Day"}
    weekend = {"sat": [["09:00", "12:00"]], "sun": [["10:00", "11:00"]]}
    document["calendars"]["berlin"]["weekly"] |= weekend
    comparing = document["journey"][2]
    comparing["replaces"] = ["shortlisted"]
    comparing["criteria"] = {"key": "fit", "all": [*comparing["criteria"]["all"], *EVERY_LEAF]}
    document["obligations"][-1]["materials"] = ["case_study", "reference"]
    document["obligations"][10]["default"] = "does_not_count"
    told = {
        "whom": ["manager", "steward", {"person": "cfo@example.com"}],
        "channels": ["mail", "webhook"],
    }
    document["ladders"]["quiet"][2] |= told
    document["commitments"] += [
        {
            "key": "answers_kept",
            "department": "marketing",
            "name": "Answers in time",
            "measure": "obligation_kept",
            "obligation": "answer",
            "period": "quarter",
            "count": 50,
            "behind": {"below": 80, **told, "digest": {"manager": "daily"}},
        }
    ]
    document["benchmarks"][0] |= {"segment": "demo_request", "source": "web form"}
    document["return_reasons"].append({"key": "other", "name": "Something else"})
    return document


EVERY_LEAF = [
    {"key": "spelled", "field": "attributes.plan", "op": "is", "value": "pro", "type": "text"},
    {
        "key": "founded",
        "field": "attributes.founded",
        "op": "between",
        "value": ["1990-01-01", "2020-12-31"],
        "type": "date",
    },
    {
        "key": "seats",
        "field": "attributes.seats",
        "op": "at_most",
        "value": 500,
        "type": "integer",
    },
    {"key": "sized", "field": "attributes.staff", "op": "present", "type": "integer"},
    {"key": "consented", "field": "lead.consent", "op": "is", "value": True},
    {
        "key": "not_spam",
        "not": {"key": "spam", "field": "lead.source", "op": "is", "value": "x"},
    },
    {
        "key": "talked",
        "touch": ["call", "chat"],
        "department": "marketing",
        "direction": "inbound",
        "within": "P10D",
        "count": 2,
    },
    {"key": "approved", "attested": "approved_by_finance"},
]


def company(**changes):
    """Teams for the classic agreement, each with people, a steward and a calendar."""
    teams = {
        key: Team(
            key=key,
            department=department,
            steward=f"steward@{key}.example",
            manager=f"manager@{key}.example",
            calendar="berlin",
            members=(f"one@{key}.example", f"two@{key}.example"),
        )
        for key, department in (
            ("demand-generation", "marketing"),
            ("content", "marketing"),
            ("inside-sales", "sales"),
            ("outside-sales", "sales"),
        )
    }
    heads = {"marketing": "nair@example.com", "sales": "hoffmann@example.com"}
    parts = {"teams": tuple(teams.values()), "heads": heads} | changes
    return Directory(**parts)
