"""A prepared question gives what the question itself gives, for other values each time."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.accounts.models import Team, User
from portal.bulk.prepared import Prepared
from portal.ledger.models import LedgerEntry
from tests.factories import MONDAY_NINE, make_team, make_user

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def people_of(team_id):
    people = User.objects.filter(team=team_id, is_active=True).select_related("team")
    return people.defer("password").order_by("pk")


def test_it_lists_the_rows_of_each_value_with_what_belongs_to_them():
    first, second = make_team("first"), make_team("second")
    wanted = {team.pk: [make_user(team=team), make_user(team=team)] for team in (first, second)}
    asked = Prepared(people_of, int)

    for team in (first, second, first):
        found = asked(team.pk)

        assert found == wanted[team.pk] == list(people_of(team.pk))
        with CaptureQueriesContext(connection) as more:
            assert {person.team.name for person in found} == {team.name}
            assert {person.is_active for person in found} == {True}
        assert len(more) == 0
    assert asked(0) == []
    assert asked.first(0) is None


def test_it_asks_what_the_question_itself_asks():
    team = make_team("first")
    asked = Prepared(people_of, int)

    with CaptureQueriesContext(connection) as both:
        asked(team.pk)
        list(people_of(team.pk))

    prepared, plain = (one["sql"] for one in both)
    assert prepared == plain


def test_instants_and_words_go_where_they_stand_and_several_values_do_not_mix():
    make_user()
    teams = [make_team(key) for key in ("a", "b")]
    for team in teams:
        for hours in (0, 2):
            team.archived_at = MONDAY_NINE + hours * HOUR
            team.save()
    asked = Prepared(
        lambda key, since: Team.objects.filter(key=key, archived_at__gte=since).values_list(
            "key", "archived_at"
        ),
        str,
        type(MONDAY_NINE),
    )

    assert asked("a", MONDAY_NINE + 2 * HOUR) == [("a", MONDAY_NINE + 2 * HOUR)]
    assert asked("b", MONDAY_NINE + 3 * HOUR) == []
    assert asked("b", MONDAY_NINE) == [("b", MONDAY_NINE + 2 * HOUR)]


def test_a_value_that_does_not_stand_in_the_question_is_refused():
    asked = Prepared(lambda number: LedgerEntry.objects.filter(pk=number + 1), int)

    with pytest.raises(ValueError, match="not every value"):
        asked(1)


def test_a_question_that_fetches_more_beside_its_rows_is_refused():
    asked = Prepared(lambda key: Team.objects.filter(pk=key).prefetch_related("members"), int)

    with pytest.raises(ValueError, match="nothing beside its rows"):
        asked(1)
