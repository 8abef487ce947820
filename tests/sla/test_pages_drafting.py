"""The pages on which a version is written and proposed."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from portal import wallclock
from sla.actions import drafting
from sla.core.diff import compare
from sla.forms.draft import DurationField, number_and_unit
from sla.forms.parts import PARTS
from sla.models import Version
from tests.core.agreements import everything
from tests.factories import make_operations, make_terms, make_user
from tests.sla.browsing import as_sent
from tests.sla.versions import (
    HOUR,
    MINUTE,
    NINE,
    a_draft,
    a_proposal,
    a_signed_version,
    an_agreement,
    edited,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr(wallclock, "now", lambda: NINE + HOUR)


@pytest.fixture
def editor(client):
    person = make_user(team="demand-generation")
    client.force_login(person)
    return person


def address(version, name="draft-edit"):
    return reverse(f"sla:{name}", args=[version.agreement.key, version.number])


def part_of(version, part="words"):
    return reverse("sla:draft-part", args=[version.agreement.key, version.number, part])


def sent_by(client, version, part="words", **entered):
    """The form of a part as it is shown, with other values in some of its fields."""
    return as_sent(client.get(part_of(version, part)).text) | entered


@pytest.mark.parametrize("part", PARTS)
def test_a_form_that_was_sent_back_untouched_changes_nothing(client, editor, part):
    version = a_draft(terms=everything())

    answer = client.post(part_of(version, part), sent_by(client, version, part))

    before = version.terms
    version.refresh_from_db()
    assert answer.status_code == 302
    assert version.terms == before
    assert version.saves.count() == 1


def test_prose_keeps_its_ends_of_line(client, editor):
    version = a_draft(terms=make_terms(preamble="\nTwo lines.\nOf prose. \n\n- and a list\n"))

    client.post(part_of(version), sent_by(client, version, title="New"))

    before = version.terms["preamble"]
    version.refresh_from_db()
    assert (version.terms["title"], version.terms["preamble"]) == ("New", before)


def test_half_a_form_that_saves_itself_is_no_error_and_one_that_somebody_saves_is(
    client, editor
):
    version = a_draft(terms=make_terms())
    half = sent_by(client, version, title="")

    by_itself = client.post(part_of(version), half, headers={"HX-Request": "true"})
    asked = client.post(part_of(version), half | {"do": "save"})

    assert (by_itself.status_code, asked.status_code) == (200, 422)
    assert "Not saved. This does not fit yet" in by_itself.text
    assert version.saves.count() == 1


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("PT15M", (15, "minutes")),
        ("PT60M", (1, "hours")),
        ("PT16H", (16, "hours")),
        ("PT90M", (90, "minutes")),
        ("P2D", (2, "days")),
        ("P1W", (1, "weeks")),
        ("P1DT4H", None),
        ("PT90S", None),
    ],
)
def test_a_duration_is_shown_in_one_unit_or_not_at_all(written, shown):
    assert number_and_unit(written) == shown


@pytest.mark.parametrize(
    ("written", "entered", "kept"),
    [
        ("PT60M", ("1", "hours"), "PT60M"),
        ("PT60M", ("2", "hours"), "PT2H"),
        ("P1D", ("3", "days"), "P3D"),
        ("P1D", ("1", "weeks"), "P1W"),
        ("PT4H", ("45", "minutes"), "PT45M"),
    ],
)
def test_a_duration_is_kept_as_it_was_written_or_as_it_was_entered(written, entered, kept):
    field = DurationField(label="Within")
    field.initial = written

    assert field.clean(list(entered)) == kept


@pytest.mark.parametrize(
    "entered", [("0", "hours"), ("-1", "days"), ("1.5", "hours"), ("1", "x")]
)
def test_a_duration_is_a_whole_number_of_a_known_unit(entered):
    with pytest.raises(ValidationError):
        DurationField(label="Within").clean(list(entered))


def test_a_length_of_time_of_two_units_survives_a_save(client, editor):
    terms = make_terms()
    terms["obligations"][0]["targets"][0]["within"] = "P1DT4H"
    version = a_draft(terms=terms)

    sent = sent_by(client, version, "promises")
    client.post(part_of(version, "promises"), sent | {"obligations-0-name": "New"})

    version.refresh_from_db()
    assert sent["obligations-0-targets-0-within"] == ["1 day 4 h"]
    assert version.terms["obligations"][0]["name"] == "New"
    assert version.terms["obligations"][0]["targets"][0]["within"] == "P1DT4H"


def test_a_changed_target_is_in_the_redline_of_the_draft(client, editor):
    first = a_signed_version()
    version = a_draft(at=NINE + MINUTE, terms=first.terms)

    sent = sent_by(client, version, "promises")
    sent["obligations-0-targets-0-within"] = "30 min"
    answer = client.post(part_of(version, "promises"), sent, follow=True)

    version.refresh_from_db()
    assert compare(first.terms, version.terms)
    assert "30 minutes" in answer.text


def test_a_stale_save_is_409_shows_both_texts_and_loses_nothing(client, editor):
    version = a_draft()
    sent = sent_by(client, version, preamble="Mine")
    other = make_user("Somebody Else")
    drafting.save(
        version_id=version.pk, terms=edited(version), by=other, at=NINE + MINUTE, seen_save=1
    )

    answer = client.post(part_of(version), sent)

    assert answer.status_code == 409
    assert "Somebody Else saved this draft" in answer.text
    assert ">\nMine</textarea>" in answer.text
    assert 'name="seen_save" id="seen_save" value="2"' in answer.text
    version.refresh_from_db()
    assert version.terms["preamble"] != "Mine"


def test_who_changes_another_part_meanwhile_loses_nothing(client, editor):
    version = a_draft()
    sent = sent_by(client, version, "governance", **{"governance-seals": "quarter"})
    drafting.save(
        version_id=version.pk,
        terms=edited(version),
        by=make_user("Somebody Else"),
        at=NINE + MINUTE,
        seen_save=1,
    )

    answer = client.post(part_of(version, "governance"), sent)

    version.refresh_from_db()
    assert "Somebody else saved meanwhile. Both changes are kept" in answer.text
    assert version.terms["preamble"] == edited(version)["preamble"]
    assert version.terms["governance"]["seals"] == "quarter"


@pytest.mark.parametrize("seen", ["", "x", "٣", "9" * 5000])
def test_a_strange_number_of_a_save_is_a_stale_one(client, editor, seen):
    version = a_draft()

    sent = sent_by(client, version, title="Mine", seen_save=seen)

    assert client.post(part_of(version), sent).status_code == 409


def test_a_field_that_does_not_fit_is_422_with_its_reason(client, editor):
    version = a_draft()

    answer = client.post(part_of(version), sent_by(client, version, title=""))

    assert answer.status_code == 422
    assert "Title is needed." in answer.text


def test_an_agreement_without_any_text_says_what_to_do(client, editor):
    agreement = an_agreement()

    empty = client.get(reverse("sla:agreement", args=[agreement.key]))
    made = client.post(reverse("sla:draft-new", args=[agreement.key]))

    assert empty.status_code == 200
    assert reverse("sla:draft-new", args=[agreement.key]) in empty.text
    assert made.status_code == 302
    assert client.get(made.url).status_code == 200
    assert Version.objects.get().created_by == editor


def test_a_portal_without_an_agreement_opens_its_page(client, editor):
    assert client.get(reverse("sla:agreement-list")).status_code == 200


def test_a_change_begins_as_the_text_in_force(client, editor):
    first = a_signed_version(terms=make_terms(title="Ours"))

    client.post(reverse("sla:draft-new", args=[first.agreement.key]))

    assert Version.objects.get(number=2).terms == first.terms


def test_proposing_asks_when_it_begins_in_the_time_zone_of_who_proposes(client, editor):
    version = a_draft()
    url = address(version, "version-propose")

    wrong = client.post(url, {"effective_from": "soon"})
    done = client.post(url, {"effective_from": "2026-03-09T09:00"})

    version.refresh_from_db()
    assert (wrong.status_code, done.status_code) == (422, 302)
    assert version.requested_from.isoformat() == "2026-03-09T08:00:00+00:00"


def test_what_is_proposed_is_neither_edited_nor_proposed_again(client, editor):
    version = a_proposal()

    assert client.get(address(version)).status_code == 302
    assert client.get(address(version, "version-propose")).status_code == 302
    assert client.post(address(version, "version-propose")).status_code == 409


def test_a_version_is_taken_back_by_who_wrote_it_and_by_operations_only(client, editor):
    version, by_operations = a_draft(by=editor), a_draft()

    assert client.get(address(by_operations, "version-withdraw")).status_code == 404
    assert client.post(address(version, "version-withdraw"), {"reason": ""}).status_code == 422
    said = client.post(address(version, "version-withdraw"), {"reason": "not now"}, follow=True)
    assert f"Version {version.number} is withdrawn." in said.text
    client.force_login(make_operations())
    client.post(address(by_operations, "version-withdraw"), {"reason": "double"})

    assert set(Version.objects.values_list("state", flat=True)) == {"withdrawn"}


def test_the_history_says_what_governed_when(client, editor):
    a_signed_version()
    second = a_signed_version(at=NINE + MINUTE, terms=make_terms(title="Second"))

    page = client.get(reverse("sla:agreement", args=[second.agreement.key]))

    assert "Second" in page.text
    assert "Version 1" in page.text
    assert client.get(address(second, "version-diff")).status_code == 200
