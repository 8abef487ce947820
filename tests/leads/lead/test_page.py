"""The page of a lead: its life in two lanes and as a list, over its whole length."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from leads.actions import contributions
from leads.actions.handing import endings
from leads.actions.journeys import attestations, journey, touches
from leads.actions.library import keeping
from leads.desk.story import reading, telling
from leads.models import Handoff, StageEntry, Touch
from portal.accounts.models import Role
from tests.factories import (
    MONDAY_NINE,
    make_accepted,
    make_handoff,
    make_lead,
    make_operations,
    make_user,
)
from tests.kept import kept

HOUR = timedelta(hours=1)
LATER = MONDAY_NINE + 2 * HOUR
LINK = "https://example.test/mill"
pytestmark = [pytest.mark.django_db, pytest.mark.now(LATER)]


@pytest.fixture(scope="module")
def accepted(django_db_setup, django_db_blocker):
    with kept(django_db_blocker):
        yield make_accepted(at=MONDAY_NINE).pk


@pytest.fixture
def handoff(accepted):
    return Handoff.objects.get(pk=accepted)


@pytest.fixture
def rep(client, handoff):
    client.force_login(handoff.receiver)
    return handoff.receiver


def page_of(client, lead):
    return client.get(reverse("leads:lead", args=[lead.pk]))


def many_touches(lead, number, kind="mail", department="marketing"):
    Touch.objects.bulk_create(
        Touch(
            lead=lead, department_id=department, kind=kind, direction="outbound",
            occurred_at=MONDAY_NINE - HOUR * place, recorded_at=MONDAY_NINE,
        )
        for place in range(1, number + 1)
    )  # fmt: skip


def test_the_journey_is_drawn_wide_and_upright_and_told_as_a_list(client, rep, handoff):
    page = page_of(client, handoff.lead)

    assert page.status_code == 200
    assert page.text.count("Journey of ") == 2  # each drawing says what it shows
    assert "Everything, as a list" in page.text
    assert f"{rep} accepted it." in page.text


def test_the_list_stands_stage_by_stage_newest_first(client, rep, handoff):
    touches.log(lead_id=handoff.lead_id, kind="call", by=rep, at=MONDAY_NINE + HOUR)

    story = reading.read(handoff.lead)
    told = telling.chapters(story, None, {"talking": "Talking", "comparing": "Comparing"})

    assert [chapter.label for chapter in told] == ["Talking", "Comparing"]
    assert told[0].lines[0].text.startswith("Call, by ")
    assert told[0].open


def test_handoffs_requests_facts_and_moves_are_all_in_the_list(client, rep, handoff):
    lead = handoff.lead
    asked = contributions.ask(
        lead_id=lead.pk, kind="comparison", competitor="Fluxion", subject="For their board",
        by=rep, at=MONDAY_NINE + HOUR,
    )  # fmt: skip
    contributions.deliver(
        contribution_id=asked.pk, by=asked.owner, at=LATER, link="https://example.test/fluxion"
    )
    attestations.attest(lead_id=lead.pk, fact="budget_confirmed", by=rep, at=LATER)

    page = page_of(client, lead)

    assert f"{rep} asked for a comparison with Fluxion: For their board." in page.text
    assert f"{asked.owner} delivered: For their board." in page.text
    assert f"{rep} vouched: budget confirmed." in page.text
    assert "Comparison asked" in page.text
    assert "Comparison delivered" in page.text


def test_hundreds_of_touches_are_grouped_and_none_is_forgotten(client, rep, handoff):
    many_touches(handoff.lead, 700)

    page = page_of(client, handoff.lead)
    story = reading.read(handoff.lead)

    assert len(story.touches) == reading.MOST
    assert sum(one.number for one in story.earlier) == 400
    assert "400 × Mail, told together." in page.text
    assert "300 × Mail." in page.text
    assert len(page.content) < 300_000


def test_four_touches_in_a_row_are_one_line_and_three_are_three():
    lead = make_lead()
    many_touches(lead, 3)

    three = telling.chapters(reading.read(lead), None, {})
    many_touches(lead, 1, department="sales")
    many_touches(lead, 4, kind="page")
    more = telling.chapters(reading.read(lead), None, {})

    assert sum(len(chapter.lines) for chapter in three) == 4  # and the first stage
    assert any(line.form == "many" and len(line.inner) >= 4 for line in more[0].lines)


def test_of_a_stage_in_which_very_much_happened_the_newest_stands_and_the_rest_is_folded(
    client, rep
):
    lead = make_lead()
    for side in ("marketing", "sales"):
        many_touches(lead, telling.MOST, department=side)

    (told,) = telling.chapters(reading.read(lead), None, {})

    assert len(told.lines) == telling.MOST < len(told.older)
    assert len(told.lines) + len(told.older) == told.number
    assert told.lines[-1].at >= told.older[0].at
    assert f"{len(told.older)} older entries of this stage" in page_of(client, lead).text


def test_the_last_stage_of_a_closed_lead_ends_when_it_was_closed():
    lead = make_lead(closed_at=MONDAY_NINE + HOUR, closed_as="lost")

    (still_open,) = telling.chapters(reading.read(make_lead()), None, {})
    (told,) = telling.chapters(reading.read(lead), None, {})

    assert still_open.end is None
    assert told.end == MONDAY_NINE + HOUR


def test_old_stages_are_folded_and_the_newest_stand_open():
    lead = make_lead()
    for place in range(30):
        stage = ("exploring", "comparing")[place % 2]
        StageEntry.objects.create(lead=lead, stage=stage, entered_at=MONDAY_NINE + HOUR * place)

    told = telling.chapters(reading.read(lead), None, {})

    assert told[0].open
    assert not told[-1].open
    assert len(told) == 30  # the first stage was passed through at once


def test_what_happens_after_the_sale_is_part_of_the_life(client, rep, handoff):
    lead = handoff.lead
    endings.complete(handoff_id=handoff.pk, by=rep, at=MONDAY_NINE + HOUR, outcome="won")
    for fact in ("order_signed", "in_use"):
        attestations.attest(lead_id=lead.pk, fact=fact, by=rep, at=MONDAY_NINE + HOUR)
    lead.refresh_from_db()
    if lead.stage != "using":
        boss = handoff.receiver_team.manager
        journey.move(
            lead_id=lead.pk, to_stage="using", by=boss, at=MONDAY_NINE + HOUR,
            waiver_reason="runs since today",
        )  # fmt: skip
    touches.log(lead_id=lead.pk, kind="call", by=rep, at=LATER, subject="How does it run?")

    page = page_of(client, lead)

    assert "Using it" in page.text
    assert "How does it run?" in page.text


def test_a_merged_leads_touches_are_told_with_the_one_that_remains(client, rep, handoff):
    other = make_lead()
    many_touches(other, 1, kind="webinar")
    other.merged_into = handoff.lead
    other.save()

    assert "Webinar" in page_of(client, handoff.lead).text


def test_a_stage_entry_opens_onto_what_was_seen(client, rep, handoff):
    assert "What was seen" in page_of(client, handoff.lead).text


def test_delivered_material_is_asked_about_once_when_the_lead_is_won(client, rep, handoff):
    lead = handoff.lead
    asked = contributions.ask(
        lead_id=lead.pk, kind="case_study", subject="Paper mill", by=rep, at=MONDAY_NINE + HOUR
    )
    contributions.deliver(
        contribution_id=asked.pk, by=asked.owner, at=LATER, link="https://example.test/paper"
    )
    before = page_of(client, lead).text
    endings.complete(handoff_id=handoff.pk, by=rep, at=LATER, outcome="won")
    won = page_of(client, lead).text

    client.post(reverse("leads:contribution-used", args=[asked.pk]), {"used": "yes"})
    after = page_of(client, lead).text

    assert "Was “Paper mill” used?" not in before
    assert "Was “Paper mill” used?" in won
    assert "Was “Paper mill” used?" not in after
    assert "It was used." in after


def test_a_touch_is_logged_by_the_kind_alone(client, rep, handoff):
    url = reverse("leads:touch-log", args=[handoff.lead_id])

    answer = client.post(url, {"kind": "voicemail"})

    assert answer.status_code == 302
    assert handoff.lead.touches.get(kind="voicemail").by == rep


def test_a_fact_is_vouched_for_and_taken_back_on_the_page(client, rep, handoff):
    lead = handoff.lead
    said = {"fact": "budget_confirmed", "note": "their CFO said so"}
    client.post(reverse("leads:attest", args=[lead.pk]), said)
    vouched = page_of(client, lead).text

    client.post(reverse("leads:attest-withdraw", args=[lead.pk]), {"fact": "budget_confirmed"})

    assert "their CFO said so" in vouched
    assert f"{rep} took back: budget confirmed." in page_of(client, lead).text
    assert not lead.attestations.filter(withdrawn_at=None).exists()


def test_operations_read_and_have_no_buttons_to_act(client, handoff):
    client.force_login(make_operations())

    page = page_of(client, handoff.lead)

    assert page.status_code == 200
    assert reverse("leads:touch-log", args=[handoff.lead_id]) not in page.text
    assert reverse("leads:attest", args=[handoff.lead_id]) not in page.text


def test_who_reads_no_leads_finds_none(client, handoff):
    client.force_login(make_user(team=None, role=Role.ADMIN))

    for name in ("lead", "lead-company", "lead-changes", "lead-duplicates"):
        assert client.get(reverse(f"leads:{name}", args=[handoff.lead_id])).status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        "lead", "lead-company", "lead-changes", "lead-duplicates", "lead-move",
        "contribution-ask", "lead-list", "library", "library-plan", "contributions",
        "old-words", "content",
    ],
)  # fmt: skip
def test_a_page_asks_at_most_twelve_questions(client, handoff, name):
    """By who may do most and least, on a lead with something of everything."""
    lead, rep = handoff.lead, handoff.receiver
    lena = lead.assignments.get(department="marketing", until=None).member
    said = keeping.Described(title="Mill", kind="case_study", owner=lena, link=LINK)
    content = keeping.add(described=said, by=lena, at=MONDAY_NINE)
    for subject in ("One", "Two"):
        asked = contributions.ask(
            lead_id=lead.pk, kind="case_study", subject=subject, by=rep, at=MONDAY_NINE + HOUR
        )
    contributions.deliver(
        contribution_id=asked.pk, by=asked.owner, at=LATER, content_id=content.pk
    )
    attestations.attest(lead_id=lead.pk, fact="budget_confirmed", by=rep, at=LATER)
    make_lead(company=lead.company)
    many_touches(lead, 12)
    own = {"contribution-ask", "content"} | {n for n in (name,) if n.startswith("lead")}
    args = [] if name == "lead-list" or name not in own else [lead.pk]
    url = reverse(f"leads:{name}", args=[content.pk] if name == "content" else args)

    for reader in (rep, lena, handoff.receiver_team.manager, make_user()):
        client.force_login(reader)
        asked_for = queries(client, url)
        assert len(asked_for) <= 12, "\n".join(sql[:160] for sql in asked_for)


def queries(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as found:
        assert client.get(url).status_code == 200
    return [one["sql"] for one in found.captured_queries]


def test_an_offer_is_accepted_on_the_page_of_its_lead_and_taken_back_there(client):
    offered = make_handoff(at=LATER)
    client.force_login(offered.receiver)
    htmx = {"HX-Request": "true", "HX-Target": "main"}
    url = reverse("leads:handoff-accept", args=[offered.pk])

    assert f'hx-post="{url}"' in page_of(client, offered.lead).text
    accepted = client.post(url, headers=htmx)
    again = client.post(url, headers=htmx)
    back = reverse("leads:handoff-undo", args=[offered.pk]) + "?from=lead"
    offered.refresh_from_db()

    assert offered.state == "accepted"
    assert back in accepted.text
    assert 'id="main"' in accepted.text
    assert (again.status_code, 'role="alert"' in again.text) == (409, True)
    assert client.post(back).url == reverse("leads:lead", args=[offered.lead_id])
