"""Rows that all tests of a file begin with, made once."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction


@contextmanager
def kept(blocker: Any) -> Iterator[None]:
    """What is written inside stays until the end; what a test writes after it is taken back.

    For a fixture of a module that asks for `django_db_setup` and `django_db_blocker`. Every
    test of its file sees these rows, so none of them may want an empty database.
    """
    with blocker.unblock():
        whole = transaction.atomic()
        whole._from_testcase = True
        whole.__enter__()
        try:
            yield
        finally:
            transaction.set_rollback(True)
            whole.__exit__(None, None, None)


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside is rolled back, as after a test: durable blocks are let through."""
    block = transaction.atomic()
    block._from_testcase = True
    with block:
        yield
        transaction.set_rollback(True)
