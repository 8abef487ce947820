"""The ledger: what happened, in one hash chain that nobody can quietly rewrite.

An action that is `@recorded` calls `ledger.append(...)`; everything else here reads.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from portal.ledger.kinds import Kind
from portal.ledger.recording import (
    Draft,
    append,
    append_many,
    draft,
    hosting,
    recorded,
    recording,
    savepoint,
    step,
)

if TYPE_CHECKING:
    from portal.ledger.genesis import is_simulated, open_ledger
    from portal.ledger.heads import publish_head
    from portal.ledger.reading import entries_about, forget, matches, opening, tip

__all__ = [
    "Draft",
    "Kind",
    "append",
    "append_many",
    "draft",
    "entries_about",
    "forget",
    "hosting",
    "is_simulated",
    "matches",
    "open_ledger",
    "opening",
    "publish_head",
    "recorded",
    "recording",
    "savepoint",
    "step",
    "tip",
]

# These need the models, and Django imports this package before it has any.
_LATER = {
    "entries_about": "portal.ledger.reading",
    "forget": "portal.ledger.reading",
    "is_simulated": "portal.ledger.genesis",
    "matches": "portal.ledger.reading",
    "open_ledger": "portal.ledger.genesis",
    "opening": "portal.ledger.reading",
    "publish_head": "portal.ledger.heads",
    "tip": "portal.ledger.reading",
}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_LATER[name]), name)
