"""What the doctor says of one thing, ten minutes after a Monday began."""

from datetime import timedelta

from portal.operations.doctor import CHECKS, Level
from tests.factories import MONDAY_NINE

AT = MONDAY_NINE + timedelta(minutes=10)


def asked(name, at=AT):
    return CHECKS[name](at)


def is_wrong(name, words):
    found = asked(name)
    return found.level is Level.WRONG and words in found.said and found.todo != ""


def warns(name, words):
    found = asked(name)
    return found.level is Level.WARNING and words in found.said and found.todo != ""
