"""Drafts: both departments and operations write them; each save keeps author and instant."""

import re

import pytest
from django.core.exceptions import ValidationError

from portal.accounts.models import Role
from portal.ledger.models import LedgerEntry
from sla import urls
from sla.actions import drafting, review
from sla.errors import DraftChanged, KeyReserved, MayNot, NotInThisState, TermsInvalid
from sla.models import Agreement, Version
from sla.models.agreement import RESERVED
from tests.factories import make_operations, make_terms, make_user
from tests.sla.versions import (
    DAY,
    EDITED,
    HOUR,
    NINE,
    a_draft,
    a_proposal,
    an_agreement,
    edited,
)

pytestmark = pytest.mark.django_db


def save(version, *, by, at=NINE + HOUR, seen=1, terms=None):
    return drafting.save(
        version_id=version.pk, terms=terms or edited(version), by=by, at=at, seen_save=seen
    )


def auditor():
    return make_user(team=None, role=Role.AUDITOR)


def administrator():
    return make_user(team=None, role=Role.ADMIN, is_staff=True)


def test_a_draft_is_the_next_version_and_its_first_save_is_the_authors():
    first, second = a_draft(), a_draft()

    assert (first.number, second.number) == (1, 2)
    assert first.state == Version.State.DRAFT
    assert [(s.number, s.author, s.saved_at) for s in first.saves.all()] == [
        (1, first.created_by, NINE)
    ]


@pytest.mark.parametrize(
    "person",
    [lambda: make_user(team="demand-generation"), lambda: make_user(), make_operations],
    ids=["marketing", "sales", "operations"],
)
def test_both_departments_and_operations_save_a_draft(person):
    version, by = a_draft(), person()

    saved = save(version, by=by)

    assert saved.terms["preamble"] == EDITED
    latest = saved.saves.first()
    assert (latest.number, latest.author, latest.saved_at) == (2, by, NINE + HOUR)
    assert latest.terms == saved.terms


@pytest.mark.parametrize("person", [auditor, administrator], ids=["auditor", "admin"])
def test_an_auditor_and_an_administrator_write_no_draft(person):
    version, by = a_draft(), person()

    with pytest.raises(MayNot):
        save(version, by=by)
    with pytest.raises(MayNot):
        drafting.draft(agreement_id=an_agreement().pk, terms=make_terms(), by=by, at=NINE)
    assert Version.objects.get().saves.count() == 1


def test_somebody_who_left_writes_no_draft():
    version = a_draft()

    with pytest.raises(MayNot):
        save(version, by=make_user(is_active=False))


def test_the_second_of_two_editors_is_shown_the_difference_and_overwrites_nothing():
    version = a_draft()
    first, second = make_user("Fay First"), make_user()
    save(version, by=first)

    with pytest.raises(DraftChanged) as refused:
        save(version, by=second, at=NINE + 2 * HOUR, terms=version.terms | {"preamble": "Mine"})

    assert "Fay First saved this draft at 09:00 UTC" in str(refused.value)
    assert any(EDITED in change.new for change in refused.value.changes)
    version.refresh_from_db()
    assert version.terms["preamble"] == EDITED
    assert version.saves.count() == 2


def test_saving_what_is_there_already_makes_no_save():
    version = a_draft()

    save(version, by=version.created_by, terms=version.terms)

    assert version.saves.count() == 1


def test_terms_that_do_not_fit_the_schema_are_refused_with_their_path():
    version = a_draft()
    broken = version.terms | {"title": 7}

    with pytest.raises(TermsInvalid) as refused:
        save(version, by=version.created_by, terms=broken)

    assert "title" in str(refused.value)
    assert version.saves.count() == 1


def test_a_proposed_version_is_not_edited():
    version = a_proposal()

    with pytest.raises(NotInThisState, match="proposed"):
        save(version, by=version.created_by, seen=2)


def test_each_save_is_in_the_ledger_with_its_fingerprint():
    version = a_draft()
    save(version, by=version.created_by)

    kinds = LedgerEntry.objects.about(("version", version.pk)).values_list("kind", flat=True)

    assert list(kinds) == ["version_drafted", "version_saved"]


def test_an_agreement_is_opened_by_who_may_draft_and_says_so_in_the_ledger():
    made = drafting.create_agreement(
        key="partners", name="Partner leads", by=make_operations(), at=NINE
    )

    assert Agreement.objects.get() == made
    assert LedgerEntry.objects.about(("agreement", made.pk)).get().kind == "configured"
    with pytest.raises(MayNot):
        drafting.create_agreement(key="x", name="X", by=auditor(), at=NINE)


def test_two_saves_of_a_draft_stay_readable_after_it_was_revised():
    version = a_proposal()

    review.revise(version_id=version.pk, by=version.created_by, at=NINE + DAY)
    save(version, by=version.created_by, at=NINE + DAY + HOUR, seen=2)

    assert [(s.revision, s.number) for s in version.saves.all()] == [(2, 3), (1, 2), (1, 1)]


def test_the_words_of_addresses_beside_the_agreements_are_reserved():
    firsts = {str(one.pattern).partition("/")[0] for one in urls.urlpatterns}
    words = {one for one in firsts if one and re.fullmatch(r"[-a-zA-Z0-9_]+", one)}

    assert words <= RESERVED
    assert {"in-force", "which", "order", "scope"} <= RESERVED


@pytest.mark.parametrize("key", [*sorted(RESERVED), "All", "NEW"])
def test_no_agreement_has_the_address_of_a_page_for_its_key(client, key):
    with pytest.raises(KeyReserved, match="Choose another"):
        drafting.create_agreement(key=key, name="X", by=make_operations(), at=NINE)
    with pytest.raises(KeyReserved):
        drafting.start_agreement(
            key=key, name="X", terms=make_terms(), by=make_operations(), at=NINE
        )
    client.force_login(make_user(team=None, role="admin", is_staff=True))
    by_admin = {"name": "X", "key": key, "position": "0", "scope": "null"}
    answer = client.post("/admin/sla/agreement/add/", by_admin)

    assert "is an address of the portal" in answer.text
    assert not Agreement.objects.exists()


def test_the_admin_says_which_key_is_reserved():
    with pytest.raises(ValidationError, match="address of the portal"):
        Agreement(key="which", name="X").full_clean()
