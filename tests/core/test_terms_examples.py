"""The examples in the docstrings are true."""

import doctest
from importlib import import_module

import pytest

MODULES = ("sla.core.criteria.sentences", "sla.core.terms.checks", "sla.core.terms.schema")


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_the_module_run(name):
    result = doctest.testmod(import_module(name))

    assert result.attempted > 0
    assert result.failed == 0
