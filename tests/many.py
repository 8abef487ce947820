"""How many examples a property takes that names a number of its own."""

from hypothesis import settings

FEW = 50


def examples(many: int, *, few: int = FEW) -> int:
    """`many` in the thorough lane, which asks every property again; `few` in the fast one."""
    return many if settings.get_current_profile_name() == "many" else few
