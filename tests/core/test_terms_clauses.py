"""The agreement as people read it: numbered clauses in plain sentences."""

import pytest

from sla.core import terms
from sla.core.clauses import render
from sla.core.diff import compare
from tests.core.agreements import changed, classic, everything


def clause(path, document=None):
    sections = render(terms.read(document or classic()))
    return next(one for section in sections for one in section.clauses if one.path == path)


def test_the_sections_stand_in_one_order_with_fixed_numbers():
    assert [(section.number, section.title) for section in render(terms.parse(classic()))] == [
        (1, "Purpose"),
        (2, "The journey"),
        (3, "Who owes what, by when"),
        (4, "Volume and conversion"),
        (5, "Being late"),
        (6, "Returning a lead"),
        (7, "Whose time counts"),
        (8, "Working time"),
        (9, "Further clauses"),
        (10, "This agreement"),
    ]


def turned_round(value):
    """The same JSON with the keys of every object in another order."""
    if isinstance(value, dict):
        return {key: turned_round(one) for key, one in reversed(value.items())}
    return [turned_round(one) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize("document", [classic(), everything()], ids=["classic", "everything"])
def test_nothing_is_said_by_the_order_of_an_objects_keys_which_nobody_signs(document):
    other = turned_round(document)

    assert terms.digest(other) == terms.digest(document)
    assert render(terms.parse(other)) == render(terms.parse(document))
    assert compare(document, other) == []


def test_a_section_of_which_nothing_was_agreed_says_so():
    found = {
        section.title: section.clauses[0].text
        for section in render(terms.parse(terms.template("empty")))
        if section.clauses[0].path.startswith("nothing/")
    }

    assert found == {
        "Who owes what, by when": "Nobody owes anything yet.",
        "Volume and conversion": "No volume is promised.",
        "Returning a lead": "There is no reason to return a lead.",
        "Further clauses": "There are none.",
    }


def test_a_clause_has_a_number_a_title_a_key_and_a_path_that_stays():
    found = clause("obligations/first_attempt")

    assert (found.number, found.key, found.title) == ("3.2", "first_attempt", "First attempt")


def test_what_people_wrote_is_marked_as_prose():
    assert clause("preamble").prose
    assert clause("clauses/counting").prose
    assert not clause("obligations/accept").prose


SAID = [
    ("journey/comparing", "A person is comparing when the company’s country is AT"),
    ("journey/customer", "A person is at the stage “customer” when somebody has attested"),
    ("journey/customer", "In evidence and returns this is called ordered."),
    ("handoffs/to_outside_sales", "It cannot be offered without the phone number"),
    (
        "obligations/first_attempt",
        "15 minutes for demo request (1 hour for those beyond 50 in a week)",
    ),
    (
        "obligations/disposition",
        "It may pause once, for 1 working day at most, when asked to be",
    ),
    ("obligations/decide", "If nothing is decided in time, the lead counts."),
    ("obligations/contribution", "delivers a case study, a comparison or a customer reference"),
    (
        "commitments/comparing_a_month",
        "Marketing brings 400 leads a month that reach comparing.",
    ),
    (
        "commitments/cadence_kept",
        "Sales keeps “Cadence” in 100\u00a0% of what is due in a month.",
    ),
    ("benchmarks/noticed_comparing", "Nobody has confirmed it, so it gives no verdict."),
    (
        "ladders/quiet",
        "4 hours of working time after it is due: the manager (gathered hourly) is told",
    ),
    ("ladders/quiet", "both heads (gathered weekly) are told by mail."),
    ("calendars/berlin", "Saturday and Sunday closed."),
    ("calendars/berlin", "Open at other hours on 24\u00a0Dec\u00a02024 (09:00 to 12:00)"),
    ("governance/signing", "A signatory of Marketing and a signatory of Sales sign"),
]


@pytest.mark.parametrize(("path", "said"), SAID)
def test_the_classic_agreement_says_it_in_sentences(path, said):
    assert said in clause(path).text


CHANGED = [
    (
        ["journey", 2, "criteria"],
        None,
        "journey/comparing",
        "Nothing that can be checked says when a person is comparing.",
    ),
    (["handoffs", 1, "package"], [], "handoffs/to_outside_sales", "The giver makes the offer."),
    (["handoffs", 0, "expires_after"], None, "handoffs/to_inside_sales", "the giver owes it."),
    (["handoffs", 0, "package"], ["lead.shoe"], "handoffs/to_inside_sales", "go “lead.shoe”;"),
    (
        ["obligations", 0, "handoff"],
        None,
        "obligations/accept",
        "On every handoff, Sales accepts",
    ),
    (
        ["obligations", 0, "handoff"],
        "gone",
        "obligations/accept",
        "On the handoff “gone”, Sales",
    ),
    (
        ["obligations", 0, "calendar"],
        {"fixed": "gone"},
        "obligations/accept",
        "on the calendar gone.",
    ),
    (["obligations", 2, "attempts"], None, "obligations/cadence", "makes the agreed attempts"),
    (["obligations", 11, "from_stage"], None, "obligations/contribution", "in any stage."),
    (
        ["obligations", 0, "targets", 0, "segment"],
        "Fair, spring",
        "obligations/accept",
        "1 hour for “Fair, spring”.",
    ),
    (
        ["commitments", 0, "stage"],
        None,
        "commitments/comparing_a_month",
        "reach the stage “…”.",
    ),
    (
        ["return_reasons", 0, "disputes"],
        "gone",
        "return_reasons/country_not_served",
        "It disputes gone.",
    ),
    (
        ["calendars", "berlin", "tz_version"],
        "",
        "calendars/berlin",
        "Times are those of Europe/Berlin.",
    ),
    (["calendars", "berlin", "valid_through"], None, "calendars/berlin", "(09:00 to 12:00)."),
    (["governance", "outage_excuses"], False, "governance/outages", "counts all the same."),
    (["governance", "cure_period"], None, "governance/breaches", "ladder are reviewed."),
    (["governance", "passkey_required"], True, "governance/signing", "A passkey is required."),
    (
        ["governance", "signed_by"],
        {"sales": "head"},
        "governance/signing",
        "A signatory of Marketing and the head of Sales sign, two different persons.",
    ),
    (["trusted_sources"], [], "trusted_sources", "learns of it."),
]


@pytest.mark.parametrize(("where", "value", "path", "said"), CHANGED)
def test_another_choice_reads_otherwise_also_in_an_unfinished_draft(where, value, path, said):
    assert said in clause(path, changed(classic(), where, value)).text


def test_a_number_of_kept_obligations_and_a_segment_and_source_are_said():
    document = everything()

    assert (
        "keeps “Answers to returns” 50 times a quarter."
        in clause("commitments/answers_kept", document).text
    )
    assert (
        "leads of the kind demo request from the source web form that are"
        in clause("benchmarks/noticed_comparing", document).text
    )
    assert "cfo@example.com" in clause("ladders/quiet", document).text
    assert (
        "Leads that were in shortlisted of an earlier version stand here."
        in clause("journey/comparing", document).text
    )


def test_an_agreement_without_a_preamble_begins_with_its_name():
    (name,) = render(terms.parse(terms.template("empty")))[0].clauses

    assert name.text == "This agreement is called “Our agreement”."
