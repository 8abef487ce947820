"""A stage that was called otherwise is the same stage: figures count it under all its keys."""

from sla.core.terms import Terms


def keys_of(terms: Terms | None, stage: str) -> tuple[str, ...]:
    """The key of a stage, and those that it replaces in these terms."""
    journey = terms.journey if terms is not None else ()
    return stage, *(old for one in journey if one.key == stage for old in one.replaces)


def names_now(terms: Terms | None) -> dict[str, str]:
    """By each key that a stage of these terms replaces, the key that it has now."""
    journey = terms.journey if terms is not None else ()
    return {old: one.key for one in journey for old in one.replaces}
