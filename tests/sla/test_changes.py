"""The redline between any two versions or saves, each change with what it costs."""

import pytest
from django.urls import reverse

from leads.actions.handing import handoffs
from portal.accounts.models import Role
from portal.ledger.models import LedgerEntry
from sla.actions import drafting, review
from sla.core import terms as core
from sla.core.backtest import Backtest, Clause, Stage
from sla.core.diff import compare_terms
from sla.views.costs import with_costs
from tests.factories import MONDAY_NINE, make_handoff, make_terms, make_user, make_version
from tests.leads.clockwork import MINUTE, terms_where
from tests.sla.versions import DAY, HOUR, NINE, a_draft, a_proposal

pytestmark = pytest.mark.django_db
QUICK = terms_where("accept", targets=[{"segment": None, "within": "PT30M", "beyond": None}])


def page_of(client, version, by=None, **query):
    client.force_login(by or make_user())
    query = {name.rstrip("_"): value for name, value in query.items()}
    address = reverse("sla:version-diff", args=[version.agreement.key, version.number])
    return client.get(address, query)


def answered_late_by_half_an_hour():
    """Within the hour that is allowed, not within half of it."""
    handoff = make_handoff(at=MONDAY_NINE)
    at = MONDAY_NINE + 45 * MINUTE
    handoffs.accept(handoff_id=handoff.pk, by=handoff.receiver, at=at)


def test_a_version_is_compared_with_the_one_in_force_unless_others_are_named(client):
    make_version()
    draft = a_draft(terms=make_terms(title="Another name"))

    assert "Another name" in page_of(client, draft).text
    assert "Nothing changes." in page_of(client, draft, from_="v2", to="v2").text


def test_two_saves_are_compared_in_sentences(client):
    draft = a_draft()
    by = draft.created_by
    for number, title in ((1, "Second"), (2, "Third")):
        drafting.save(
            version_id=draft.pk, terms=make_terms(title=title), by=by, at=NINE, seen_save=number
        )

    page = page_of(client, draft, from_="v1.s2", to="v1.s3").text

    assert "<del>Second" in page
    assert "<ins>Third" in page
    assert "Version 1, save 3 by" in page


@pytest.mark.parametrize("token", ["v9", "v1.s99", "3", "v1.s", "v01", "'"])
def test_a_text_that_is_not_there_is_404(client, token):
    assert page_of(client, a_draft(), from_=token).status_code == 404


def test_a_changed_target_says_how_many_it_would_have_made_late(client):
    make_version()
    answered_late_by_half_an_hour()
    draft = a_draft(terms=QUICK)

    page = page_of(client, draft, since="2026-03-01", until="2026-03-31").text

    assert "1 more late: 1 of 1, not 0." in page
    assert "Few data: it says little." in page


def test_who_reads_no_leads_sees_no_count_of_them(client):
    make_version()
    answered_late_by_half_an_hour()
    admin = make_user(team=None, role=Role.ADMIN)

    page = page_of(client, a_draft(terms=QUICK), by=admin, since="2026-03-01").text

    assert "30 minutes" in page
    assert "late: 1 of 1" not in page


def test_a_draft_that_makes_no_sense_yet_is_compared_all_the_same(client):
    make_version()
    draft = a_draft(terms=QUICK)
    draft.terms["obligations"][0]["ladder"] = "nowhere"
    draft.save()

    assert page_of(client, draft).status_code == 200


def test_a_proposal_keeps_the_backtest_that_was_shown_and_the_ledger_its_digest():
    make_version()
    answered_late_by_half_an_hour()

    proposal = a_proposal(at=NINE + DAY, terms=QUICK)

    kept = Backtest.from_json(proposal.backtest).of("accept")
    assert (kept.n, kept.before, kept.late, kept.newly) == (1, 0, 1, 1)
    entry = _last("version_proposed")
    assert core.digest(proposal.backtest) in entry.body


def test_what_happens_later_does_not_change_the_backtest_that_is_signed(client):
    make_version()
    answered_late_by_half_an_hour()
    proposal = a_proposal(at=NINE + DAY, terms=QUICK)
    before = proposal.backtest
    make_handoff(at=MONDAY_NINE + HOUR)
    proposal.refresh_from_db()

    client.force_login(make_user())
    page = client.get(reverse("sla:version", args=[proposal.agreement.key, proposal.number]))

    assert proposal.backtest == before
    assert "it is attached to what is signed" in page.text
    assert "1 of 1 late" in page.text


def test_a_revision_begins_without_the_backtest_of_the_one_before():
    make_version()
    proposal = a_proposal(terms=QUICK)

    revised = review.revise(version_id=proposal.pk, by=make_user(), at=NINE + HOUR)

    assert revised.backtest is None


def _last(kind):
    return LedgerEntry.objects.filter(kind=kind).latest("seq")


def test_changed_criteria_and_calendars_say_what_each_does_by_itself():
    old, new = make_terms(), make_terms()
    new["calendars"]["berlin"]["closed"].append("2026-12-30")
    new["journey"][1]["criteria"] = {"key": "big", "field": "lead.score", "op": "present"}
    stage = new["journey"][1]["key"]
    tried = Backtest(
        NINE, NINE, 1, 5, (),
        clauses=(Clause("calendars/berlin", 3, 1),), stages=(Stage(stage, "", 9, 5, 6, 1, 2),),
    )  # fmt: skip

    changes = with_costs(compare_terms(core.read(old), core.read(new)), tried)

    said = {change.path.split("/")[0]: change.cost for change in changes if change.cost}
    assert said == {
        "calendars": "By itself: 3 newly late, 1 no longer late.",
        "journey": "5 of 9 leads met it; 2 no longer, 1 newly.",
    }
