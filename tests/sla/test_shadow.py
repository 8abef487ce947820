"""Shadow mode: clocks as they would have been; nothing is sent and nothing counts."""

import pytest
from django.urls import reverse

from leads.actions.handing import handoffs
from leads.models import Alert, Clock
from portal.accounts.models import Department, Role
from portal.ledger.models import LedgerEntry
from portal.notifications.models import Delivery
from sla import ports
from sla.actions import observing, review
from sla.core.observed import Question
from sla.errors import MayNot, NotInThisState
from tests.factories import (
    MONDAY_NINE,
    make_operations,
    make_signatory,
    make_user,
    make_version,
)
from tests.factories import make_handoff as offer
from tests.leads.clockwork import HOUR, MINUTE, terms_where
from tests.sla.versions import DAY, NINE, a_draft, a_proposal, a_signed_version, sign

pytestmark = pytest.mark.django_db
HALF = [{"segment": None, "within": "PT30M", "beyond": None}]


def an_observed_version():
    """One that allows half an hour to accept, beside an hour in force."""
    make_version()
    proposal = a_proposal(terms=terms_where(targets=HALF))
    observing.start(version_id=proposal.pk, by=make_user(), at=NINE)
    return proposal


def seen(version, at, which="all", page=1):
    return ports.shadow(version, Question(NINE, at, at, which, page))


def accepted_after(minutes):
    handoff = offer(at=MONDAY_NINE + MINUTE)
    at = MONDAY_NINE + (1 + minutes) * MINUTE
    handoffs.accept(handoff_id=handoff.pk, by=handoff.receiver, at=at)
    return handoff


def test_what_would_have_been_late_stands_beside_what_really_happened():
    version = an_observed_version()
    quick, slow = accepted_after(20), accepted_after(45)

    found = seen(version, MONDAY_NINE + 3 * HOUR)

    accepts = {row.link: row for row in found.rows if row.promise == "Accept or return"}
    ends = [accepts[f"/leads/{one.lead_id}/"] for one in (quick, slow)]
    assert [(row.really, row.would) for row in ends] == [("met", "met"), ("met", "late")]
    assert ends[1].would_due == MONDAY_NINE + 31 * MINUTE
    assert [row.link for row in seen(version, MONDAY_NINE + 3 * HOUR, "other").rows] == [
        f"/leads/{slow.lead_id}/"
    ]


def test_who_would_have_been_told_follows_from_the_ladder_of_the_observed_version():
    version = an_observed_version()
    handoff = accepted_after(45)

    row = seen(version, MONDAY_NINE + 3 * HOUR, "other").rows[0]

    assert row.told == (str(handoff.receiver), str(handoff.receiver_team.manager))


def test_nothing_is_written_and_nobody_is_told():
    version = an_observed_version()
    accepted_after(45)
    before = (Clock.objects.count(), Alert.objects.count(), Delivery.objects.count())

    seen(version, MONDAY_NINE + 3 * HOUR)

    assert (Clock.objects.count(), Alert.objects.count(), Delivery.objects.count()) == before
    assert not Clock.objects.filter(version=version).exists()


def test_only_handoffs_since_the_start_are_observed():
    make_version()
    accepted_after(45)
    proposal = a_proposal(terms=terms_where(targets=HALF))

    at = MONDAY_NINE + DAY
    found = ports.shadow(proposal, Question(MONDAY_NINE + HOUR, at, at, "all"))

    assert (found.n, found.rows) == (0, ())


@pytest.mark.parametrize("department", ["marketing", "sales"])
def test_either_department_and_operations_start_and_stop_it_and_the_ledger_says_so(department):
    proposal = a_proposal()

    observing.start(version_id=proposal.pk, by=make_signatory(department), at=NINE)
    observing.start(version_id=proposal.pk, by=make_operations(), at=NINE + HOUR)
    observing.stop(version_id=proposal.pk, by=make_operations(), at=NINE + DAY)

    assert proposal.observations.get().stopped_at == NINE + DAY
    kinds = LedgerEntry.objects.filter(kind__startswith="observation")
    assert list(kinds.order_by("seq").values_list("kind", flat=True)) == [
        "observation_started", "observation_stopped",
    ]  # fmt: skip


