"""How long a function takes in all, while other code runs that calls it."""

import pkgutil
import time
from collections import Counter
from typing import Any
from unittest import mock


def watched(name: str, kind: str, spent: Counter[str]) -> Any:
    """A patch of the function or method at `name`, a path with full stops, that adds its
    seconds to `spent[kind]`."""
    real = pkgutil.resolve_name(name)

    def run(*args: Any, **kwargs: Any) -> Any:
        began = time.perf_counter()
        try:
            return real(*args, **kwargs)
        finally:
            spent[kind] += time.perf_counter() - began

    return mock.patch(name, run)
