"""Rows written as plain values are what the ORM reads back; constraints hold as ever."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from portal import bulk
from portal.notifications.models import Delivery
from tests.factories import MONDAY_NINE, make_user

pytestmark = pytest.mark.django_db
COLUMNS = (
    "key", "about", "recipient_id", "channel", "endpoint_id", "digest", "level", "title",
    "text", "link", "state", "created_at", "next_at", "attempts", "sent_at", "last_error",
)  # fmt: skip
MOMENT = timedelta(microseconds=1)


def row(about, person, **changed):
    values = {
        "key": uuid4(), "about": about, "recipient_id": person.pk, "channel": "mail",
        "endpoint_id": None, "digest": "", "level": "late", "title": 'Says "ö", \\, 100 %',
        "text": "One line.\nAnother.\tWith a tab.", "link": "/leads/1/", "state": "pending",
        "created_at": MONDAY_NINE, "next_at": MONDAY_NINE + MOMENT, "attempts": 0,
        "sent_at": None, "last_error": "",
    }  # fmt: skip
    return tuple((values | changed)[name] for name in COLUMNS)


@pytest.mark.parametrize("write", [bulk.insert, bulk.append])
def test_what_was_written_is_read_back_to_the_microsecond_and_the_character(write):
    person = make_user()
    given = [row(f"x:{number}", person) for number in range(3)]

    write(Delivery, COLUMNS, given)

    assert list(Delivery.objects.order_by("about").values_list(*COLUMNS)) == given


def test_of_rows_that_are_there_already_only_the_new_ones_are_written_and_returned():
    person = make_user()
    bulk.insert(Delivery, COLUMNS, [row("x:1", person)])

    again = [row(f"x:{number}", person, title="Again") for number in range(1, 200)]
    new = bulk.insert(Delivery, COLUMNS, again, returning=("about", "recipient_id"))

    assert sorted(new) == sorted((f"x:{number}", person.pk) for number in range(2, 200))
    assert Delivery.objects.exclude(title="Again").get().about == "x:1"


def test_to_append_a_row_that_is_there_is_refused():
    person = make_user()
    bulk.append(Delivery, COLUMNS, [row("x:1", person)])

    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.append(Delivery, COLUMNS, [row("x:1", person)])


def test_each_row_gets_its_own_new_values_and_others_stay():
    person = make_user()
    bulk.insert(Delivery, COLUMNS, [row(f"x:{number}", person) for number in range(3)])
    first, second, third = Delivery.objects.order_by("about")

    later = MONDAY_NINE + timedelta(days=1)
    new = [("dead", None, first.pk), ("sent", later, second.pk)]
    bulk.update(Delivery, ("state", "next_at"), new)

    states = Delivery.objects.order_by("about").values_list("state", "next_at")
    assert list(states) == [("dead", None), ("sent", later), ("pending", third.next_at)]


def test_nothing_to_write_asks_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        bulk.append(Delivery, COLUMNS, [])
        bulk.update(Delivery, ("state",), [])
        assert bulk.insert(Delivery, COLUMNS, [], returning=("id",)) == []


def test_a_row_made_past_the_orm_is_the_row_that_the_orm_makes():
    person = make_user()
    said = {"about": "x:1", "recipient": person, "channel": "mail", "created_at": MONDAY_NINE}

    quick, slow = bulk.made(Delivery, **said), Delivery(**said)

    anew = ("key", "_state")
    assert _without(anew, quick) == _without(anew, slow)
    assert quick.key != bulk.made(Delivery, **said).key
    assert (quick.recipient, quick._state.adding) == (person, True)
    quick.save()
    assert Delivery.objects.get(about="x:1").recipient == person


def _without(names, row):
    return {name: value for name, value in vars(row).items() if name not in names}


def test_the_rows_of_many_values_are_found_by_one_question(django_assert_num_queries):
    person = make_user()
    bulk.insert(Delivery, COLUMNS, [row(f"x:{number}", person) for number in range(6)])
    wanted = ["x:1", "x:4", "x:4", 'it\'s\n"not" there']

    with django_assert_num_queries(1):
        found = bulk.among(Delivery, "about", wanted, told=["about", "level"], level="late")

    assert sorted(found) == [("x:1", "late"), ("x:4", "late")]
    assert bulk.among(Delivery, "about", wanted, told=["about"], level="other") == []
    assert bulk.among(Delivery, "about", [], told=["about"]) == []


def test_a_statement_is_run_for_the_rows_of_many_values():
    person = make_user()
    bulk.insert(Delivery, COLUMNS, [row(f"x:{number}", person) for number in range(3)])

    set_aside = f"UPDATE {Delivery._meta.db_table} SET level = %s WHERE about"
    bulk.run_among(set_aside, ["warning"], ["x:0", "x:2"])

    told = Delivery.objects.order_by("about").values_list("about", "level")
    assert list(told) == [("x:0", "warning"), ("x:1", "late"), ("x:2", "warning")]
