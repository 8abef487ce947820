"""What is asked without a clock stands on the desk, too: a word, an answer."""

from datetime import timedelta

import pytest
from django.urls import reverse

from leads.actions import contributions
from leads.actions.handing import endings
from leads.models import Contribution
from sla.actions import comments, drafting
from tests.factories import (
    MONDAY_NINE,
    make_accepted,
    make_agreement,
    make_terms,
    make_user,
)

LATER = MONDAY_NINE + timedelta(hours=2)
pytestmark = [pytest.mark.django_db, pytest.mark.now(LATER)]


@pytest.fixture
def draft():
    author = make_user("Lena Brandt", team="demand-generation")
    return drafting.draft(
        agreement_id=make_agreement().pk, terms=make_terms(title="New"), by=author, at=LATER
    )


def comment(version, by, **more):
    return comments.write(
        version_id=version.pk, path="title", text="Why?", by=by, at=LATER, **more
    )


def test_a_comment_waits_on_the_desk_of_who_wrote_the_text(desk, draft):
    asker = make_user("Anna Keller")
    before = desk(draft.created_by)
    thread = comment(draft, asker)

    asked = desk(draft.created_by)
    comment(draft, draft.created_by, reply_to=thread.pk)

    waits = "a comment waits for your word"
    pages = (before, asked, desk(draft.created_by), desk(asker))
    assert [waits in page for page in pages] == [False, True, False, True]


def test_delivered_material_is_asked_about_once_the_lead_is_won(client, desk):
    rep = make_user("Anna Keller")
    handoff = make_accepted(by=rep, at=MONDAY_NINE)
    asked = contributions.ask(
        lead_id=handoff.lead_id, kind="comparison", subject="Vibrex", by=rep, at=LATER
    )
    contributions.deliver(contribution_id=asked.pk, by=asked.owner, at=LATER)
    before = desk(rep)
    endings.complete(handoff_id=handoff.pk, by=rep, at=LATER, outcome="won")

    after = desk(rep)
    client.post(reverse("leads:desk-used", args=[asked.pk]), {"used": "yes"})

    assert ["was it used?" in page for page in (before, after, desk(rep))] == [
        False, True, False,
    ]  # fmt: skip
    assert Contribution.objects.get().used is True
