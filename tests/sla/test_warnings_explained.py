"""Warnings on the page: the fact, why, what would solve it, and who signed knowing it."""

import pytest
from django.urls import reverse

from leads.models import StageEntry
from portal.notifications.models import Connection, Endpoint
from sla.actions.directory import directory
from tests.factories import make_lead, make_terms, make_user
from tests.sla.versions import NINE, a_draft, a_proposal, sign

pytestmark = pytest.mark.django_db


def page_of(client, version):
    client.force_login(make_user())
    return client.get(reverse("sla:version", args=[version.agreement.key, version.number])).text


def test_a_warning_of_a_draft_says_what_solves_it_and_links_to_the_editor(client):
    page = page_of(client, a_draft())

    assert "A benchmark nobody confirmed" in page
    assert "Confirm the rate, or change it." in page
    assert "/edit/volumes/" in page


def test_a_grave_warning_shows_who_acknowledged_it_and_when(client):
    terms = make_terms()
    terms["obligations"] = [o for o in terms["obligations"] if o["key"] != "answer_inside"]
    version = a_proposal(terms=terms)
    sign(version, "marketing", at=NINE)

    page = page_of(client, version)

    assert "Grave: both sign knowing it." in page
    assert "Acknowledged by Head of marketing for Marketing" in page


def test_without_slack_or_teams_nobody_is_reached_by_push():
    one = make_user()

    assert one.email in directory().without_push


def test_a_channel_of_the_team_and_a_direct_connection_reach_people():
    inside, outside = make_user(), make_user(team="outside-sales")
    loner = make_user(team="demand-generation")
    Endpoint.objects.create(kind="teams", name="Inside", team=inside.team)
    bot = Endpoint.objects.create(kind="slack_bot", name="Bot")
    Connection.objects.create(user=outside, endpoint=bot, account="U1", connected_at=NINE)

    deaf = directory().without_push

    assert {inside.email, outside.email} & deaf == set()
    assert loner.email in deaf


def test_the_stage_names_of_other_systems_are_words_to_map():
    StageEntry.objects.create(lead=make_lead(), stage="SQO", entered_at=NINE, imported=True)

    assert "SQO" in directory().legacy_words
