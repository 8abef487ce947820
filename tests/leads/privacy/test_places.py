"""Wherever somebody can be named, it is said what becomes of it when they are erased."""

import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from leads.actions.privacy.place import without_values
from leads.actions.privacy.places import PLACES

TEXTS = (models.CharField, models.TextField, models.JSONField, models.BinaryField,
         models.FileField)  # fmt: skip
KNOWN = {place.model: place for place in PLACES}
NOBODY = {
    model: why
    for group in tomllib.loads(
        (Path(__file__).parent / "not_personal.toml").read_text(encoding="utf-8")
    ).values()
    for model, why in group.items()
}


def texts(model):
    return {one.name for one in model._meta.concrete_fields if isinstance(one, TEXTS)}


WITH_TEXTS = sorted(model._meta.label for model in apps.get_models() if texts(model))


@pytest.mark.parametrize("label", WITH_TEXTS)
def test_each_text_of_each_model_is_erased_or_holds_nobody(label):
    if label in NOBODY:
        assert NOBODY[label]
        assert label not in KNOWN
        return
    assert label in KNOWN, "say in leads/actions/privacy/places.py what becomes of its texts"
    forgotten = texts(apps.get_model(label)) - set(KNOWN[label].covered)
    assert forgotten == set()


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.model)
def test_a_place_names_fields_that_there_are_and_each_once_or_searched_besides(place):
    own = {one.name for one in place.rows_of._meta.concrete_fields}
    lists = [*place.empties, *place.marks, *place.evidence, *place.handles, *place.stays]

    assert set(lists) | set(place.searched) <= own
    assert len(lists) == len(set(lists))


def test_what_a_list_names_is_there():
    labels = {model._meta.label for model in apps.get_models()}

    assert set(NOBODY) <= labels
    assert set(KNOWN) <= labels
    assert len(KNOWN) == len(PLACES)


def test_evidence_stays_countable_without_what_was_seen():
    seen = [{"criterion": "title", "value": "Buyer", "set_by": "ana", "met": True}]

    thin = without_values(seen)

    assert thin[0]["met"] is True
    assert thin[0]["criterion"] == "title"
    assert "Buyer" not in str(thin)
    assert "ana" not in str(thin)
