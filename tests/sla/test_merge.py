"""Two editors of one draft: what each changed is kept; what both changed is shown."""

from copy import deepcopy

import pytest

from sla.actions import drafting
from sla.errors import DraftChanged
from tests.factories import make_user
from tests.sla.versions import HOUR, NINE, a_draft


def save(version, by, terms, seen=1, hour=1):
    return drafting.save(
        version_id=version.pk, terms=terms, by=by, at=NINE + hour * HOUR, seen_save=seen
    )


@pytest.mark.django_db
def test_the_second_editors_save_holds_both_changes_and_says_what_was_merged():
    version = a_draft()
    save(version, make_user(), version.terms | {"preamble": "Together."})

    saved = save(version, make_user(), version.terms | {"title": "Our word"}, hour=2)

    assert saved.terms == version.terms | {"preamble": "Together.", "title": "Our word"}
    assert [change.new for change in saved.merged] == ["Together."]
    assert version.saves.count() == 3


@pytest.mark.django_db
def test_a_conflict_changes_nothing_and_shows_only_what_both_changed():
    version = a_draft()
    theirs = version.terms | {"preamble": "Theirs.", "title": "Our word"}
    save(version, make_user("Fay First"), theirs)

    with pytest.raises(DraftChanged) as refused:
        save(version, make_user(), version.terms | {"preamble": "Mine."}, hour=2)

    assert "Fay First" in str(refused.value)
    assert [(c.old, c.new) for c in refused.value.changes] == [("Mine.", "Theirs.")]
    assert [c.path for c in refused.value.conflicts] == ["preamble"]
    assert version.saves.count() == 2


@pytest.mark.django_db
def test_changes_that_do_not_fit_together_are_refused_with_the_reason():
    version = a_draft()
    stages = deepcopy(version.terms["benchmarks"])
    stages[0]["to_stage"] = "using"
    save(version, make_user(), version.terms | {"benchmarks": stages})
    journey = [stage for stage in version.terms["journey"] if stage["key"] != "using"]

    with pytest.raises(DraftChanged, match="do not fit together") as refused:
        save(version, make_user(), version.terms | {"journey": journey}, hour=2)

    assert "using" in str(refused.value)
    assert version.saves.count() == 2


@pytest.mark.django_db
def test_who_wants_no_merging_is_refused_whenever_somebody_saved_in_between():
    version = a_draft()
    save(version, make_user(), version.terms | {"preamble": "Together."})

    with pytest.raises(DraftChanged) as refused:
        drafting.save(
            version_id=version.pk, terms=version.terms | {"title": "Our word"},
            by=make_user(), at=NINE + 2 * HOUR, seen_save=1, merging=False,
        )  # fmt: skip

    assert any(change.new == "Together." for change in refused.value.changes)


@pytest.mark.django_db
def test_a_text_that_nobody_knows_the_beginning_of_is_not_merged():
    version = a_draft()

    with pytest.raises(DraftChanged):
        save(version, make_user(), version.terms | {"title": "Our word"}, seen=99)
