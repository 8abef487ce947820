"""The list of leads: its rows, what is shown in place, and what is written by strangers."""

from datetime import timedelta

import pytest
from django.urls import reverse

from leads.core.words.stages import StageWords
from leads.desk.listed import Listed, drawn
from leads.models import Lead
from tests.factories import MONDAY_NINE, make_company, make_lead, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.now(MONDAY_NINE)]
IN_PLACE = {"HX-Request": "true", "HX-Target": "rows"}


def test_older_rows_come_in_place_and_are_a_page_without_script(client):
    for _ in range(52):
        make_lead(company=None)
    client.force_login(make_user())
    first = client.get(reverse("leads:lead-list"))
    older = first.text.partition('rel="next" href="')[2].partition('"')[0]
    url = reverse("leads:lead-list") + older

    piece, page = client.get(url, headers=IN_PLACE), client.get(url)

    assert "<html" not in piece.text
    assert piece.text.strip() in page.text
    assert piece.text.count('role="rowheader"') == 2


def test_what_strangers_typed_is_shown_and_never_run(client):
    nasty = "<script>alert(1)</script>"
    make_lead(nasty, company=make_company(nasty), source=nasty, segment=nasty)
    client.force_login(make_user())

    page = client.get(reverse("leads:lead-list")).text

    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 2


def test_a_closed_lead_says_how_and_a_day_is_said_as_short_as_it_may_be():
    lead = make_lead("Ina")
    row = Listed(lead.pk, "Ina", Lead.Closed.WON, None, "comparing", "", "", MONDAY_NINE)
    before = row._replace(closed_as="", received_at=MONDAY_NINE - timedelta(days=1))

    text = str(drawn([row, before], StageWords(), False, MONDAY_NINE))

    assert '<small class="dim">won</small>' in text
    assert '<time datetime="2026-03-02T08:00:00Z">' in text
    assert "Sun " in text
