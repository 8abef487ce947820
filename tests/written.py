"""Rows that a test begins with, past the ORM, which writes its SQL for each anew."""

from functools import cache
from typing import Any, TypeVar

from django.db import models
from django.utils import timezone

from portal.bulk import made, single

M = TypeVar("M", bound=models.Model)


def write(model: type[M], **values: Any) -> M:
    """As `model.objects.create(**values)`; no signal is sent, so no history is kept.

    Raises TypeError for a name that the model does not have.
    """
    if strange := values.keys() - _names(model):
        raise TypeError(f"{model.__name__} has no {', '.join(sorted(strange))}")
    return single.insert(made(model, **values))


def write_remembered(model: type[M], **values: Any) -> M:
    """The same of a model that keeps its history, with the line that creating it leaves."""
    row = write(model, **values)
    past = model.history.model
    kept = {field.attname: vars(row)[field.attname] for field in past.tracked_fields}
    single.insert(made(past, **kept, history_date=timezone.now(), history_type="+"))
    return row


@cache
def _names(model: type[models.Model]) -> set[str]:
    return {
        name for field in model._meta.concrete_fields for name in (field.name, field.attname)
    }