def test_an_auditor_does_not_start_it_and_a_draft_or_what_governs_is_not_observed():
    auditor, proposal = make_user(team=None, role=Role.AUDITOR), a_proposal()
    with pytest.raises(MayNot):
        observing.start(version_id=proposal.pk, by=auditor, at=NINE)
    for version in (a_draft(), a_signed_version()):
        with pytest.raises(NotInThisState):
            observing.start(version_id=version.pk, by=make_user(), at=NINE + HOUR)


def test_a_scheduled_version_is_observed_until_it_governs():
    version = a_signed_version(effective_from=NINE + 7 * DAY)

    assert observing.start(version_id=version.pk, by=make_user(), at=NINE + DAY).pk


def test_a_revision_ends_the_observation_of_the_text_before():
    version = an_observed_version()

    review.revise(version_id=version.pk, by=make_signatory("sales"), at=NINE + HOUR)

    assert version.observations.get().stopped_at == NINE + HOUR


def test_the_page_starts_stops_and_shows_it(client):
    make_version()
    proposal = a_proposal(terms=terms_where(targets=HALF))
    client.force_login(make_user())
    page = reverse("sla:shadow", args=[proposal.agreement.key, proposal.number])

    by_itself = client.get(page).text
    client.post(page, {"do": "stop"})
    stopped = client.get(page).text
    client.post(page, {"do": "start"})

    assert "would have been late" in by_itself
    assert "Observe from now on" in stopped
    assert "Stop observing" in client.get(page).text
    assert proposal.observations.filter(stopped_at=None).count() == 1


def test_it_begins_by_itself_with_the_proposal_and_ends_where_the_version_counts():
    make_version()
    proposal = a_proposal()
    observation = proposal.observations.get()

    assert (observation.started_at, observation.stopped_at) == (NINE, None)
    sign(proposal, "marketing", at=NINE + HOUR)
    sign(proposal, "sales", at=NINE + HOUR)

    observation.refresh_from_db()
    assert observation.stopped_at == NINE + HOUR


def test_a_version_that_begins_later_is_observed_until_then():
    make_version()
    proposal = a_proposal(effective_from=NINE + DAY)
    sign(proposal, "marketing", at=NINE + HOUR)
    sign(proposal, "sales", at=NINE + HOUR)

    assert proposal.observations.get().stopped_at is None


def test_one_team_is_looked_at_alone_which_is_how_a_text_is_tried_with_it(client):
    version = an_observed_version()
    accepted_after(45)
    page = reverse("sla:shadow", args=[version.agreement.key, version.number])
    at = MONDAY_NINE + 3 * HOUR
    for n in range(2):
        make_user(team="outside-sales", name=f"Outside {n}")

    inside, outside = (
        ports.shadow(version, Question(NINE, at, at, "all", team=team))
        for team in ("inside-sales", "outside-sales")
    )
    client.force_login(make_user())
    shown = client.get(page, {"team": "outside-sales"}).text

    assert inside.n == seen(version, at).n > 0
    assert (outside.n, outside.rows) == (0, ())
    assert 'team=inside-sales"' in shown
    assert "To try a text with one team" in shown


def test_a_team_too_small_to_be_shown_apart_is_refused(client):
    version = an_observed_version()
    Department.objects.filter(key="sales").update(smallest_group=5)
    page = reverse("sla:shadow", args=[version.agreement.key, version.number])
    client.force_login(make_user())

    refused = client.get(page, {"team": "inside-sales"})

    assert refused.status_code == 409
    assert "fewer than 5 people" in refused.text
