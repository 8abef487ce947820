"""Criteria as a database query: the same answer on every lead as `sla.core.criteria`.

Each leaf becomes a condition that is true or false and never unknown, so that `not` means
the same in SQL as in Python. A value of another type than its field's is missing.
"""

from datetime import datetime
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Case, Count, Exists, F, Func, OuterRef, Q, Subquery, Value, When
from django.db.models.expressions import Expression
from django.db.models.functions import Coalesce, NullIf
from django.db.models.lookups import (
    Exact,
    GreaterThanOrEqual,
    In,
    IsNull,
    LessThanOrEqual,
    Lookup,
    Range,
    Regex,
)
from django.db.models.sql.compiler import SQLCompiler

from leads.models.attestation import Attestation
from leads.models.touch import Touch
from sla.core.criteria import AllOf, AnyOf, Attested, FieldIs, Node, Not, TouchedWithin

# Dates that a calendar has, leap days included; the year 0 is none.
_YEAR = "([1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])"
_DAY = "((0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31)"
_FOURTH = "(0[48]|[2468][048]|[13579][26])"
_A_DATE = f"^({_YEAR}-{_DAY}|([0-9]{{2}}{_FOURTH}|{_FOURTH}00)-02-29)$"


def condition(node: Node, at: datetime) -> Q:
    """The leads that meet `node` as of `at`, for `Lead.objects.filter`."""
    if isinstance(node, AllOf):
        return reduce(and_, (condition(part, at) for part in node.parts))
    if isinstance(node, AnyOf):
        return reduce(or_, (condition(part, at) for part in node.parts))
    if isinstance(node, Not):
        return ~condition(node.part, at)
    if isinstance(node, FieldIs):
        return _field(node)
    if isinstance(node, TouchedWithin):
        return _touched(node, at)
    return _attested(node, at)


class _Attribute(Func):
    """A value of `lead.attributes` under a key, in the type that was asked for, else NULL.

    Texts that are empty are NULL too. Booleans come as 1 and 0.
    """

    # The value is asked for only where its JSON type is right: a cast never fails.
    sqlite = {
        "text": "CASE JSON_TYPE({c}, {p}) WHEN 'text'"
        " THEN NULLIF(JSON_EXTRACT({c}, {p}), '') END",
        "integer": "CASE JSON_TYPE({c}, {p}) WHEN 'integer' THEN JSON_EXTRACT({c}, {p}) END",
        "boolean": "CASE JSON_TYPE({c}, {p}) WHEN 'true' THEN 1 WHEN 'false' THEN 0 END",
    }
    postgresql = {
        "text": "CASE jsonb_typeof({c} -> {p}) WHEN 'string' THEN NULLIF({c} ->> {p}, '') END",
        "integer": "CASE WHEN jsonb_typeof({c} -> {p}) = 'number' AND {c} ->> {p}"
        " ~ '^-?[0-9]{{1,18}}$' THEN ({c} ->> {p})::bigint END",
        "boolean": "CASE {c} -> {p} WHEN 'true'::jsonb THEN 1 WHEN 'false'::jsonb THEN 0 END",
    }
    fields: dict[str, type[models.Field[Any, Any]]] = {
        "text": models.TextField,
        "integer": models.BigIntegerField,
        "boolean": models.IntegerField,
    }

    def __init__(self, key: str, kind: str) -> None:
        self.key, self.kind = key, kind
        super().__init__("attributes", output_field=self.fields[kind]())

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        return self._sql(compiler, self.sqlite[self.kind], f'$."{self.key}"')

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        return self._sql(compiler, self.postgresql[self.kind], self.key)

    def _sql(
        self, compiler: SQLCompiler, form: str, path: str
    ) -> tuple[str, tuple[str | int, ...]]:
        column, _ = compiler.compile(self.source_expressions[0])
        placed = form.format(c=column, p="%s")
        return placed, (path,) * placed.count("%s")


def _field(node: FieldIs) -> Q:
    """A leaf on a field: its value is an expression that is NULL when missing."""
    value = _value(node)
    if node.op == "missing":
        return Q(IsNull(value, True))
    if node.op == "present":
        return Q(IsNull(value, False))
    return _surely(_comparison(node, value))


def _value(node: FieldIs) -> Expression | F:
    owner, _, name = node.field.partition(".")
    if owner == "attributes":
        return _attribute(name, node.type)
    path = F(name if owner == "lead" else f"company__{name}")
    return NullIf(path, Value("")) if node.type == "text" else path


def _attribute(key: str, kind: str) -> Expression:
    if kind != "date":
        return _Attribute(key, kind)
    text = _Attribute(key, "text")
    return Case(When(Regex(text, _A_DATE), then=text), default=None)


def _comparison(node: FieldIs, value: Expression | F) -> Lookup[Any] | Q:
    wanted: Any = node.value
    if node.op in ("is", "is_not"):
        exactly = Exact(value, wanted)
        return exactly if node.op == "is" else Q(IsNull(value, False)) & ~Q(exactly)
    if node.op in ("in", "not_in"):
        among = In(value, list(wanted))
        return among if node.op == "in" else Q(IsNull(value, False)) & ~Q(among)
    if node.op == "between":
        return Range(value, tuple(wanted))
    return (GreaterThanOrEqual if node.op == "at_least" else LessThanOrEqual)(value, wanted)


def _surely(comparison: Lookup[Any] | Q) -> Q:
    """`comparison` with unknown made false."""
    met = When(comparison, then=Value(True))
    return Q(Case(met, default=Value(False), output_field=models.BooleanField()))


def _touched(node: TouchedWithin, at: datetime) -> Q:
    touches = Touch.objects.filter(
        lead=OuterRef("pk"), kind__in=node.kinds, undone_at=None, occurred_at__lte=at
    ).order_by()
    if node.window is not None:
        touches = touches.filter(occurred_at__gte=at - node.window)
    if node.department is not None:
        touches = touches.filter(department=node.department)
    if node.direction is not None:
        touches = touches.filter(direction=node.direction)
    if node.count == 1:
        return Q(Exists(touches))
    counted = touches.values("lead").annotate(n=Count("pk")).values("n")
    return Q(GreaterThanOrEqual(Coalesce(Subquery(counted), 0), node.count))


def _attested(node: Attested, at: datetime) -> Q:
    return Q(
        Exists(
            Attestation.objects.filter(
                lead=OuterRef("pk"), fact=node.fact, withdrawn_at=None, at__lte=at
            )
        )
    )
