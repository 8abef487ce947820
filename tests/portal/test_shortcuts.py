"""What is left out of how Django writes SQL; the SQL is Django's own to the letter."""

import pytest
from django.db.models import Count, F, Value
from django.db.models.functions import Lower
from django.db.models.sql.compiler import SQLCompiler

from leads.models import Assignment, Handoff, Lead, Touch
from portal.bulk import shortcuts

QUESTIONS = {
    "names": lambda: Touch.objects.order_by("occurred_at", "-pk"),
    "the order of the model": lambda: Assignment.objects.all(),
    "no order at all": lambda: Handoff.objects.order_by(),
    "names across parents": lambda: Handoff.objects.select_related(
        "lead__company", "giver"
    ).order_by("lead__company__name", "-giver__name", "pk"),
    "backwards": lambda: Touch.objects.order_by("occurred_at", "pk").reverse(),
    "by chance": lambda: Touch.objects.order_by("?"),
    "the name of what was added": lambda: Lead.objects.annotate(n=Count("touches")).order_by(
        "-n", "pk"
    ),
    "the name of what was added to a parent's": lambda: Touch.objects.annotate(
        low=Lower("lead__name")
    ).order_by("low", "lead__email"),
    "an expression": lambda: Lead.objects.order_by(F("received_at").desc(nulls_last=True)),
    "a selected expression": lambda: Lead.objects.values("name").order_by(F("name").asc()),
    "a constant and a name": lambda: Lead.objects.order_by(Value(1), "name"),
    "values": lambda: Touch.objects.values_list("kind", "lead__name").order_by("kind"),
    "distinct": lambda: Touch.objects.order_by("kind").distinct(),
    "two questions in one": lambda: (
        Lead.objects.filter(pk=1).union(Lead.objects.filter(pk=2)).order_by("name", "-pk")
    ),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_sql_is_what_django_writes_by_itself(monkeypatch, name):
    ours = written(QUESTIONS[name]())
    monkeypatch.setattr(SQLCompiler, "_order_by_pairs", shortcuts._every)

    assert ours == written(QUESTIONS[name]())


def test_a_name_asks_no_column_of_the_row_how_it_compares(monkeypatch):
    asked = []
    monkeypatch.setattr(
        "django.db.models.sql.compiler.PositionRef",
        lambda *given: asked.append(given),
    )

    written(QUESTIONS["names across parents"]())

    assert asked == []


@pytest.mark.parametrize(
    "text", ["SELECT 1", "x = %s AND y IN (%s, %s)", "n LIKE '%%s' || %s", "a %% %s", "%%%s"]
)
def test_a_text_gets_its_marks_as_django_sets_them(text):
    django, ours = shortcuts._convert(None, text), shortcuts._converted(None, text)

    assert ours == django == shortcuts._converted(None, text)


def test_named_values_are_djangos_own():
    assert shortcuts._converted(None, "x = %(x)s", param_names=["x"]) == "x = :x"


def written(question):
    """The SQL with its values, and what is read of each row."""
    compiler = question.query.clone().get_compiler("default")
    sql = compiler.as_sql()
    return sql, [(str(column), alias) for column, _, alias in compiler.select]
