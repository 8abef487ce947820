"""New rows in memory, many thousand of them, at a quarter of what the ORM takes for each."""

from functools import cache
from typing import Any, TypeVar

from django.db import models
from django.db.models.base import ModelState

M = TypeVar("M", bound=models.Model)


def made(model: type[M], **values: Any) -> M:
    """As `model(**values)`: defaults filled in, parents known by name or by their key.

    For bulk writers, who name what is there: a name that the model does not have is not
    noticed, no signal is sent, and a parent must have its key already.
    """
    blank = _blank(model)
    row = model.__new__(model)
    row._state = ModelState()
    own, parents = row.__dict__, row._state.fields_cache
    own.update(blank.fixed)
    for name, fresh in blank.fresh:
        if name not in values:
            own[name] = fresh()
    own.update(values)
    for name, attname, key in blank.parents:
        if name in values:
            parents[name] = value = own.pop(name)
            own[attname] = None if value is None else getattr(value, key)
    return row


class _Blank:
    """What a new row of a model holds before anything is said of it."""

    def __init__(self, model: type[models.Model]) -> None:
        fields = model._meta.concrete_fields
        made_anew = [f for f in fields if f.has_default() and callable(f.default)]
        self.fixed = {f.attname: f.get_default() for f in fields if f not in made_anew}
        self.fresh = [(field.attname, field.get_default) for field in made_anew]
        self.parents = [
            (field.name, field.attname, field.target_field.attname)
            for field in fields
            if isinstance(field, models.ForeignKey)
        ]


@cache
def _blank(model: type[models.Model]) -> _Blank:
    return _Blank(model)
